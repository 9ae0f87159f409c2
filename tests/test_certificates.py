"""The site's own authority: made once, for private networks, and the certificate that it gives."""

import ipaddress
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from pages.certificates import Paper, authority_of, papers, vouchable

TODAY = datetime(2026, 9, 20, 8, tzinfo=UTC)
LAPTOP = ("192.168.1.20", "lop-truong", "lop-truong.local")


@pytest.fixture
def own(tmp_path: Path) -> Paper:
    return papers(tmp_path, LAPTOP, at=TODAY)


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def verify(folder: Path, name: str, at: datetime = TODAY) -> None:
    """As a phone does that trusts the authority. Raises VerificationError."""
    subject: x509.GeneralName = x509.DNSName(name)
    if name.replace(".", "").isdigit():
        subject = x509.IPAddress(ipaddress.ip_address(name))
    store = Store([read(authority_of(folder).certificate)])
    verifier = PolicyBuilder().store(store).time(at).build_server_verifier(subject)
    verifier.verify(read(folder / "keys/https/server.crt"), [])


def test_openssl_finds_the_chain_right_for_each_name(own: Paper, tmp_path: Path) -> None:
    authority = str(authority_of(tmp_path).certificate)
    when = str(int(TODAY.timestamp()))
    asked = [("-verify_ip", "192.168.1.20"), ("-verify_ip", "127.0.0.1"),
             ("-verify_hostname", "lop-truong.local"),
             ("-verify_hostname", "localhost")]  # fmt: skip
    for names in asked:
        command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", when,
                   "-CAfile", authority, *names, str(own.certificate)]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        assert said.stdout == f"{own.certificate}: OK\n", said.stderr


def test_it_is_what_phones_take(own: Paper, tmp_path: Path) -> None:
    server, authority = read(own.certificate), read(authority_of(tmp_path).certificate)
    for each in (server, authority):
        key = each.public_key()
        assert isinstance(key, EllipticCurvePublicKey)
        assert (type(key.curve), each.signature_hash_algorithm.name) == (SECP256R1, "sha256")  # type: ignore[union-attr]
        purpose = each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(purpose) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert server.not_valid_after_utc - server.not_valid_before_utc == timedelta(days=397)
    assert authority.not_valid_after_utc > TODAY + timedelta(days=3600)


def test_keys_are_their_owner_s_alone(own: Paper, tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "https"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    names = ("authority.crt", "authority.key", "server.crt", "server.key")
    assert modes == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_another_start_changes_nothing(own: Paper, tmp_path: Path) -> None:
    before = own.certificate.read_bytes(), own.key.read_bytes()
    papers(tmp_path, LAPTOP[:1], at=TODAY + timedelta(days=300))
    assert (own.certificate.read_bytes(), own.key.read_bytes()) == before


def test_a_new_address_and_a_near_end_renew_it_and_phones_still_trust_it(
    own: Paper, tmp_path: Path
) -> None:
    authority = authority_of(tmp_path).certificate.read_bytes()
    papers(tmp_path, ["10.0.0.7"], at=TODAY)
    verify(tmp_path, "10.0.0.7")
    later = TODAY + timedelta(days=350)
    first = own.certificate.read_bytes()
    papers(tmp_path, ["10.0.0.7"], at=later)
    assert own.certificate.read_bytes() != first
    verify(tmp_path, "10.0.0.7", later + timedelta(days=300))
    assert authority_of(tmp_path).certificate.read_bytes() == authority


@pytest.mark.parametrize("lost", ["server.key", "server.crt", "authority.key"])
def test_what_is_lost_or_torn_is_made_anew(lost: str, own: Paper, tmp_path: Path) -> None:
    (tmp_path / "keys" / "https" / lost).write_text("-----BEGIN")
    papers(tmp_path, LAPTOP, at=TODAY)
    verify(tmp_path, "192.168.1.20")


def test_it_vouches_for_no_other_site(own: Paper, tmp_path: Path) -> None:
    authority = authority_of(tmp_path)
    asked = ["8.8.8.8", "vidu.vn", "notlocal", "quay-2.local", "10.1.2.3", "172.32.0.1", "invalid"]
    assert vouchable(authority, asked) == ["quay-2.local", "10.1.2.3"]
    with pytest.raises(VerificationError):
        verify(tmp_path, "vidu.vn")


MAIL = x509.RFC822Name("giam-doc@vidu.vn")
PAGE = x509.UniformResourceIdentifier("https://vidu.vn/")
FORGED: dict[str, tuple[list[x509.GeneralName], x509.ObjectIdentifier, str]] = {
    "mail": ([MAIL], ExtendedKeyUsageOID.EMAIL_PROTECTION, "smimesign"),
    "signing in": ([], ExtendedKeyUsageOID.CLIENT_AUTH, "sslclient"),
    "mail of a website": ([MAIL], ExtendedKeyUsageOID.SERVER_AUTH, "sslserver"),
    "a URI": ([PAGE], ExtendedKeyUsageOID.SERVER_AUTH, "sslserver"),
}


@pytest.mark.parametrize("case", FORGED)
def test_whoever_steals_it_can_pose_as_nobody_else(case: str, own: Paper, tmp_path: Path) -> None:
    names, use, purpose = FORGED[case]
    authority = authority_of(tmp_path)
    forged = tmp_path / "forged.crt"
    forged.write_bytes(forge(authority, names, use).public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-purpose", purpose, "-attime", str(int(TODAY.timestamp())),
               "-CAfile", str(authority.certificate), str(forged)]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, "verification failed" in said.stderr) == (2, True), said.stdout


def forge(
    authority: Paper, names: list[x509.GeneralName], use: x509.ObjectIdentifier
) -> x509.Certificate:
    """What a thief of the key could sign."""
    key = load_pem_private_key(authority.key.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Giám đốc")])
    issuer, number = read(authority.certificate).subject, x509.random_serial_number()
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), number)
    made = made.not_valid_before(TODAY).not_valid_after(TODAY + timedelta(days=9))
    made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    if names:
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(key, SHA256())


def test_an_address_that_is_not_private_is_taken_on_the_first_day_alone(tmp_path: Path) -> None:
    papers(tmp_path, ["203.0.113.9"], at=TODAY)
    verify(tmp_path, "203.0.113.9")
    papers(tmp_path, ["203.0.113.10", "192.168.0.2"], at=TODAY)
    verify(tmp_path, "192.168.0.2")
    with pytest.raises(VerificationError):
        verify(tmp_path, "203.0.113.10")
