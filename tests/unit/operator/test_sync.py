"""What is a difference, and what is the API server's own doing."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_operator.builders import backend, postgres, redis
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.fingerprint import fingerprint
from bitcoincache_operator.kinds import Manifest
from bitcoincache_operator.sync import anew, digest, holds, in_sync, stamped, surplus, was_applied
from support.specs import LOGIN, stack

_JSON = st.recursive(
    st.booleans() | st.integers() | st.text(min_size=1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
)


EXACT = {"selector", "podSelector", "labelSelector", "ingress", "egress", "ownerReferences"}
"""Where nothing may be added."""


@given(_JSON)
def test_everything_holds_itself(content: Any) -> None:
    assert holds(content, copy.deepcopy(content))


@given(st.dictionaries(st.text(min_size=1), _JSON), st.dictionaries(st.text(min_size=1), _JSON))
def test_what_the_server_adds_is_no_difference(wanted: dict[str, Any], added: dict[str, Any]) -> None:
    assert holds({key: value for key, value in wanted.items() if key not in EXACT}, {**added, **wanted})


@given(st.dictionaries(st.text(min_size=1), _JSON, min_size=1))
def test_equal_content_has_equal_digests_whatever_its_order(content: dict[str, Any]) -> None:
    assert digest(content) == digest(dict(reversed(content.items())))


@pytest.mark.parametrize(
    ("wanted", "live"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {}),
        ({"a": [1]}, {"a": [1, 2]}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2, "c": 3}]}),
        ({"a": {"b": 1}}, {"a": None}),
        ({"env": []}, {"env": [{"name": "X"}]}),
        ({"selector": {"a": "b"}}, {"selector": {"a": "b", "c": "d"}}),
        ({"podSelector": {"a": "b"}}, {"podSelector": {"a": "b", "c": "d"}}),
        ({"ingress": [{"ports": [1], "from": [{"x": 1}]}]}, {"ingress": [{"ports": [1], "from": [{"x": 1, "y": 2}]}]}),
        ({"ownerReferences": [{"uid": "1"}]}, {"ownerReferences": [{"uid": "2"}]}),
    ],
)
def test_a_difference_is_seen(wanted: Any, live: Any) -> None:
    assert not holds(wanted, live)


@pytest.mark.parametrize(
    ("wanted", "live"),
    [
        ({"a": {}}, {}),
        ({"a": []}, {"a": None}),
        ({"egress": []}, {}),
        ({"emptyDir": {}}, {"emptyDir": {"medium": "Memory"}}),
        ({"ownerReferences": [{"uid": "1"}]}, {"ownerReferences": [{"uid": "2"}, {"uid": "1"}]}),
    ],
)
def test_a_missing_field_equals_an_empty_one(wanted: Any, live: Any) -> None:
    assert holds(wanted, live)


def test_what_was_applied_is_in_sync() -> None:
    manifest = backend.deployment(stack(), LOGIN)
    assert in_sync(manifest, stamped(manifest))
    assert "annotations" not in redis.foundation(stack())[1]["metadata"]


def test_a_field_that_is_no_longer_wanted_shows_by_the_stamp() -> None:
    manifest = backend.deployment(stack(), LOGIN)
    live = stamped({**manifest, "spec": {**manifest["spec"], "minReadySeconds": 9}})
    assert holds(manifest, live)
    assert not was_applied(manifest, live)
    assert not in_sync(manifest, live)


@pytest.mark.parametrize("secret", [postgres.secret, backend.secret])
def test_a_secrets_stamp_can_not_be_guessed_quickly(
    secret: Callable[[Stack, DatabaseLogin], Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest, guess = secret(stack(), LOGIN), secret(stack(), DatabaseLogin(LOGIN.user, "a guess"))
    assert in_sync(manifest, stamped(manifest))
    assert not was_applied(guess, stamped(manifest))

    class SlowError(Exception):
        """What it takes."""

    def scrypt(*_: Any, **__: Any) -> bytes:
        raise SlowError

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    fingerprint.cache_clear()
    with pytest.raises(SlowError):
        stamped(manifest)


def test_keys_that_others_added_to_configuration_are_taken_away() -> None:
    [_, manifest, _] = redis.foundation(stack())
    live = copy.deepcopy(manifest)
    live["data"]["other.conf"] = "x"
    assert surplus(manifest, live) == {"data": {"other.conf": None}}
    assert not surplus(manifest, manifest)


def test_entries_that_others_added_to_a_list_are_taken_away_and_nothing_else() -> None:
    manifest = backend.deployment(stack(), LOGIN)
    live = copy.deepcopy(manifest)
    live["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "X", "value": "y"}]
    live["spec"]["template"]["spec"]["dnsPolicy"] = "ClusterFirst"
    containers = manifest["spec"]["template"]["spec"]["containers"]
    assert surplus(manifest, live) == {"spec": {"template": {"spec": {"containers": containers}}}}


def test_a_list_with_an_entry_of_another_key_is_written_anew() -> None:
    manifest = backend.service(stack())
    live = copy.deepcopy(manifest)
    live["spec"]["ports"][0]["protocol"] = "UDP"
    live["spec"]["ipFamilies"] = ["IPv4"]
    assert anew(manifest, live) == {"spec": {"ports": manifest["spec"]["ports"]}}
    assert not anew(manifest, {**manifest, "spec": {**manifest["spec"], "ipFamilies": ["IPv4"]}})


def test_a_map_of_another_type_loses_what_that_type_brought() -> None:
    manifest = redis.deployment(stack())
    live = copy.deepcopy(manifest)
    live["spec"]["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}
    assert anew(manifest, live) == {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}}
    assert not anew(manifest, manifest)
