"""Types of single fields, with what the API server checks of them."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from bitcoincache_api.quantities import DURATION_PATTERN, QUANTITY_PATTERN, parse_duration, parse_quantity


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _checked_quantity(text: str) -> str:
    parse_quantity(text)
    return text


def _integral(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WholeNumber = Annotated[int, BeforeValidator(_integral)]
"""An integer as JSON Schema has it: 3.0 is one."""

NodePort = Annotated[int, Field(strict=True, ge=30000, le=32767), BeforeValidator(_integral)]
"""A port of the range that Kubernetes keeps for nodes unless told otherwise."""

Quantity = Annotated[
    str,
    BeforeValidator(_number_as_text),
    AfterValidator(_checked_quantity),
    WithJsonSchema(
        {
            "x-kubernetes-int-or-string": True,
            "anyOf": [{"type": "integer"}, {"type": "string"}],
            "minimum": 0,
            "maximum": 999_999_999_999,
            "pattern": QUANTITY_PATTERN,
            "maxLength": 20,
        }
    ),
]


def _duration_between(least: str, most: str) -> AfterValidator:
    def check(text: str) -> str:
        if not parse_duration(least) <= parse_duration(text) <= parse_duration(most):
            raise ValueError(f"must be between {least} and {most}")
        return text

    return AfterValidator(check)


def _duration_schema(least: str, most: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "string",
            "pattern": DURATION_PATTERN,
            "maxLength": 21,
            "x-kubernetes-validations": [
                {
                    "rule": f"duration(self) >= duration('{least}') && duration(self) <= duration('{most}')",
                    "message": f"must be between {least} and {most}, such as 1h30m or 5s",
                }
            ],
        }
    )


CacheTtl = Annotated[str, _duration_between("1s", "24h"), _duration_schema("1s", "24h")]
PollInterval = Annotated[str, _duration_between("1s", "1h"), _duration_schema("1s", "1h")]

ImageReference = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$", min_length=1, max_length=512)
]
"""Registries, repositories, tags and digests; the runtime judges the rest."""


SecretName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", max_length=253),
]


def _checked_cidr(text: str) -> str:
    """Holds what CEL's isCIDR holds: no zone, no leading zero, no IPv4 address dressed as an IPv6 one."""
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isascii() or not prefix.isdigit() or (len(prefix) > 1 and prefix[0] == "0"):
        raise ValueError("write an address range such as 10.0.0.0/8")
    if "%" in address:
        raise ValueError("an address range has no zone")
    if getattr(ipaddress.ip_address(address), "ipv4_mapped", None) is not None:
        raise ValueError("write an IPv4 range as such, for instance 10.0.0.0/8")
    ipaddress.ip_network(text, strict=False)
    return text


Cidr = Annotated[
    str,
    StringConstraints(max_length=43),
    AfterValidator(_checked_cidr),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": 43,
            "x-kubernetes-validations": [
                {"rule": "isCIDR(self)", "message": "write an address range such as 10.0.0.0/8"}
            ],
        }
    ),
]

CronSchedule = Annotated[
    str,
    StringConstraints(
        pattern=r"^(@(yearly|annually|monthly|weekly|daily|hourly)|[0-9*/,\-]+( +[0-9A-Za-z*/,?\-]+){4})$",
        max_length=100,
    ),
]
