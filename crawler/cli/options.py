"""What several commands share: the configuration, a log file, dates on the command line."""

import difflib
import logging
import sys
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.errors import ConfigError, ServiceError
from crawler.cli.loglines import LogLines
from crawler.config import Config, read_config


def configured(ctx: click.Context) -> Config:
    """Reads the configuration the command was started with."""
    named = ctx.find_root().obj["config"]
    return read_config(Path(named) if named else None)


def with_sites(config: Config, folder: Path | None) -> Config:
    """The configuration with another folder of sites, where one was given."""
    if folder is None:
        return config
    return config.model_copy(update={"crawl": config.crawl.model_copy(update={"sites": folder})})


def log_to_file(ctx: click.Context, config: Config, *, name: str) -> Path:
    """Sends the log to a file of the data folder, and with --verbose to the terminal; returns the file."""
    path = config.data_dir / "logs" / f"{name}.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers: list[logging.Handler] = [logging.FileHandler(path, encoding="utf-8")]
    except OSError as error:
        raise ServiceError(
            f"cannot use the data folder {config.data_dir}: {error.strerror}; make it yours or set another data_dir"
        ) from error
    if ctx.find_root().obj["verbose"]:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(LogLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)
    for noisy in (
        "procrastinate",
        "botocore",
        "boto3",
        "urllib3",
        "scrapy.middleware",
        "scrapy.crawler",
        "scrapy.addons",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return path


def refuse_unknown(sites: Iterable[str], *, known: Collection[str]) -> None:
    """Refuses the name of a site that is not held.

    Raises:
        ConfigError: one of them is not in `known`.
    """
    for name in sites:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean {near[0]}?" if near else "microfiche site list shows those that are"
            raise ConfigError(f"no site named {name!r} is held; {advice}")


class Moment(click.ParamType):  # type: ignore[type-arg]  # not subscriptable in older clicks
    """A date or a moment, ISO 8601; without a zone it is UTC."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Reads what was typed."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write 2026-11-22 or 2026-11-22T10:00+01:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
