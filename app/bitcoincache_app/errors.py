"""What can go wrong in the backend's own words.

    BackendError
    ├── NotFoundError           no coin of that symbol
    ├── AlreadyExistsError      a coin of that symbol is there
    ├── VersionMismatchError    the coin has moved on from the version the client named
    ├── PasswordRefusedError    PostgreSQL takes no password that is known
    └── UnavailableError        something needed does not answer; nothing was changed
        ├── StoreUnavailableError    PostgreSQL
        │   └── OutcomeUnknownError  ... and it may or may not have made the write
        ├── CacheUnavailableError    Redis
        │   ├── RedisRefusedError    ... it answers, but not as it was asked
        │   └── EpochPassedError     ... that was asked is not the one that is trusted by now
        └── WritesPausedError        writes are refused while Redis can't be told of them

Adapters turn their libraries' errors into these, the HTTP edge turns these into problem details.
"""

from __future__ import annotations

from bitcoincache_app.answers import Outcome


class BackendError(Exception):
    """Base of all errors of the backend. Its message is fit for clients: no internals, no secrets."""


class NotFoundError(BackendError):
    """There is no coin of that symbol. ``outcome`` tells, of a read, how the cache took part in finding that out."""

    def __init__(self, symbol: str, outcome: Outcome | None = None) -> None:
        super().__init__(f"There is no coin {symbol}.")
        self.outcome = outcome


class AlreadyExistsError(BackendError):
    """A coin of that symbol is there already."""

    def __init__(self, symbol: str) -> None:
        super().__init__(f"{symbol} exists already; change its price with PUT.")


class VersionMismatchError(BackendError):
    """The coin is absent or no longer of the version that the client named."""

    def __init__(self, symbol: str) -> None:
        super().__init__(f"{symbol} is not of the version that If-Match names; read it again.")


class PasswordRefusedError(BackendError):
    """PostgreSQL takes no password that this process knows. Trying again won't help: someone has to tell it another."""


class UnavailableError(BackendError):
    """Something that is needed does not answer now. Trying again later may help."""


class StoreUnavailableError(UnavailableError):
    """PostgreSQL does not answer. Nothing was changed."""


class OutcomeUnknownError(StoreUnavailableError):
    """PostgreSQL's answer to a write was lost: it may or may not have been made."""


class CacheUnavailableError(UnavailableError):
    """Redis does not answer."""


class RedisRefusedError(CacheUnavailableError):
    """Redis answered with an error, and the command did nothing. ``code`` is its first word: NOSCRIPT, OOM, ..."""

    def __init__(self, code: str) -> None:
        super().__init__("Redis refused a command.")
        self.code = code


class EpochPassedError(CacheUnavailableError):
    """The write was announced to a Redis that is not trusted any more, and was not made."""


class WritesPausedError(UnavailableError):
    """A write could not be announced to Redis, so it was not begun."""
