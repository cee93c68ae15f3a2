"""What can go wrong, as the operator tells it.

OperatorError
├── ForeignObjectError     a name that the stack needs belongs to somebody else
├── SecretMissingError     a volume without the password that opens it
├── RepairError            some objects could not be brought in line
├── UndoneError            others change an object back in the very write
├── SelfTestError          an installed operator doesn't work
├── TransientError         what may be over in a moment, whatever is done about it
└── cluster.errors.ClusterError and its children
"""

from __future__ import annotations


class OperatorError(Exception):
    """Base of all errors that the operator raises. Its text is fit to be shown to a person, and holds no secrets."""


class ForeignObjectError(OperatorError):
    """A child's name is taken by an object that isn't the operator's."""


class SecretMissingError(OperatorError):
    """There is a volume, but nobody knows its password any more."""


class RepairError(OperatorError):
    """Some objects could not be brought in line; the first cause is chained."""


class UndoneError(OperatorError):
    """What was written is changed by others in the very write, as webhooks do."""


class SelfTestError(OperatorError):
    """An installed operator doesn't do what it should."""


class TransientError(OperatorError):
    """It may be over in a moment: nothing but another try shows."""
