"""Rules over more than one field, each told twice: in CEL for the API server and in Python for the operator.

The two stand side by side, so that whoever changes one sees the other; a test holds them against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel


@dataclass(frozen=True)
class Rule:
    """``cel`` must hold for the object, and ``holds`` says the same of the model.

    Rules about a change (CEL's ``oldSelf``) have no ``holds``: the operator sees one state only.
    """

    cel: str
    message: str
    holds: Callable[[Any], bool] | None = None

    def as_validation(self) -> Mapping[str, str]:
        """The entry of ``x-kubernetes-validations``."""
        return {"rule": self.cel, "message": self.message}


class SpecModel(BaseModel):
    """Base of everything under ``spec``: camelCase outside, immutable inside.

    Unknown fields and nulls count as left out: the API server prunes them at admission.
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")
    rules: ClassVar[tuple[Rule, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _nulls_pruned(cls, content: Any) -> Any:
        return _without_nulls(content)

    @model_validator(mode="after")
    def _rules_hold(self) -> Self:
        for rule in self.rules:
            if rule.holds is not None and not rule.holds(self):
                raise ValueError(rule.message)
        return self


def _without_nulls(content: Any) -> Any:
    """Fields of objects and keys of maps; what is in a list stays, as at admission."""
    if not isinstance(content, Mapping):
        return content
    return {key: _without_nulls(value) for key, value in content.items() if value is not None}
