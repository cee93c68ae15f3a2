"""Writes the chart's README from its values and their comments: ``python hack/chart_readme.py ROOT``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from tables import table

CHART: Final = Path("charts/bitcoincache-operator")
_SOURCE: Final = Path(__file__).parents[1] / CHART

HEADER = """\
<!-- Generated from values.yaml by `make manifests`: change the values and their comments, not this file. -->
# {name}

{description}. Version {version}, for Kubernetes {kubeVersion}.

```console
$ helm install bitcoincache-operator charts/bitcoincache-operator --namespace bitcoincache-system --create-namespace
$ helm test bitcoincache-operator --namespace bitcoincache-system
```

Upgrading, uninstalling, metrics, alerts and backups: [docs/operating.md](../../docs/operating.md). The resource:
[docs/reference.md](../../docs/reference.md).

## Values
"""


def main(root: Path) -> None:
    """Writes the one file. Raises ValueError that names a value without a comment."""
    values = (_SOURCE / "values.yaml").read_text("utf-8")
    metadata = yaml.safe_load((_SOURCE / "Chart.yaml").read_text("utf-8"))
    rows = ((f"`{path}`", f"`{json.dumps(default)}`", comment) for path, default, comment in described(values))
    lines = [HEADER.format_map(metadata), *table("value", "default", "what it is", rows=rows)]
    folder = root / CHART
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text("\n".join(lines) + "\n", "utf-8")


def described(text: str) -> Iterator[tuple[str, Any, str]]:
    """Path, default and comment of every value that stands on a line of its own, in their order."""
    values = yaml.safe_load(text)
    path: list[str] = []
    comment: list[str] = []
    for line in text.splitlines():
        content = line.strip()
        if content.startswith("#"):
            comment.append(content.removeprefix("#").strip())
        elif content:
            depth = (len(line) - len(line.lstrip())) // 2
            key, _, rest = content.partition(":")
            path[depth:] = [key]
            if rest.strip():
                yield ".".join(path), _at(values, path), _explained(path, comment)
            comment = []


def _at(values: Any, path: list[str]) -> Any:
    for key in path:
        values = values[key]
    return values


def _explained(path: list[str], comment: list[str]) -> str:
    if not comment:
        raise ValueError(f"{'.'.join(path)} has no comment in values.yaml: say what it is")
    return " ".join(comment)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
