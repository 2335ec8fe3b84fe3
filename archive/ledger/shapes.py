"""The ledger's memory of URL shapes whose pages need a browser."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg.rows import DictRow

from archive.ledger import Connection, rows


async def enter(connection: Connection, shapes: Iterable[Mapping[str, Any]], *, site: str) -> None:
    """Enters what a commit says its attempt saw; an older look does not overrule a newer one."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO shapes AS known (site, shape, looks, hollow, at)"
            " VALUES (%(site)s, %(shape)s, %(looks)s, %(hollow)s, %(at)s)"
            " ON CONFLICT (site, shape) DO UPDATE SET looks = excluded.looks, hollow = excluded.hollow,"
            " at = excluded.at WHERE known.at < excluded.at",
            [{**shape, "site": site} for shape in shapes],
        )


async def known(connection: Connection, *, site: str, most: int) -> list[DictRow]:
    """What is remembered of a site's shapes, the latest looks first."""
    return await rows(
        connection,
        "SELECT shape, looks, hollow, at FROM shapes WHERE site = %s ORDER BY at DESC LIMIT %s",
        (site, most),
    )
