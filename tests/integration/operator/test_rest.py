"""With nothing to do, the operator writes nothing, and reads no more than its resync asks for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from bitcoincache_operator.kinds import OWNED
from integration.operator.lane import EVERYTHING, lane
from support.apiserver import ApiServer

_RESYNCS: Final = 4
_SECONDS: Final = "4"
"""Between two of them: long enough for a slow machine to come to rest in between."""


def test_at_rest_it_writes_nothing_over_several_resyncs(faulty_cluster: ApiServer, tmp_path: Path) -> None:
    with lane(faulty_cluster, tmp_path, resync_seconds=_SECONDS) as field:
        field.create(**EVERYTHING)
        field.settle()
        assert {item["kind"] for item in field.owned()} == {kind.kind for kind in OWNED}
        # Counted where it counts: in the API server's audit log, and none of another operator's of this cluster.
        writes, first = len(field.operator_writes()), len(field.proxy.seen)
        visits = field.operator.metric("bitcoincache_reconciles_total")
        field.until(
            "resyncs",
            lambda: field.operator.metric("bitcoincache_reconciles_total") >= visits + _RESYNCS,
        )
        assert len(field.operator_writes()) == writes
        assert field.writes() == [request for request in field.proxy.seen[:first] if request.write]

        reads = Counter(request.path for request in field.proxy.seen[first:] if not request.watches)
        visited = field.operator.metric("bitcoincache_reconciles_total") - visits
        assert max(reads.values()) <= visited + 1
