"""The page, built by Vite."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

FRONTEND: Final = Path(__file__).parents[2] / "frontend"


def built(folder: Path, config: str = "vite.config.ts") -> Path:
    """``folder``, which then holds what `npm run build` makes, or what another configuration of it does."""
    vite = FRONTEND / "node_modules/.bin/vite"
    done = subprocess.run(
        [vite, "build", "--config", config, "--outDir", folder, "--emptyOutDir"],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"the page can't be built: {done.stdout}\n{done.stderr}"
    return folder
