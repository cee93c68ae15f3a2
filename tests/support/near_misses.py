"""Specs that are valid, or almost: one or two fields of a valid one hold something odd."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from hypothesis import strategies as st

from bitcoincache_api.crd.schema import structural_schema
from bitcoincache_api.crd.spec import BitcoinCacheSpec
from support.specs import CONTENTS

Path = tuple[str, ...]


def _paths(schema: dict[str, Any], at: Path = ()) -> Iterator[Path]:
    for name, field in schema.get("properties", {}).items():
        yield (*at, name)
        yield from _paths(field, (*at, name))
    if "additionalProperties" in schema:
        yield (*at, "work_mem")


PATHS: Final = list(_paths(structural_schema(BitcoinCacheSpec)))
"""Of every field, and of one key in each map."""

_TEXTS: Final = [
    *("", " ", "a", "A", "0", "é", "a\n", "\n", "\x00", "\x1f", "\x7f", "\u2028", "٣", "a" * 63, "a" * 64, "é" * 512),
    *(
        "x" * 20_000,
        "true",
        "null",
        "/",
        "/a",
        "/a/",
        "/../a",
        "//a",
        "/a/..b",
        "/a b",
        "a.b",
        "a..b",
        "-a",
        "a-",
        "_a",
    ),
    *("template0", "postgres", "manual", "DEBUG", "debug", "Retain", "NodePort", "ClusterIP", "Manual"),
]
_QUANTITIES: Final = [
    *(
        "1e3",
        "0.5Gi",
        "1k",
        "1K",
        "-1",
        "+1",
        "1.",
        ".5",
        "1.0005",
        "0.0005",
        "0.1m",
        "5Gi\n",
        "5 Gi",
        "5gi",
        "5G",
        "5T",
    ),
    *(
        "1Ei",
        "999999999999Pi",
        "999999999998Pi",
        "9999Pi",
        "8191Pi",
        "0000",
        "0.000Ki",
        "1048576",
        "1Mi",
        "512Mi",
        "500m",
    ),
]
_DURATIONS: Final = [
    *(
        "1h30m",
        "0s",
        "1s",
        "24h",
        "24h0m1s",
        "24h0m0s",
        "1m1h",
        "1.5h",
        "1h 5m",
        "86400s",
        "86401s",
        "1d",
        "1ms",
        "-1s",
    ),
    *("999999h999999h999999h", "60m", "3601s", "1h1h1h1h", "1"),
]
_CIDRS: Final = [
    *(
        "10.0.0.0/8",
        "10.1.2.3/8",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "010.0.0.0/8",
        "10.0.0.0",
        "10.0.0/8",
        "0.0.0.0/0",
        "1/8",
    ),
    *(
        "::/0",
        "::1/128",
        "::/129",
        "2001:db8::/32",
        "2001:DB8::/32",
        "fe80::1%eth0/64",
        "::ffff:10.0.0.0/104",
        "::10.0.0.0/96",
    ),
    *(
        "::ffff:0:0/96",
        "0:0:0:0:0:0:0:0/0",
        "0000:0000:0000:0000:0000:0000:255.255.255.255/128",
        "1:2:3:4:5:6:7::/64",
        "/8",
    ),
]
_SCHEDULES: Final = [
    "0 * * * *",
    "@daily",
    "@every 1h",
    "* * * *",
    "0  *  *  *  *",
    "0 0 1 JAN ?",
    "*/5 * * * * *",
    "@daily\n",
]
_IMAGES: Final = ["a", "a:b", "a@sha256:0", "host:5000/a/b:c", "/a", "a b", "a:\n", "é:1", "a" * 512, "a" * 513]
_NUMBERS: Final = [
    -1,
    0,
    1,
    2,
    50,
    80,
    100,
    101,
    29999,
    30000,
    32767,
    32768,
    65535,
    65536,
    999_999_999_999,
    10**12,
    2**63,
    10**30,
]
_MAPS: Final = [
    {},
    {"a": None},
    {"a": 1},
    {"": ""},
    {"é": ""},
    {"a/b": "c"},
    {"a/b/c": ""},
    {"a" * 63: ""},
    {"a" * 64: ""},
    {"b.c": "\n"},
    {"port": "1"},
    {"bitcoincache.dev/a": ""},
    {f"a{number}": "" for number in range(32)},
    {f"a{number}": "" for number in range(65)},
]
_LISTS: Final = [[], [None], ["10.0.0.0/8"] * 2, ["10.0.0.0/8"] * 64, ["10.0.0.0/8"] * 65, [[]], [{}], [1]]

ODD: Final[st.SearchStrategy[Any]] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(_NUMBERS),
    st.sampled_from([-1.0, 0.5, 1.0, 1.5, 30000.0, 1e300]),
    *(st.sampled_from(kind) for kind in (_TEXTS, _QUANTITIES, _DURATIONS, _SCHEDULES, _IMAGES)),
    st.sampled_from(_MAPS),
    st.sampled_from(_LISTS),
    st.text(max_size=30),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


def _with(spec: dict[str, Any], changes: list[tuple[Path, Any]]) -> dict[str, Any]:
    out = copy.deepcopy(spec)
    for path, value in changes:
        inner = out
        for name in path[:-1]:
            if not isinstance(inner.get(name), dict):
                inner[name] = {}
            inner = inner[name]
        inner[path[-1]] = value
    return out


def _values(path: Path) -> st.SearchStrategy[tuple[Path, Any]]:
    """What the field's kind makes interesting as often as anything else."""
    kinds: dict[str, list[Any]] = {
        "ttl": _DURATIONS,
        "pollInterval": _DURATIONS,
        "schedule": _SCHEDULES,
        "image": _IMAGES,
        "cpu": _QUANTITIES,
        "memory": _QUANTITIES,
        "size": _QUANTITIES,
        "maxMemory": _QUANTITIES,
        "replicas": _NUMBERS,
        "minReplicas": _NUMBERS,
        "maxReplicas": _NUMBERS,
        "targetCPUUtilization": _NUMBERS,
        "port": _NUMBERS,
        "nodePort": _NUMBERS,
        "annotations": _MAPS,
        "parameters": _MAPS,
        "metricsFrom": _MAPS,
        "imagePullSecrets": [
            *_LISTS,
            ["a"],
            ["a", "a"],
            ["A"],
            ["a.b-c"],
            ["a..b"],
            ["a" * 254],
            [f"a{n}" for n in range(17)],
        ],
        "loadBalancerSourceRanges": [*_LISTS, *([text] for text in _CIDRS)],
    }
    fitting = st.sampled_from(kinds.get(path[-1], _TEXTS))
    return st.tuples(st.just(path), fitting | fitting | ODD)


_STRAY: Final = st.tuples(
    st.sampled_from(PATHS), st.sampled_from(["unknown", "deletion_policy", "log_level", "size", "cpu"]), ODD
).map(lambda drawn: ((*drawn[0][:-1], drawn[1]), drawn[2]))
"""Fields where there are none of that name."""

_CHANGE: Final = st.sampled_from(PATHS).flatmap(_values)

near_misses: Final = st.builds(_with, CONTENTS, st.lists(_CHANGE | _CHANGE | _STRAY, min_size=1, max_size=2))
"""Valid ones among them; whether one is, is for others to say."""
