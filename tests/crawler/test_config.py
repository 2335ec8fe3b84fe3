"""microfiche.toml and the environment: read strictly, the environment first, one line for what is wrong."""

from pathlib import Path

import pytest

from archive.errors import ConfigError
from crawler.config import Config, read_config, user_agent


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, *, name: str = "microfiche.toml") -> Path:
    path = Path(name)
    path.write_text(text)
    return path


def test_nothing_configured_is_everything_embedded() -> None:
    """Data in a folder of the working folder, sites in another, no store, no database, no contact."""
    config = read_config()
    assert config == Config()
    assert (str(config.data_dir), str(config.crawl.sites)) == ("microfiche-data", "sites")
    assert (config.store.url, config.database.dsn, config.crawl.contact) == (None, None, None)


def test_a_file_in_the_working_folder_is_read_and_another_when_it_is_named() -> None:
    """The one that is named replaces the one that lies there."""
    written('data_dir = "here"\n[store]\nurl = "s3://news/archive"\n')
    other = written('data_dir = "there"\n', name="other.toml")
    assert (str(read_config().data_dir), read_config().store.url) == ("here", "s3://news/archive")
    assert (str(read_config(other).data_dir), read_config(other).store.url) == ("there", None)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key by key: the other keys of a section stay."""
    written('[store]\nurl = "s3://news"\nendpoint = "https://s3.example"\n')
    monkeypatch.setenv("MICROFICHE_STORE__URL", "s3://other")
    monkeypatch.setenv("MICROFICHE_DATA_DIR", "elsewhere")
    config = read_config()
    assert (config.store.url, config.store.endpoint, str(config.data_dir)) == (
        "s3://other",
        "https://s3.example",
        "elsewhere",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("data_dir = ", "microfiche.toml is no TOML: "),
        ('datadir = "x"', "microfiche.toml: unknown key datadir; did you mean data_dir?"),
        ('[store]\nurll = "s3://x"', "microfiche.toml: unknown key store.urll; did you mean store.url?"),
        ('[shop]\nurl = "s3://x"', "microfiche.toml: unknown key shop"),
        ("[crawl]\nsites_at_once = 0", "microfiche.toml: crawl.sites_at_once: input should be greater than 0"),
        ('[crawl]\nsites_at_once = "many"', "microfiche.toml: crawl.sites_at_once: input should be a valid integer"),
        (
            '[spool]\nmax_size = "much"',
            'microfiche.toml: spool.max_size: no size; write it as "20GB", "512MiB" or a number',
        ),
        ("[spool]\nmin_free = -1", "microfiche.toml: spool.min_free: input should be greater than or equal to 0"),
        ('store = "s3://x"', "microfiche.toml: store: "),
    ],
)
def test_what_is_wrong_in_the_file_is_one_line(text: str, told: str) -> None:
    """It names the file, the key, and the key that was meant."""
    written(text)
    with pytest.raises(ConfigError) as caught:
        read_config()
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ('"20GB"', 20_000_000_000),
        ('"1.5 gb"', 1_500_000_000),
        ('"512MiB"', 536_870_912),
        ('"7"', 7),
        ('"3 kB"', 3000),
        ("12345", 12345),
        ("0", 0),
    ],
)
def test_a_size_has_a_unit_or_is_bytes(told: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file and in the environment; 20 GB may wait and 1 GB stays free when nothing is said."""
    assert (read_config().spool.max_size, read_config().spool.min_free) == (20 * 10**9, 10**9)
    written(f"[spool]\nmax_size = {told}\n")
    assert read_config().spool.max_size == size
    monkeypatch.setenv("MICROFICHE_SPOOL__MIN_FREE", told.strip('"'))
    assert (read_config().spool.max_size, read_config().spool.min_free) == (size, size)


def test_bytes_that_are_no_text_are_no_toml() -> None:
    """An odd editor's work is told like any other."""
    Path("microfiche.toml").write_bytes(b'data_dir = "\xff"')
    with pytest.raises(ConfigError, match=r"microfiche\.toml is no TOML"):
        read_config()


def test_a_file_that_was_named_must_be_there() -> None:
    """One that lies there by chance need not."""
    with pytest.raises(ConfigError, match=r"other\.toml cannot be read: No such file or directory"):
        read_config(Path("other.toml"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("MICROFICHE_STORE__URLL", "did you mean MICROFICHE_STORE__URL"),
        ("MICROFICHE_SITES", "unknown setting MICROFICHE_SITES in the environment"),
    ],
)
def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    """A misspelt setting must not be a silent default."""
    monkeypatch.setenv(name, "x")
    with pytest.raises(ConfigError, match=told):
        read_config()


def test_the_contact_goes_into_the_user_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one the name stands alone."""
    assert user_agent(read_config()) == "microfiche/0.1 (news archive)"
    monkeypatch.setenv("MICROFICHE_CRAWL__CONTACT", "mailto:you@example.org")
    assert user_agent(read_config()) == "microfiche/0.1 (news archive; mailto:you@example.org)"


def test_a_wrong_value_in_the_environment_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for it in the file."""
    monkeypatch.setenv("MICROFICHE_CRAWL__SITES_AT_ONCE", "0")
    with pytest.raises(
        ConfigError, match=r"^MICROFICHE_CRAWL__SITES_AT_ONCE in the environment: input should be greater"
    ):
        read_config()
