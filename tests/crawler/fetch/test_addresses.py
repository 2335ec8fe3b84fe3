"""Which addresses lead inward, and who may go there all the same."""

from ipaddress import ip_address

import pytest

from crawler.fetch.addresses import Admission, Place, is_inward, is_this_machine, literal_address, places

INWARD = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::",
    "::ffff:a9fe:a9fe", "::127.0.0.1", "fd00:ec2::254", "100::1", "2001::1", "64:ff9b:1::7f00:1", "::ffff:0:7f00:1",
    "localhost", "", "127.1",
]  # fmt: skip
OUTWARD = [
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "64:ff9b::808:808",
    "2002:808:808::",
]


@pytest.mark.parametrize("address", INWARD)
def test_addresses_that_are_not_public_lead_inward(address):
    assert is_inward(address)


@pytest.mark.parametrize("address", OUTWARD)
def test_public_addresses_do_not(address):
    assert not is_inward(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0X7F000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("169.254.169.254.", "169.254.169.254"),
        ("[::1]", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("127.0.0.1.example", None),
        ("news.example", None),
        ("1.2.3.4.5", None),
        ("256.0.0.1", None),
        ("99999999999", None),
        ("１２７.0.0.1", None),
        ("", None),
    ],
)
def test_an_address_is_one_however_it_is_written(host, address):
    found = literal_address(host)
    assert found == address or (address and ip_address(found) == ip_address(address))


def test_some_names_mean_this_machine():
    assert [is_this_machine(name) for name in ("localhost", "LocalHost.", "a.localhost")] == [True, True, True]
    assert [is_this_machine(name) for name in ("localhost.example", "notlocalhost", "")] == [False, False, False]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://News.example/x", Place(host="news.example", port=80)),
        ("https://news.example", Place(host="news.example", port=443)),
        ("http://[::1]:8080/", Place(host="::1", port=8080)),
        ("http://user:pw@10.0.0.1:81/", Place(host="10.0.0.1", port=81)),
        ("http://[::1", None),
        ("http://news.example:99999/", None),
        ("urn:x", None),
    ],
)
def test_a_url_leads_to_a_place(url, place):
    assert Place.of_url(url) == place


def test_allowed_places_are_read():
    assert places(["localhost:80", "[::1]:81"]) == {Place(host="localhost", port=80), Place(host="::1", port=81)}
    for text in ("localhost", "localhost:x", ":80", "", "http://localhost:80/"):
        with pytest.raises(ValueError, match="port"):
            places([text])


def test_a_configured_site_is_admitted_by_its_name_or_its_address_and_nothing_beside_it():
    allowed = places(["intranet.example:80", "127.0.0.1:8000"])
    asking = {"allowed": allowed, "asked": Place(host="evil.example", port=80)}
    by_name = Admission(allowed=allowed, asked=Place(host="intranet.example", port=80))
    assert by_name.admits("10.0.0.1", port=80)
    assert Admission(**asking).admits("127.0.0.1", port=8000)
    assert Admission(**asking).admits("8.8.8.8", port=80)
    assert not Admission(**asking).admits("127.0.0.1", port=8001)
    assert not Admission(**asking).admits("10.0.0.1", port=80)
    assert not Admission(allowed=allowed, asked=None).admits("10.0.0.1", port=80)
