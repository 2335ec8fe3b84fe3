"""Sites: what an operator sets stays set."""

from archive.ledger import Connection, sites
from tests.archive.ledgers import DAY, NOON, add_attempt, add_site


async def test_a_site_is_active_until_told_otherwise(connection: Connection) -> None:
    """A site never seen has no state; pausing an unknown one says so."""
    assert await sites.state(connection, "courier") is None
    assert not await sites.set_state(connection, "courier", state="paused")
    await add_site(connection)
    assert await sites.state(connection, "courier") == "active"


async def test_a_paused_site_stays_paused_when_it_is_put_again(connection: Connection) -> None:
    """Its new TOML is kept; only a removed one comes back."""
    await add_site(connection)
    await sites.set_state(connection, "courier", state="paused")
    await sites.put(connection, name="courier", home="https://courier.example/news/", toml="new")
    assert await sites.known(connection) == [
        {"name": "courier", "home": "https://courier.example/news/", "toml": "new", "state": "paused"}
    ]
    await sites.set_state(connection, "courier", state="removed")
    await add_site(connection)
    assert await sites.state(connection, "courier") == "active"


async def test_what_an_earlier_run_knew_of_a_site_changes_nothing(connection: Connection) -> None:
    """A removed site stays removed though an attempt of it ships late; the TOML is that of the newest run."""
    await sites.restore(connection, name="courier", home="https://courier.example/", toml="first", tick=NOON)
    await add_attempt(connection, tick=NOON)
    await sites.restore(connection, name="courier", home="https://courier.example/", toml="second", tick=NOON + DAY)
    await add_attempt(connection, tick=NOON + DAY)
    await sites.set_state(connection, "courier", state="removed")
    await sites.restore(connection, name="courier", home="https://courier.example/old/", toml="first", tick=NOON)
    assert await sites.known(connection) == [
        {"name": "courier", "home": "https://courier.example/", "toml": "second", "state": "removed"}
    ]
