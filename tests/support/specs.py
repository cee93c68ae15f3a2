"""Any valid spec."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bitcoincache_api.crd.spec import BitcoinCacheSpec
from bitcoincache_api.names import MAX_RESOURCE_NAME, Names
from bitcoincache_operator.builders.stack import DatabaseLogin, Images, Stack

IMAGES = Images("backend:1", "frontend:1", "postgres:15", "redis:7", "redisinsight:2")
LOGIN = DatabaseLogin("bitcoin", "very secret")


def stack(namespace: str = "ns", name: str = "demo", **spec: Any) -> Stack:
    """One stack; what isn't said is the default."""
    wanted = BitcoinCacheSpec.model_validate(spec)
    return Stack(Names(namespace, name), "uid-1", wanted, IMAGES.chosen_by(wanted))


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


_LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?", fullmatch=True)
_IMAGES = st.from_regex(r"[a-z]{1,20}(/[a-z]{1,20})?:[a-z0-9.]{1,10}", fullmatch=True)
_RESOURCES = st.tuples(st.integers(1, 2000), st.integers(1, 2000), st.sampled_from(["M", "Mi", "000000"])).map(
    lambda drawn: {
        "requests": {"cpu": f"{drawn[0]}m", "memory": f"{drawn[1]}{drawn[2]}"},
        "limits": {"cpu": f"{drawn[0] + 1}m", "memory": f"{drawn[1] + 1}{drawn[2]}"},
    }
)
_DURATIONS = st.integers(1, 3600).map(lambda seconds: f"{seconds}s")
_SERVICES = st.one_of(
    _optional(
        type=st.sampled_from(["NodePort", "LoadBalancer"]),
        port=st.integers(1, 65535),
        nodePort=st.integers(30000, 32767),
        annotations=st.dictionaries(_LABEL, st.text(max_size=20), max_size=3),
        loadBalancerSourceRanges=st.lists(st.sampled_from(["10.0.0.0/8", "2001:db8::/32"]), unique=True),
    ),
    st.fixed_dictionaries({"type": st.just("ClusterIP"), "port": st.integers(1, 65535)}),
)
_STORAGE = st.one_of(
    _optional(size=st.integers(1, 5000).map(lambda size: f"{size}Mi"), storageClassName=_LABEL),
    _optional(storageClassName=st.just("manual"), path=st.sampled_from(["/srv/data", "/data"])),
)
_POSTGRES = _optional(
    image=_IMAGES,
    resources=_RESOURCES,
    database=st.from_regex(r"[a-z_][a-z0-9_]{0,30}", fullmatch=True),
    parameters=st.dictionaries(
        st.from_regex(r"[a-su-z][a-z_]{0,20}", fullmatch=True).filter(lambda name: not name.endswith(("file", "port"))),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
        max_size=4,
    ),
    storage=_STORAGE,
)
_AUTOSCALING = st.tuples(st.integers(1, 100), st.integers(1, 100), st.integers(1, 1000)).map(
    lambda drawn: {
        "minReplicas": min(drawn[:2]),
        "maxReplicas": max(drawn[:2]),
        "targetCPUUtilization": drawn[2],
    }
)
CONTENTS = _optional(
    replicas=st.integers(0, 100),
    deletionPolicy=st.sampled_from(["Retain", "Delete"]),
    cache=_optional(ttl=_DURATIONS, warming=st.just({"schedule": "*/5 * * * *"}), controls=st.booleans()),
    backend=_optional(
        image=_IMAGES, resources=_RESOURCES, logLevel=st.sampled_from(["DEBUG", "ERROR"]), autoscaling=_AUTOSCALING
    ),
    frontend=_optional(
        replicas=st.integers(0, 100), image=_IMAGES, resources=_RESOURCES, pollInterval=_DURATIONS, service=_SERVICES
    ),
    postgres=_POSTGRES,
    redis=_optional(image=_IMAGES, maxMemory=st.integers(1, 500).map(lambda size: f"{size}Mi")),
    redisInsight=_optional(enabled=st.booleans(), image=_IMAGES, resources=_RESOURCES, service=_SERVICES),
    networkPolicy=_optional(enabled=st.booleans(), metricsFrom=st.dictionaries(_LABEL, _LABEL, max_size=2)),
    imagePullSecrets=st.lists(_LABEL, unique=True, max_size=3),
)

stacks = st.builds(
    lambda namespace, name, spec: stack(namespace, name, **spec),
    st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True),
    _LABEL.filter(lambda name: len(name) <= MAX_RESOURCE_NAME),
    CONTENTS,
)
"""Any stack of any valid spec, in any namespace, by any valid name."""
