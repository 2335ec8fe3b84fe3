"""Which URL forms needed a browser, as commits tell it."""

from archive.ledger import Connection, forms
from tests.archive.ledgers import HOUR, NOON, add_site


async def test_the_newest_look_counts(connection: Connection) -> None:
    """An older commit that ships late changes nothing; each site has its own."""
    await add_site(connection)
    later, earlier = (
        {"form": "courier.example/app/0", "looks": looks, "hollow": looks, "at": at.isoformat()}
        for looks, at in ((5, NOON), (3, NOON - HOUR))
    )
    for told in (later, earlier, later):
        await forms.enter(connection, [told], site="courier")
    assert await forms.known(connection, site="courier", most=9) == [{**later, "at": NOON}]
    assert await forms.known(connection, site="another", most=9) == []
