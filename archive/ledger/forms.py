"""The ledger's memory of URL forms whose pages need a browser."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg.rows import DictRow

from archive.ledger import Connection, rows


async def enter(connection: Connection, forms: Iterable[Mapping[str, Any]], *, site: str) -> None:
    """Enters what a commit says its attempt saw; an older look does not overrule a newer one."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO forms AS known (site, form, looks, hollow, at)"
            " VALUES (%(site)s, %(form)s, %(looks)s, %(hollow)s, %(at)s)"
            " ON CONFLICT (site, form) DO UPDATE SET looks = excluded.looks, hollow = excluded.hollow,"
            " at = excluded.at WHERE known.at < excluded.at",
            [{**form, "site": site} for form in forms],
        )


async def known(connection: Connection, *, site: str, most: int) -> list[DictRow]:
    """What is remembered of a site's forms, the latest looks first."""
    return await rows(
        connection,
        "SELECT form, looks, hollow, at FROM forms WHERE site = %s ORDER BY at DESC LIMIT %s",
        (site, most),
    )
