"""`microfiche up`: the embedded Postgres and S3 in the foreground, and how to reach them."""

from typing import Any

import click

from archive.embedded import Services
from crawler.cli import options, output
from crawler.cli.ending import asked_to_end
from crawler.config import Config
from crawler.holdings import held


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of the text.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:  # noqa: FBT001  click calls it
    """Keep the embedded Postgres and S3 up until Ctrl-C, and tell how to reach them.

    Other commands in the same data folder share them. Ctrl-C and SIGTERM are its normal end: the exit code is 0, and
    the services stop unless another command still uses them.
    """
    config = options.configured(ctx)
    if config.store.url and config.database.dsn:
        click.echo("nothing to keep up: both the store and the database are configured")
        return 0
    with asked_to_end() as ended, held(config) as running:
        if not ended.is_set():
            with output.quiet_pipe():
                _print(config, running, as_json=as_json)
        while not ended.wait(1):
            pass  # a signal just before a wait without end would be seen by nobody
    return 0


def _print(config: Config, running: Services, *, as_json: bool) -> None:
    if as_json:
        output.print_json_line(_told(running))
        return
    lines = []
    if running.endpoint:
        keys = f"AWS_ACCESS_KEY_ID={running.access_key} AWS_SECRET_ACCESS_KEY={running.secret_key}"
        aws = f"aws --region us-east-1 --endpoint-url {running.endpoint} s3 ls --recursive s3://{running.bucket}/"
        lines += [f"S3        {running.endpoint}, bucket {running.bucket}", f"  {keys} {aws}"]
    else:
        lines += [f"S3        configured: {config.store.url}"]
    if running.dsn:
        lines += [f"Postgres  {running.dsn}", f'  psql "{running.dsn}"']
    else:
        lines += ["Postgres  configured in [database] dsn"]
    click.echo("\n".join([*lines, "", "up until Ctrl-C"]))


def _told(running: Services) -> dict[str, Any]:
    names = ("endpoint", "bucket", "access_key", "secret_key", "dsn")
    return {name: getattr(running, name) for name in names}
