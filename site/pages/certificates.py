"""HTTPS in the venue's network: an authority made for this site, and the certificate it gives.

Phones trust the authority once; the certificate of this computer may then change as its addresses
do. The authority can vouch for private networks alone: whoever steals it cannot pose as a bank.
"""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = "keys/https"
"""Below the data folder, and so in every backup: phones trust a restored site as before."""

AUTHORITY_LIFE = timedelta(days=3652)
LIFE = timedelta(days=397)
"""Of this computer's certificate. iPhones take up to 825 days of an authority that was added."""
RENEWED = timedelta(days=60)
"""Before its end."""
EARLIER = timedelta(days=2)
"""How much earlier a certificate begins: a phone's clock may be behind."""

PRIVATE = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)
LOCAL_NAMES = ("localhost", "local")
NOBODY = "invalid"
"""RFC 6761: a name that nobody has. E-mail addresses and URIs can be vouched for at it alone."""
FOR_WEBSITES = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
"""Of an authority: nothing that it signs is good for mail, programs or signing in."""
ALWAYS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Paper:
    """A certificate and its key, as files in PEM."""

    certificate: Path
    key: Path


def authority_of(data_dir: Path) -> Paper:
    """Where the authority is kept, made or not."""
    folder = data_dir / FOLDER
    return Paper(folder / "authority.crt", folder / "authority.key")


def papers(data_dir: Path, names: Sequence[str], *, at: datetime) -> Paper:
    """What the server shows for these names and addresses: made, or renewed where it must be."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    authority = authority_of(data_dir)
    if not _holds_until(authority, at + LIFE):
        _make_authority(authority, names, at)
    vouched = vouchable(authority, [*ALWAYS, *names])
    own = Paper(folder / "server.crt", folder / "server.key")
    if not (_holds_until(own, at + RENEWED) and _fits(own, authority, vouched)):
        _make_own(own, authority, vouched, at)
    return own


def vouchable(authority: Paper, names: Iterable[str]) -> list[str]:
    """Those of the names and addresses that the authority may vouch for, each once."""
    limits = _read(authority).extensions.get_extension_for_class(x509.NameConstraints)
    kinds = x509.DNSName, x509.IPAddress
    permitted = [n.value for n in limits.value.permitted_subtrees or () if isinstance(n, kinds)]
    return [name for name in dict.fromkeys(names) if _within(name, permitted)]


def _within(name: str, permitted: Sequence[object]) -> bool:
    address = _address(name)
    if address is not None:
        return any(not isinstance(p, str) and address in p for p in permitted)  # type: ignore[operator]
    return any(isinstance(p, str) and f".{name}".endswith(f".{p}") for p in permitted)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _holds_until(paper: Paper, moment: datetime) -> bool:
    """Whether both files are there, belong together and are good until then."""
    try:
        found, key = _read(paper), _read_key(paper)
    except (OSError, ValueError, TypeError):
        return False
    return found.public_key() == key.public_key() and found.not_valid_after_utc >= moment


def _fits(own: Paper, authority: Paper, names: Sequence[str]) -> bool:
    """Whether it is of this authority and holds every name."""
    found = _read(own)
    try:
        found.verify_directly_issued_by(_read(authority))
    except (ValueError, TypeError, InvalidSignature):
        return False
    held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(held) >= set(map(_general, names))


def _general(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _make_authority(paper: Paper, names: Sequence[str], at: datetime) -> None:
    """For private networks, and for what this computer is called or has as an address today."""
    key = new_key(SECP256R1())
    dns = [x509.DNSName(name) for name in _apart(names) if _address(name) is None]
    nets = [ipaddress.ip_network(n) for n in (*PRIVATE, *filter(_address, _apart(names)))]
    nobody = x509.RFC822Name(NOBODY), x509.UniformResourceIdentifier(NOBODY)
    limits = x509.NameConstraints([*dns, *map(x509.IPAddress, nets), *nobody], None)
    title = f"Ghi Danh {at:%Y-%m-%d %H:%M}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    made = (
        _begun(subject, subject, key, at, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(FOR_WEBSITES, critical=False)
        .add_extension(limits, critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep(paper, made, key)


def _apart(names: Sequence[str]) -> list[str]:
    """Those not in private networks anyway."""
    private = [ipaddress.ip_network(each) for each in PRIVATE]
    everything = dict.fromkeys([*LOCAL_NAMES, *names])
    held = (
        (address := _address(name)) is not None and any(address in each for each in private)
        for name in everything
    )
    return [name for name, inside in zip(everything, held, strict=True) if not inside]


def _make_own(paper: Paper, authority: Paper, names: Sequence[str], at: datetime) -> None:
    key, issuer = new_key(SECP256R1()), _read(authority)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ghi Danh")])
    identity = x509.AuthorityKeyIdentifier.from_issuer_public_key(_read_key(authority).public_key())
    made = (
        _begun(subject, issuer.subject, key, at, LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(FOR_WEBSITES, critical=False)
        .add_extension(x509.SubjectAlternativeName(map(_general, names)), critical=False)
        .add_extension(identity, critical=False)
        .sign(_read_key(authority), hashes.SHA256())
    )
    _keep(paper, made, key)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    at: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    number = x509.random_serial_number()
    begun = x509.CertificateBuilder(issuer, subject, key.public_key(), number)
    begun = begun.not_valid_before(at - EARLIER).not_valid_after(at - EARLIER + life)
    return begun.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _keep(paper: Paper, made: x509.Certificate, key: EllipticCurvePrivateKey) -> None:
    """The key first: a certificate without its key is made anew."""
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for path, text in ((paper.key, secret), (paper.certificate, made.public_bytes(Encoding.PEM))):
        draft = path.with_name(f"{path.name}.part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text)
        draft.replace(path)


def _read(paper: Paper) -> x509.Certificate:
    return x509.load_pem_x509_certificate(paper.certificate.read_bytes())


def _read_key(paper: Paper) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(paper.key.read_bytes(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("not a key that was made here")
    return key
