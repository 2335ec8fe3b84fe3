"""Errors of a person, through the real command: one line that says what to do, the right exit code, no traceback."""

import sys
from pathlib import Path

import pytest

from archive.embedded import Services
from tests.crawler.commands import run_here
from tests.machine import Machine

NO_POSTGRES = "postgresql://someone:secret@127.0.0.1:1/news"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def one_line(machine: Machine, *arguments: str, code: int) -> str:
    """Runs a command that must fail; returns its one line."""
    ended = machine.run(*arguments)
    assert (ended.returncode, ended.stdout) == (code, ""), ended.stdout + ended.stderr
    (line,) = ended.stderr.splitlines()
    assert "secret" not in line
    return line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('data_dir = "x', "microfiche: microfiche.toml is no TOML: "),
        ('[store]\nurll = "s3://x"', "microfiche: microfiche.toml: unknown key store.urll; did you mean store.url?"),
    ],
)
def test_a_configuration_that_is_wrong(machine: Machine, text: str, line: str) -> None:
    """Exit code 2, whatever the command."""
    (machine.folder / "microfiche.toml").write_text(text)
    assert one_line(machine, "status", code=2).startswith(line)


def test_a_site_whose_toml_is_wrong(machine: Machine) -> None:
    """Broken TOML, and a key that is none: the file is named."""
    file = machine.folder / "sites" / "courier.toml"
    file.write_text('name = "courier\n')
    assert one_line(machine, "site", "list", code=2).startswith("microfiche: sites/courier.toml: no valid TOML: ")
    file.write_text('name = "courier"\nhome = "https://courier.example/"\nfeed = []\n')
    ended = run_here("site", "check", folder=machine.folder)
    told = "microfiche: sites/courier.toml: `feed` is no key of a site; did you mean `feeds`?\n"
    assert (ended.returncode, ended.stderr) == (2, told)


def test_a_command_that_is_none(machine: Machine) -> None:
    """Usage is told by click, exit code 2."""
    for arguments in (("stauts",), ("articles", "--since", "yesterday")):
        ended = machine.run(*arguments)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", [("up",), ("rebuild",), ("crawl", "http://127.0.0.1:1/")])
def test_a_data_folder_that_cannot_be_used(machine: Machine, command: tuple[str, ...]) -> None:
    """Exit code 1, and what to do."""
    (machine.folder / "file").write_text("")
    machine.environment["MICROFICHE_DATA_DIR"] = "file"
    line = one_line(machine, *command, code=1)
    assert line.startswith("microfiche: cannot ")
    assert "set another data_dir" in line


def test_a_postgres_that_cannot_be_reached(machine: Machine) -> None:
    """The line holds no password."""
    machine.environment["MICROFICHE_DATABASE__DSN"] = NO_POSTGRES
    line = one_line(machine, "status", code=1)
    assert line.startswith("microfiche: Postgres cannot be used: ")
    assert line.endswith("; check [database] dsn, or leave it out to use the embedded Postgres")


def test_keys_that_are_wrong(machine: Machine, embedded: Services) -> None:
    """The store says so, and which settings to look at."""
    _configure(machine, embedded, secret_key="wrong")
    line = one_line(machine, "verify", code=1)
    told = f"bucket {embedded.bucket} at {embedded.endpoint} refuses with SignatureDoesNotMatch"
    assert line == f"microfiche: {told}: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def test_a_bucket_that_is_not_there(machine: Machine, embedded: Services) -> None:
    """Making it is the operator's."""
    _configure(machine, embedded, bucket="elsewhere")
    line = one_line(machine, "verify", code=1)
    assert line.endswith("refuses with NoSuchBucket: make the bucket, or correct [store] url")


def test_a_store_that_is_no_address(machine: Machine) -> None:
    """Only S3 is a store."""
    machine.environment["MICROFICHE_STORE__URL"] = "/srv/news"
    line = one_line(machine, "verify", code=1)
    assert line == "microfiche: '/srv/news' is no address of a store; write it as s3://bucket/prefix"


def test_a_site_that_is_not_held(machine: Machine) -> None:
    """A slip of the pen is not an empty archive."""
    machine.site("courier", "http://127.0.0.1:1/")
    ended = run_here("site", "pause", "couriers", folder=machine.folder)
    told = "microfiche: no site named 'couriers' in sites; did you mean courier?\n"
    assert (ended.returncode, ended.stderr) == (2, told)


def test_parquet_without_a_file_or_without_pyarrow(machine: Machine) -> None:
    """It is no text, and its library is installed by who wants it."""
    ended = run_here("articles", "--format", "parquet", folder=machine.folder)
    assert (ended.returncode, ended.stderr) == (
        2,
        "microfiche: Parquet is no text to be printed; name a file with -o FILE\n",
    )
    line = one_line(machine, "articles", "--format", "parquet", "-o", "news.parquet", code=2)
    assert line == f"microfiche: Parquet needs pyarrow, which is not installed; install it into {sys.prefix}"


def test_an_empty_folder_stays_empty(machine: Machine) -> None:
    """To look is not to begin: no data folder is made, and the exit code is 0."""
    for command in (("status",), ("articles",), ("verify",), ("rebuild",), ("site", "list")):
        ended = run_here(*command, folder=machine.folder)
        assert (ended.returncode, ended.stderr) == (0, ""), command
    assert [path.name for path in machine.folder.iterdir()] == ["sites"]


def _configure(machine: Machine, s3: Services, *, bucket: str = "", secret_key: str = "") -> None:
    assert s3.endpoint is not None
    assert s3.access_key is not None
    assert s3.secret_key is not None
    machine.environment |= {
        "MICROFICHE_STORE__URL": f"s3://{bucket or s3.bucket}",
        "MICROFICHE_STORE__ENDPOINT": s3.endpoint,
        "AWS_ACCESS_KEY_ID": s3.access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key or s3.secret_key,
    }
