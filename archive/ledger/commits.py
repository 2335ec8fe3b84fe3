"""A commit entered into the ledger: what shipping does, and what `rebuild` does again for all of them."""

from datetime import datetime
from typing import TYPE_CHECKING

from archive.ledger import Connection, attempts, embeds, forms, resources, sites, urls
from archive.ledger.attempts import Attempt

if TYPE_CHECKING:
    from archive.commit import Commit


def attempt_of(commit: "Commit") -> Attempt:
    """The ledger's name for a commit's attempt."""
    return Attempt(site=commit.name.site, run=commit.name.run, number=commit.name.attempt, tick=commit.tick)


async def enter(connection: Connection, commit: "Commit", *, at: datetime) -> Attempt:
    """Enters a commit: site, attempt, outcomes, resources; `at` is when it was committed, as far as is known.

    Entering twice changes nothing; what a later attempt decided stays.
    """
    attempt, site = attempt_of(commit), commit.name.site
    await sites.restore(connection, name=site, home=commit.home, toml=commit.toml, tick=commit.tick)
    await attempts.restore(
        connection, attempt, machine=commit.machine, started=commit.started_at, ended=commit.ended_at
    )
    await urls.decide(connection, commit.outcomes, site=site, run=attempt.run)
    await urls.put_documents(connection, commit.documents, site=site)
    await resources.enter(connection, commit.resources, site=site)
    await embeds.enter(
        connection,
        site=site,
        due=commit.embeds_due,
        settled=commit.embeds_settled,
        missed=commit.embeds_missed,
        since=commit.started_at,
    )
    await forms.enter(connection, commit.forms, site=site)
    await attempts.commit(connection, attempt, ended=commit.ended, counts=commit.counts, at=at)
    await attempts.release(connection, run=attempt.run, number=attempt.number)
    return attempt
