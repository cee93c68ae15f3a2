"""Which version this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    try:
        return metadata.version("bitcoincache")
    except metadata.PackageNotFoundError:  # an image holds the packages, not the distribution
        return "unreleased"
