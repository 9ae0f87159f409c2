"""The site's own secrets: made at the first start, kept in the data folder, readable by their owner
alone.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)


@dataclass(frozen=True)
class Keys:
    """`cookies` signs staff sessions, `links` the attendees' own pages, `badges` the QR codes."""

    cookies: bytes
    links: bytes
    badges: Ed25519PrivateKey


def load_keys(folder: Path) -> Keys:
    """Read the keys of `folder`, making those that are missing."""
    seed = _secret(folder / "keys" / "badges")
    return Keys(
        cookies=_secret(folder / "keys" / "cookies"),
        links=_secret(folder / "keys" / "links"),
        badges=Ed25519PrivateKey.from_private_bytes(seed),
    )


def _secret(path: Path) -> bytes:
    """32 bytes kept in a file. Of two processes that make it at once, one wins and both read the
    same.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        _settle(draft, path)
    return path.read_bytes()


def _settle(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def seed_of(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes behind a signing key."""
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def tag(key: bytes, *parts: object) -> bytes:
    """16 bytes (128 bits) that only the holder of `key` can make for these parts."""
    message = "\0".join(str(part) for part in parts).encode()
    return hmac.new(key, message, hashlib.sha256).digest()[:16]
