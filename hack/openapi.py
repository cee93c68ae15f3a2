"""Writes what the page is built with from the API's models: ``python hack/openapi.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bitcoincache_api.http import OUTCOME_UNKNOWN, NewBitcoin, PageQuery
from bitcoincache_app.openapi import document

HEADER = "/** Generated from bitcoincache_api/http.py by `make manifests`: change the models, not this file. */\n"


def main(folder: Path) -> None:
    """Writes openapi.json, which types are made of, and rules.ts: the limits that types can't tell."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openapi.json").write_text(document(), "utf-8")
    (folder / "rules.ts").write_text("\n".join([HEADER, *_rules()]) + "\n", "utf-8")


def _rules() -> list[str]:
    coin: dict[str, Any] = NewBitcoin.model_json_schema()["properties"]
    page: dict[str, Any] = PageQuery.model_json_schema()["properties"]
    rules = {
        "SYMBOL_PATTERN": coin["symbol"]["pattern"],
        "MAX_PRICE": coin["price"]["maximum"],
        "MAX_LIMIT": page["limit"]["maximum"],
        "OUTCOME_UNKNOWN": OUTCOME_UNKNOWN,
    }
    return [f"export const {name} = {rule!r};" for name, rule in rules.items()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
