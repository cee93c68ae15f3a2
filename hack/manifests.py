"""Writes what is generated from the models: ``python hack/manifests.py ROOT`` (ROOT/crds and the chart's copy)."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from bitcoincache_api.crd.schema import custom_resource_definition
from bitcoincache_api.names import GROUP, PLURAL

HEADER = "# Generated from api/bitcoincache_api/crd by `make manifests`: change the models, not this file.\n"


def main(root: Path) -> None:
    """Writes the same CustomResourceDefinition to both places: a chart can't read files outside of itself."""
    text = HEADER + yaml.safe_dump(custom_resource_definition(), sort_keys=False, width=120)
    for folder in (root / "crds", root / "charts/bitcoincache-operator/files"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{PLURAL}.{GROUP}.yaml").write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
