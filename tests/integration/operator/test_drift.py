"""Whatever others do to a field that the operator set is undone, and told by a metric; what is theirs stays theirs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final

from bitcoincache_api.names import FIELD_MANAGER
from bitcoincache_operator.kinds import OWNED
from bitcoincache_operator.sync import APPLIED_ANNOTATION
from integration.operator.lane import Lane
from support.fields import Path as FieldPath
from support.fields import at, fields_of, others, pointer
from support.kubernetes import ApiError, Object

_PLURALS: Final = {kind.kind: kind.plural for kind in OWNED}


@dataclass(frozen=True)
class Leaf:
    """One field of one object, and what it was set to."""

    kind: str
    name: str
    path: FieldPath
    value: Any

    @property
    def plural(self) -> str:
        return _PLURALS[self.kind]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {pointer(self.path)}"


def test_every_field_that_is_set_comes_back_and_is_counted(field: Lane) -> None:
    queues = shared_out(drifting(field))
    total = sum(map(len, queues.values()))
    before, edits = repaired(field), Counter[str]()
    while any(queues.values()):
        # One of each object at a time: the repair of one must not hide that another went unnoticed.
        edited = [leaf for queue in queues.values() if (leaf := next_edit(field, queue))]
        try:
            field.until("all are as they were", partial(all_back, field, edited), field.play)
        except AssertionError as error:
            raise AssertionError(f"not undone: {'; '.join(map(str, changed(field, edited)))}") from error
        edits.update(leaf.kind for leaf in edited if APPLIED_ANNOTATION not in leaf.path)
    assert edits.total() > 0.8 * total, f"the API server let {edits.total()} of {total} be edited"
    after = repaired(field)
    assert {kind: after[kind] - before[kind] for kind in edits} == edits


def test_labels_and_owners_that_were_taken_away_come_back(field: Lane) -> None:
    for taken in ("labels", "ownerReferences"):
        wanted = {(item["kind"], item["metadata"]["name"]): item["metadata"].get(taken) for item in drifting(field)}
        for (kind, name), had in wanted.items():
            if had:
                field.api.patch(_PLURALS[kind], name, {"metadata": {taken: None}})
        field.until(f"{taken} are back", partial(have, field, taken, wanted), field.play)


def test_what_others_set_stays(field: Lane) -> None:
    mine: dict[str, Object] = {
        "Deployment": {
            "spec": {
                "progressDeadlineSeconds": 77,
                "template": {
                    "metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"}}
                },
            }
        },
        "Service": {"spec": {"sessionAffinity": "ClientIP"}},
        "CronJob": {"spec": {"timeZone": "Etc/UTC"}},
    }
    marks = {"metadata": {"annotations": {"example.com/note": "mine"}, "labels": {"example.com/team": "mine"}}}
    for item in drifting(field):
        field.api.patch(_PLURALS[item["kind"]], item["metadata"]["name"], {**mine.get(item["kind"], {}), **marks})
    field.visited(field.play)
    field.settle()
    before = field.writes()
    for item in drifting(field):
        name = item["metadata"]["name"]
        # No annotation: that is another generation to Deployments, which waits for its controller.
        field.api.patch(_PLURALS[item["kind"]], name, {"metadata": {"labels": {"example.com/again": "yes"}}})
    field.rest()
    assert field.writes() == before
    for item in drifting(field):
        assert holds(item, {**mine.get(item["kind"], {}), **marks}), item["metadata"]["name"]


def drifting(field: Lane) -> list[Object]:
    """Jobs aside, which run once as they are."""
    return [item for item in field.owned() if item["kind"] != "Job"]


def leaves(item: Object) -> list[Leaf]:
    """All but what is a person's to change: the password, where its truth is, and to whom the object belongs."""
    found = [
        Leaf(item["kind"], item["metadata"]["name"], path, at(item, path)) for path in fields_of(item, FIELD_MANAGER)
    ]
    is_truth = item["metadata"]["name"] == "demo-postgres-secret"
    return [
        leaf
        for leaf in found
        if not (is_truth and leaf.path[0] == "data")
        # The API server lets a volume's capacity be changed, and nobody asks it: it stays as it is.
        and not (leaf.kind == "PersistentVolume" and "capacity" in leaf.path)
        # What has an owner that doesn't exist is the garbage collector's.
        and not ("ownerReferences" in leaf.path and leaf.path[-1] in ("uid", "controller"))
    ]


def shared_out(objects: list[Object]) -> dict[tuple[str, str], list[Leaf]]:
    """Each field of each kind once, by the object that has it and the fewest others: the work is the same for all."""
    queues: dict[tuple[str, str], list[Leaf]] = {(item["kind"], item["metadata"]["name"]): [] for item in objects}
    holders: defaultdict[tuple[str, FieldPath], list[Leaf]] = defaultdict(list)
    for leaf in chain.from_iterable(map(leaves, objects)):
        holders[leaf.kind, leaf.path].append(leaf)
    for same in sorted(holders.values(), key=len):
        chosen = min(same, key=lambda leaf: len(queues[leaf.kind, leaf.name]))
        queues[chosen.kind, chosen.name].append(chosen)
    return queues


def next_edit(field: Lane, queue: list[Leaf]) -> Leaf | None:
    """Edits the next leaf that the API server lets be edited, and gives it; None where none is left."""
    while queue:
        leaf = queue.pop()
        for value in others(leaf.value):
            try:
                operation = {"op": "replace", "path": pointer(leaf.path), "value": value}
                changed = field.api.edit(leaf.plural, leaf.name, operation)
            except ApiError as error:
                if error.status not in (400, 422):
                    raise
                continue
            if at(changed, leaf.path) != leaf.value:
                return leaf
    return None


def all_back(field: Lane, edited: list[Leaf]) -> bool:
    return not changed(field, edited)


def changed(field: Lane, edited: list[Leaf]) -> list[Leaf]:
    return [leaf for leaf in edited if at(field.api.get(leaf.plural, leaf.name), leaf.path) != leaf.value]


def have(field: Lane, part: str, wanted: Mapping[tuple[str, str], Any]) -> bool:
    return all(field.api.get(_PLURALS[kind], name)["metadata"].get(part) == had for (kind, name), had in wanted.items())


def repaired(field: Lane) -> dict[str, int]:
    return {
        kind: int(field.operator.metric(f'bitcoincache_drift_repaired_total{{kind="{kind}"}}')) for kind in _PLURALS
    }


def holds(live: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(holds(live.get(key), value) for key, value in wanted.items())
    return bool(live == wanted)
