"""Every exchange, as it was: what servers do, and what the WARC file says of it.

Real servers send raw bytes, a real crawl asks them, and the records are read back from the file it wrote: by our
reader, by warcio and by fastwarc.
"""

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from fastwarc.warc import ArchiveIterator as FastwarcIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive.warc import Record
from tests.crawler.fetch.asking import allowing, ask_and_listen, of_type, records_by_url
from tests.crawler.fetch.behaviours import IMPATIENT, TABLE, path_of
from tests.crawler.fetch.certificates import authority, server_certificate, serving_with
from tests.crawler.fetch.redirections import LANDING, REDIRECTS
from tests.crawler.fetch.wire_client import Outcome
from tests.crawler.fetch.wire_server import Script, serving

MAXSIZE = 2 << 20
AGAIN = {  # how often each is asked when once is not enough
    "closed before anything": 2,
    "closed in the body": 2,
    "garbage": 2,
    "chunk size no number": 2,
    "too large": 1,
    "header of 600 kB": 1,
    "chunk extension without end": 2,
}


class Kept(NamedTuple):
    """What one crawl left."""

    base: str
    outcomes: dict[str, Outcome]
    records: dict[str, list[Record]]
    file: Path
    served: dict[str, Script]
    log: str

    def of(self, path: str) -> list[Record]:
        return self.records.get(self.base + path, [])


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> dict[str, Kept]:
    """All behaviours, asked by one process: those that make it wait in a crawl of their own."""
    folders = {group: tmp_path_factory.mktemp(group) for group in ("quick", "slow", "redirects", "again")}
    signer = authority(tmp_path_factory.mktemp("certificates"))
    tls = serving_with(server_certificate(signer, signer.bundle.parent, name="secure"))
    scripts: dict[str, Script] = {path_of(name): row.sends for name, row in TABLE.items()}
    with serving(scripts) as server, serving({"/landing": LANDING, "/back": LANDING}, tls=tls) as secure:
        place = f"127.0.0.1:{server.port}"
        base = f"http://{place}"
        named = {b"%PLACE%": place.encode(), b"%SECURE%": f"127.0.0.1:{secure.port}".encode()}
        scripts |= {path_of(name): _filled(redirect.sends, named) for name, redirect in REDIRECTS.items()}
        scripts["/landing"] = LANDING
        secure.scripts["/back"] = _filled(REDIRECTS["absolute"].sends, named)
        rows = [(name, base + path_of(name), row.ask) for name, row in TABLE.items()]
        together = {"TOGETHER": True, "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 64}
        common = allowing(place, f"127.0.0.1:{secure.port}", DOWNLOAD_MAXSIZE=MAXSIZE, **together)
        following = {"REDIRECT_ENABLED": True, "REDIRECT_MAX_TIMES": 5}
        again = {"RETRY_ENABLED": True, "RETRY_TIMES": 1, "KEEP": str(folders["again"])}
        outcomes, log = ask_and_listen(
            {
                "again": (common | again, [(name, base + path_of(name), {}) for name in AGAIN]),
                "quick": (common | {"KEEP": str(folders["quick"])}, [row for row in rows if row[2] != IMPATIENT]),
                "slow": (common | {"KEEP": str(folders["slow"])}, [row for row in rows if row[2] == IMPATIENT]),
                "redirects": (
                    common | following | {"KEEP": str(folders["redirects"])},
                    [(name, base + path_of(name), {"meta": {"verbatim_url": True}}) for name in REDIRECTS],
                ),
            },
            SSL_CERT_FILE=str(signer.bundle),
            LOG_LEVEL="INFO",
        )
    return {
        group: Kept(base, outcomes[group], records_by_url(folder), next(folder.glob("*.warc.gz")), scripts, log)
        for group, folder in folders.items()
    }


def _filled(script: Script, named: dict[bytes, bytes]) -> Script:
    filled = []
    for part in script:
        for name, place in named.items() if isinstance(part, bytes) else ():
            part = part.replace(name, place)
        filled.append(part)
    return filled


def _of(kept: dict[str, Kept], name: str) -> tuple[Outcome, list[Record]]:
    group = kept["slow" if TABLE[name].ask == IMPATIENT else "quick"]
    return group.outcomes[name], group.of(path_of(name))


@pytest.mark.parametrize("name", TABLE)
def test_the_outcome_says_what_the_server_did(kept, name):
    row, (outcome, _) = TABLE[name], _of(kept, name)
    says = outcome.says.reason or outcome.says.word
    assert says == row.says, outcome.error_text
    assert outcome.says.status in {row.status, None}


@pytest.mark.parametrize("name", TABLE)
def test_the_response_record_is_what_the_server_sent(kept, name):
    row, (outcome, records) = TABLE[name], _of(kept, name)
    response = of_type(records, "response")
    if row.expected_block is None:
        assert response is None
        assert outcome.captures == [None]
        return
    if row.truncated == "length":
        assert row.sent.startswith(response.block)
        assert len(response.block) < 3 * MAXSIZE
    elif row.drips:
        assert response.block.rstrip(b".") == row.sent
    elif row.truncated == "unspecified":  # nobody waits for the end of what is broken
        assert row.sent.startswith(response.block)
    else:
        assert response.block == row.expected_block
    assert response.http.status == row.status
    assert response.field("WARC-Truncated") == row.truncated
    assert outcome.captures[0].status == row.status


@pytest.mark.parametrize("name", TABLE)
def test_payload_and_content_are_read_from_the_record(kept, name):
    row, (_, records) = TABLE[name], _of(kept, name)
    response = of_type(records, "response")
    if response is None:
        assert row.payload is row.content is None
        return
    assert response.digest == f"sha256:{hashlib.sha256(response.payload).hexdigest()}"
    assert row.payload in {None, response.payload}
    assert row.content in {None, response.content().data}


@pytest.mark.parametrize("name", TABLE)
def test_the_request_record_is_what_we_sent_and_the_note_tells_the_rest(kept, name):
    row, (_, records) = TABLE[name], _of(kept, name)
    request, note = of_type(records, "request"), of_type(records, "metadata")
    method = row.ask.get("method", "GET")
    assert request.block.startswith(f"{method} {path_of(name)} HTTP/1.1\r\nHost: 127.0.0.1:".encode())
    assert request.block.endswith(b"\r\n\r\n")
    if row.note is not None:
        assert row.note in note.block.decode()
    else:
        assert note is None or row.expected_block is None


@pytest.mark.parametrize("name", TABLE)
def test_no_status_stands_in_the_archive_that_no_server_sent(kept, name):
    row, (outcome, records) = TABLE[name], _of(kept, name)
    statuses = {record.http.status for record in records if record.type == "response"}
    assert statuses <= {row.status}
    assert outcome.status in {None, *statuses}


@pytest.mark.parametrize("group", ["quick", "slow", "redirects"])
def test_warcio_and_fastwarc_read_the_same_records(kept, group):
    ours = [record for records in kept[group].records.values() for record in records]
    blocks = {record.id: record.block for record in ours}
    with kept[group].file.open("rb") as file:
        seen = {record.rec_headers.get_header("WARC-Record-ID"): None for record in WarcioIterator(file)}
    assert seen.keys() == blocks.keys()
    with kept[group].file.open("rb") as file:
        fast = {record.record_id: record.reader.read() for record in FastwarcIterator(file, parse_http=False)}
    assert fast == blocks


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.content and row.says == "captured"])
def test_scrapy_sees_the_content_that_the_derivation_will_see(kept, name):
    outcome, records = _of(kept, name)
    assert outcome.body == of_type(records, "response").content().data


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_is_followed_where_it_leads_to_a_url(kept, name):
    """Each hop is a record of its own, as it came."""
    redirect, group = REDIRECTS[name], kept["redirects"]
    outcome = group.outcomes[name]
    assert (outcome.says.reason or outcome.says.word) == redirect.says, outcome.error_text
    hops = group.of(path_of(name))
    responses = [record for record in hops if record.type == "response"]
    assert len(responses) == redirect.times
    assert {record.block for record in responses} == {group.served[path_of(name)][0]}
    if redirect.says == "captured" and "scheme" not in name:
        assert outcome.url == group.base + redirect.leads_to
    assert "s3cret" not in (outcome.url or "")


