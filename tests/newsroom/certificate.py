"""A certificate of our own making, for the newspaper over TLS."""

import base64
import hashlib
import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1 and localhost, and its key, both as PEM."""

    certificate: bytes
    key: bytes
    spki: str

    @classmethod
    def made(cls) -> "Certificate":
        """Returns a fresh one, good for a day."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The Valley Courier")])
        names = x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
        )
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(names, critical=False)
            .sign(key, hashes.SHA256())
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        spki = base64.b64encode(hashlib.sha256(public).digest()).decode()
        return cls(certificate=made.public_bytes(serialization.Encoding.PEM), key=private, spki=spki)

    @property
    def chromium(self) -> str:
        """The argument with which Chromium takes this certificate, and no other bad one."""
        return f"--ignore-certificate-errors-spki-list={self.spki}"

    def trusting(self) -> ssl.SSLContext:
        """Returns a client's context that trusts this certificate alone; it offers HTTP/1.1 only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.certificate.decode())
        return context

    def serving(self) -> ssl.SSLContext:
        """Returns a server's context that offers HTTP/2 and HTTP/1.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            file = Path(folder, "both.pem")
            file.write_bytes(self.key + self.certificate)
            context.load_cert_chain(file)
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context
