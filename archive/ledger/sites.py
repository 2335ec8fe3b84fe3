"""The sites the ledger knows: their TOML as last used, and whether they may be asked."""

from datetime import datetime
from typing import Literal

from psycopg.rows import DictRow

from archive.ledger import Connection, row, rows

State = Literal["active", "paused", "removed"]


async def put(connection: Connection, *, name: str, home: str, toml: str) -> None:
    """Makes the site known, or its TOML the newest one; a paused site stays paused, a removed one comes back."""
    await connection.execute(
        "INSERT INTO sites (name, home, toml) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE SET"
        " home = excluded.home, toml = excluded.toml,"
        " state = CASE WHEN sites.state = 'removed' THEN 'active' ELSE sites.state END",
        (name, home, toml),
    )


async def restore(connection: Connection, *, name: str, home: str, toml: str, tick: datetime) -> None:
    """Makes a site known as a run of `tick` knew it; what a later run, or an operator, said of it stays."""
    await connection.execute(
        "INSERT INTO sites (name, home, toml) VALUES (%(name)s, %(home)s, %(toml)s) ON CONFLICT (name) DO UPDATE SET"
        " home = excluded.home, toml = excluded.toml"
        " WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.site = %(name)s AND runs.tick > %(tick)s)",
        {"name": name, "home": home, "toml": toml, "tick": tick},
    )


async def state(connection: Connection, name: str) -> State | None:
    """What an operator last set, or None for a site never seen."""
    found = await row(connection, "SELECT state FROM sites WHERE name = %s", (name,))
    return found["state"] if found else None


async def set_state(connection: Connection, name: str, *, state: State) -> bool:
    """Sets the state; False when there is no such site."""
    cursor = await connection.execute("UPDATE sites SET state = %s WHERE name = %s", (state, name))
    return cursor.rowcount == 1


async def known(connection: Connection) -> list[DictRow]:
    """Name, home, TOML and state of every site, by name."""
    return await rows(connection, "SELECT name, home, toml, state FROM sites ORDER BY name")
