"""``python -m bitcoincache_operator.remove_directory PATH UID``: removes a user's directory with all that is in it.

Runs as root on a node. What doesn't belong to the user is left alone; the exit code is then 1.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def remove_directory(path: Path, uid: int) -> None:
    """Idempotent. Raises PermissionError where the path is somebody else's, OSError where the system says no."""
    try:
        owner = path.lstat().st_uid
    except FileNotFoundError:
        return
    if owner != uid:
        raise PermissionError(f"{path.name} belongs to user {owner}, not to {uid}: it is left as it is")
    # Never follows a symbolic link: it raises at one in the path's place, and removes those within as links.
    shutil.rmtree(path)


if __name__ == "__main__":
    try:
        remove_directory(Path(sys.argv[1]), int(sys.argv[2]))
    except OSError as error:
        sys.exit(str(error))
