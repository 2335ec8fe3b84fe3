"""Keys are built and read in one place."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from archive.errors import ArchiveError
from archive.keys import AttemptName, commits_under, is_commit, new_run, warc_key

NAME = AttemptName(site="valley-courier", dt="2026-11-22", run="20261122105500k3v9qa", attempt=2)


def test_every_object_of_an_attempt_lies_where_the_design_says():
    assert NAME.name == "20261122105500k3v9qa-2"
    assert NAME.warc_key(0) == "warc/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2-00000.warc.gz"
    assert NAME.warc_key(123) == "warc/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2-00123.warc.gz"
    assert NAME.cdxj_key == "cdxj/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2.cdxj.gz"
    assert NAME.commit_key == "runs/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2.json"
    assert NAME.amended_key(1) == "runs/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2.amended-1.json"
    assert NAME.articles_key == "articles/v1/dt=2026-11-22/site=valley-courier/20261122105500k3v9qa-2.jsonl.gz"


def test_a_file_name_in_the_index_leads_to_the_key():
    key = NAME.warc_key_of("20261122105500k3v9qa-2-00001.warc.gz")
    assert key == NAME.warc_key(1)


@pytest.mark.parametrize(
    "filename",
    [
        "20261122105500k3v9qa-1-00001.warc.gz",
        "../20261122105500k3v9qa-2-00001.warc.gz",
        "20261122105500k3v9qa-2.warc.gz",
    ],
)
def test_a_file_of_another_attempt_is_refused(filename: str):
    with pytest.raises(ArchiveError, match="is no WARC file of attempt 20261122105500k3v9qa-2"):
        NAME.warc_key_of(filename)


def test_a_commit_key_gives_back_the_attempt():
    assert AttemptName.parse(NAME.commit_key) == NAME
    assert AttemptName.parse("runs/site=a/dt=2026-01-02/20260101235959000000-17.json") == AttemptName(
        site="a", dt="2026-01-02", run="20260101235959000000", attempt=17
    )


@pytest.mark.parametrize(
    "key",
    [
        "runs/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2.amended-1.json",
        "runs/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-0.json",
        "runs/site=valley-courier/dt=2026-11-22/20261122105500k3v9q-2.json",
        "runs/site=valley-courier/dt=2026-13-22/20261122105500k3v9qa-2.json",
        "runs/site=Valley/dt=2026-11-22/20261122105500k3v9qa-2.json",
        "runs/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2.json.tmp",
        "cdxj/site=valley-courier/dt=2026-11-22/20261122105500k3v9qa-2.cdxj.gz",
        "",
    ],
)
def test_nothing_else_is_a_commit(key: str):
    assert not is_commit(key)
    with pytest.raises(ArchiveError):
        AttemptName.parse(key)


@pytest.mark.parametrize("site", ["", "-a", "Valley", "valley_courier", "a/b", "a b", "..", "käse", "a\n"])
def test_a_site_name_that_could_lead_elsewhere_is_refused(site: str):
    with pytest.raises(ArchiveError, match="is no site name"):
        AttemptName(site=site, dt="2026-11-22", run="20261122105500k3v9qa", attempt=1)


def test_a_date_a_run_or_a_number_out_of_form_is_refused():
    with pytest.raises(ArchiveError, match="is no date"):
        AttemptName(site="a", dt="20261122", run="20261122105500k3v9qa", attempt=1)
    with pytest.raises(ArchiveError, match="is no run"):
        AttemptName(site="a", dt="2026-11-22", run="20261122105500", attempt=1)
    with pytest.raises(ArchiveError, match="is no attempt"):
        AttemptName(site="a", dt="2026-11-22", run="20261122105500k3v9qa", attempt=0)


def test_a_run_is_named_by_its_tick_in_utc_and_thirty_random_bits():
    assert new_run(datetime(2026, 11, 22, 10, 55, tzinfo=UTC), b"\x00\x00\x00\x00") == "20261122105500000000"
    assert new_run(datetime(2026, 11, 22, 10, 55, tzinfo=UTC), b"\xff\xff\xff\xff\xff") == "20261122105500vvvvvv"
    berlin = timezone(timedelta(hours=1))
    assert new_run(datetime(2026, 11, 23, 0, 30, 7, tzinfo=berlin), b"\xa0\x7f\x3a\x55") == "20261122233007k1vjkl"


def test_too_little_randomness_is_refused():
    with pytest.raises(ValueError, match="4 random bytes"):
        new_run(datetime(2026, 11, 22, tzinfo=UTC), b"abc")


def test_commits_are_listed_by_site_and_day():
    assert commits_under() == "runs/"
    assert commits_under("a") == "runs/site=a/"
    assert commits_under("a", dt="2026-11-22") == "runs/site=a/dt=2026-11-22/"
    assert NAME.commit_key.startswith(commits_under("valley-courier", dt="2026-11-22"))


def test_a_warc_file_is_found_by_its_name_alone():
    """The run's name begins with its tick, which is the day."""
    assert warc_key("courier", "20261122105500k3v9qa-2-00013.warc.gz") == (
        "warc/site=courier/dt=2026-11-22/20261122105500k3v9qa-2-00013.warc.gz"
    )
    assert AttemptName.of_file("20261122105500k3v9qa-2-00013.warc.gz", site="courier") == AttemptName(
        site="courier", dt="2026-11-22", run="20261122105500k3v9qa", attempt=2
    )


@pytest.mark.parametrize(
    "filename",
    ["", "x.warc.gz", "../20261122105500k3v9qa-2-00013.warc.gz", "20261322105500k3v9qa-2-00013.warc.gz"],
)
def test_a_name_that_is_none_of_ours_has_no_key(filename):
    """Nor one of a day that is none."""
    with pytest.raises(ArchiveError):
        warc_key("courier", filename)
