"""microfiche.toml, and the same keys from the environment as MICROFICHE_SECTION__KEY.

Unknown keys are errors, in the file and in the environment: a misspelt setting must not be a silent default.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from archive.errors import ConfigError

FILE = "microfiche.toml"
_PREFIX = "MICROFICHE_"
_UNITS = {
    "": 1,
    "b": 1,
    **{f"{prefix}b": 1000**power for power, prefix in enumerate("kmgt", 1)},
    **{f"{prefix}ib": 1024**power for power, prefix in enumerate("kmgt", 1)},
}
_SIZES = frozenset({"max_size", "min_free", "memory"})  # keys
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?i?b|)", re.IGNORECASE)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreConfig(_Section):
    """Where the archive lies; without `url`, the embedded S3. Credentials come from the usual AWS places."""

    url: str | None = None
    endpoint: str | None = None
    region: str | None = None


class DatabaseConfig(_Section):
    """Where the ledger lies; without `dsn`, the embedded Postgres."""

    dsn: str | None = None


class CrawlConfig(_Section):
    """What every crawl shares: the folder of sites, the contact in the User-Agent, how many sites at once."""

    sites: Path = Path("sites")
    contact: str | None = None
    sites_at_once: int = Field(default=16, gt=0)


def _bytes(told: object) -> object:
    """A number of bytes from "20GB", "512 MiB" or an integer; anything else is left to be refused."""
    found = _SIZE.fullmatch(told.strip()) if isinstance(told, str) else None
    if found is None:
        return told
    return round(float(found[1]) * _UNITS[found[2].lower()])


Size = Annotated[int, BeforeValidator(_bytes), Field(ge=0)]


class SpoolConfig(_Section):
    """How much may wait to be shipped, in bytes: beyond `max_size`, or with less than `min_free`, no run is begun."""

    max_size: Size = 20 * 10**9
    min_free: Size = 10**9


class BrowserConfig(_Section):
    """Chromium, for pages that need scripts: where it is, and what it may use.

    `pages` are rendered at once; beyond `memory` bytes of all its processes no further page is begun; `budget` is in
    seconds a page. Without `executable` an installed Chromium or Chrome is used, else Playwright's own.
    """

    executable: Path | None = None
    pages: int = Field(default=2, gt=0)
    memory: Size = 2 * 10**9
    budget: float = Field(default=60.0, gt=0)


class Config(BaseSettings):
    """The whole configuration, read once by the command."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    data_dir: Path = Path("microfiche-data")
    store: StoreConfig = StoreConfig()
    database: DatabaseConfig = DatabaseConfig()
    crawl: CrawlConfig = CrawlConfig()
    spool: SpoolConfig = SpoolConfig()
    browser: BrowserConfig = BrowserConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic calls it with all five
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic calls it with all five
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic calls it with all five
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Lets the environment win over the file, which arrives as the initial values."""
        return env_settings, init_settings


def read_config(path: Path | None = None) -> Config:
    """Reads `path`, or microfiche.toml in the working folder where there is one, and the environment.

    Raises:
        ConfigError: the file is missing, broken, or has a key that does not exist.
    """
    values = _read_file(path)
    _refuse_unknown_variables(os.environ)
    try:
        return Config(**values)
    except ValidationError as error:
        raise ConfigError(_explain(error, file=str(path or FILE))) from error


def user_agent(config: Config) -> str:
    """The User-Agent we ask with: an honest name, and whom to write to."""
    contact = config.crawl.contact
    return f"microfiche/0.1 (news archive; {contact})" if contact else "microfiche/0.1 (news archive)"


def _read_file(path: Path | None) -> Mapping[str, Any]:
    file = path or Path(FILE)
    if path is None and not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is no TOML: {error}") from error


def _explain(error: ValidationError, *, file: str) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    variable = _PREFIX + where.replace(".", "__").upper()
    source = f"{variable} in the environment" if variable in os.environ else f"{file}: {where}"
    if first["type"] == "int_parsing" and first["loc"][-1] in _SIZES:
        return f'{source}: no size; write it as "20GB", "512MiB" or a number of bytes'
    if first["type"] == "extra_forbidden":
        return f"{file}: unknown key {where}{_meant(where, _keys())}"
    return f"{source}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {_PREFIX + key.replace(".", "__").upper() for key in _keys()}
    for name in environment:
        if name.startswith(_PREFIX) and name.upper() not in known:
            raise ConfigError(f"unknown setting {name} in the environment{_meant(name, known)}")


def _keys() -> set[str]:
    keys = set()
    for name, field in Config.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, _Section):
            keys |= {name, *(f"{name}.{key}" for key in inner.model_fields)}
        else:
            keys.add(name)
    return keys


def _meant(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