def test_a_redirect_may_change_the_scheme(kept):
    outcomes = kept["redirects"].outcomes
    assert outcomes["to another scheme"].url.startswith("https://127.0.0.1:")
    assert outcomes["to another scheme and back"].url == kept["redirects"].base + "/landing"


def test_a_record_is_a_gzip_member_of_its_own(kept):
    data = kept["quick"].file.read_bytes()
    record = kept["quick"].of(path_of("gzip in chunks"))[0]
    alone = next(iter(WarcioIterator(BytesIO(data[record.offset : record.offset + record.length]))))
    assert alone.rec_headers.get_header("WARC-Record-ID") == record.id


@pytest.mark.parametrize("name", AGAIN)
def test_what_may_go_better_is_asked_again_and_what_will_not_is_not(kept, name):
    group = kept["again"]
    requests = [record for record in group.of(path_of(name)) if record.type == "request"]
    assert len(requests) == len(group.outcomes[name].captures) == AGAIN[name]
    assert group.outcomes[name].says.reason == TABLE[name].says


def test_nothing_that_a_server_sent_breaks_a_line_of_the_log(kept):
    log = kept["quick"].log
    gave_up = [line for line in log.splitlines() if "Gave up retrying" in line]
    assert len(gave_up) == list(AGAIN.values()).count(2)
    assert all(
        re.match(r"\d{4}-\d\d-\d\d .* ERROR: Gave up retrying <GET http://\S+> .*: [a-z-]+: ", line) for line in gave_up
    )
    assert re.search(r"[^\x20-\x7e\n]", log) is None
    assert max(map(len, log.splitlines())) < 1000
