"""What was done about a page's consent banner: part of the capture, since it decides what the page shows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, get_args

Outcome = Literal["none", "rejected", "acknowledged", "accepted", "hidden", "pay_wall", "failed"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The end of one banner.

    none          no banner was met
    rejected      everything that may be refused was
    acknowledged  the banner left no choice and was closed
    accepted      the site's policy is to accept
    hidden        no button helped: it was taken out of sight, and the page unlocked
    pay_wall      pay or accept: there is no way to refuse, and we did neither
    failed        it still stands

    `platform` names the consent platform where known ("onetrust"; "fallback" for one that no rule knows), `action` what
    was done ("rule", "click", "settings", "hide"), `label` the last button pressed, `clicks` how many were, and
    `milliseconds` how long it took, proof included. `detail` says why it failed.
    """

    outcome: Outcome = "none"
    platform: str | None = None
    action: str | None = None
    label: str | None = None
    clicks: int = 0
    milliseconds: int = 0
    detail: str | None = None

    def told(self) -> dict[str, Any]:
        """The form in records and in `capture.consent`; without `detail` where there is none."""
        return {name: value for name, value in asdict(self).items() if name != "detail" or value is not None}

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> "Consent":
        """Reads what `told` gave; unknown fields are passed over. Raises ValueError for an outcome that is none."""
        if told.get("outcome") not in OUTCOMES:
            raise ValueError(f"{told.get('outcome')!r} is no outcome of a consent banner")
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in told.items() if name in names})
