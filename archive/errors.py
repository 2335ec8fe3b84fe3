"""The errors microfiche raises on purpose.

MicroficheError            one line for a person: what is wrong, and what to do
├── ConfigError            microfiche.toml, the environment or a site's TOML (exit code 2)
├── StoreError             S3 cannot be reached, refuses us, or lost something
├── LedgerError            Postgres cannot be reached or refuses us
├── ServiceError           an embedded service cannot be started
└── ArchiveError           a record, an index line or a commit that is not what it says
"""


class MicroficheError(Exception):
    """Base of every error whose message is meant for the person at the terminal."""


class ConfigError(MicroficheError):
    """The configuration is wrong."""


class StoreError(MicroficheError):
    """The object store cannot be used, or lost something."""


class LedgerError(MicroficheError):
    """The ledger's Postgres cannot be used."""


class ServiceError(MicroficheError):
    """An embedded service cannot be started."""


class ArchiveError(MicroficheError):
    """Something archived is not what it says it is."""
