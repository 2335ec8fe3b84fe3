"""The `microfiche` command: one module a group of commands, loaded when it is called."""

import importlib
import sys
from typing import Any

import click

from archive.errors import ConfigError, MicroficheError

_COMMANDS = {
    "crawl": ("crawler.cli.crawl", "Crawl now: capture, ship and derive, all to the end."),
    "site": ("crawler.cli.site", "Add, list, check, pause, resume or remove sites."),
    "status": ("crawler.cli.status", "A table a site and day: promised, captured, revised, failed and why."),
    "articles": ("crawler.cli.articles", "The committed articles as JSON Lines."),
    "replay": ("crawler.cli.replay", "Replay what is archived, in a browser."),
    "verify": ("crawler.cli.verify", "Check what the archive holds: structure, digests, commits, articles."),
    "reextract": ("crawler.cli.reextract", "Derive articles again with today's extractor; report what changes."),
    "rebuild": ("crawler.cli.rebuild", "Make the ledger again from the store."),
    "up": ("crawler.cli.up", "Keep the embedded Postgres and S3 up, and tell how to reach them."),
    "doctor": ("crawler.cli.doctor", "What is installed, configured and reachable; what to do where not."),
}


class _Lazy(click.Group):
    """A group whose commands are imported when called: `--help` and a quick command need not load Scrapy."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's form
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's form
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(dir_okay=False), help="Another file than microfiche.toml.")
@click.option("-v", "--verbose", is_flag=True, help="Show the log on the terminal too.")
@click.version_option(package_name=None, version="0.1.0", prog_name="microfiche")
@click.pass_context
def cli(ctx: click.Context, config: str | None, verbose: bool) -> None:  # noqa: FBT001  click calls it
    """Keeps regional news: crawls news sites, archives every exchange, publishes every article."""
    ctx.obj = {"config": config, "verbose": verbose}


def main(arguments: list[str] | None = None) -> Any:
    """Runs the command line; an error a person can cause ends in one line and its exit code."""
    try:
        code = cli.main(arguments, prog_name="microfiche", standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except click.Abort:
        code = 130
    except KeyboardInterrupt:
        code = 130
    except ConfigError as error:
        code = _say(error, 2)
    except MicroficheError as error:
        code = _say(error, 1)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has seen enough
        code = 0
    sys.exit(code or 0)


def _say(error: Exception, code: int) -> int:
    click.echo(f"microfiche: {error}", err=True)
    return code
