from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.names import MAX_RESOURCE_NAME, Component, Names

NAMESPACE = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
NAME = st.from_regex(rf"[a-z]([a-z0-9-]{{0,{MAX_RESOURCE_NAME - 2}}}[a-z0-9])?", fullmatch=True)


def child_names(names: Names) -> list[str]:
    properties = [key for key, value in vars(Names).items() if isinstance(value, property)]
    return [
        *(getattr(names, key) for key in properties),
        names.prime("0123abcd"),
        *(names.service_account(component) for component in Component),
    ]


def test_the_names_of_a_stack_are_those_of_the_contract() -> None:
    names = Names("ns", "demo")
    assert names.persistent_volume == "ns-demo-postgres"
    assert names.prime("0123abcd") == "demo-prime-0123abcd"
    assert names.postgres_init_script == "demo-postgres-init-script"


@given(NAMESPACE, NAME)
def test_every_name_fits_into_a_dns_label(namespace: str, name: str) -> None:
    for child in child_names(Names(namespace, name)):
        assert len(child) <= 63
        assert child[0].isalnum()
        assert child[-1].isalnum()


@given(NAMESPACE, NAME, NAMESPACE, NAME)
def test_two_resources_never_share_a_volume(namespace: str, name: str, other_namespace: str, other: str) -> None:
    same = (namespace, name) == (other_namespace, other)
    volumes = Names(namespace, name).persistent_volume, Names(other_namespace, other).persistent_volume
    assert (volumes[0] == volumes[1]) == same


def test_a_dash_in_the_namespace_does_not_make_two_volumes_one() -> None:
    assert Names("a-b", "c").persistent_volume != Names("a", "b-c").persistent_volume


@given(NAMESPACE, NAME, st.sampled_from(Component))
def test_the_selector_is_within_the_labels(namespace: str, name: str, component: Component) -> None:
    names = Names(namespace, name)
    assert names.selector(component).items() <= names.labels(component).items()
