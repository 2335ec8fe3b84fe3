"""TLS versions and cipher suites as WARC names them, and whom it trusts."""

import ssl

import pytest

from crawler.fetch import tls


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("TLSv1.3", "tls/1.3"),
        ("TLSv1.2", "tls/1.2"),
        ("TLSv1", "tls/1.0"),
        ("SSLv3", "ssl/3"),
        (None, None),
        ("x", None),
    ],
)
def test_versions(version, name):
    assert tls.protocol(version) == name


@pytest.mark.parametrize(
    ("openssl", "iana"),
    [
        ("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
        ("TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
        ("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
        ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
        ("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
        ("DHE-RSA-AES256-GCM-SHA384", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
        ("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        ("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        ("CAMELLIA256-SHA", "CAMELLIA256-SHA"),
    ],
)
def test_suites(openssl, iana):
    assert tls.cipher_suite((openssl, "TLSv1.2", 256)) == iana


def test_no_cipher_is_none():
    assert tls.cipher_suite(None) is None


def test_public_roots_are_trusted_on_a_machine_that_has_none():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert context.cert_store_stats()["x509_ca"] == 0
    tls.trust_public_roots(context)
    assert context.cert_store_stats()["x509_ca"] > 100


def test_who_verifies_nothing_needs_no_roots():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    tls.trust_public_roots(context)
    assert context.cert_store_stats()["x509_ca"] == 0


def test_the_context_for_looking_at_sites_verifies():
    context = tls.verifying()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
