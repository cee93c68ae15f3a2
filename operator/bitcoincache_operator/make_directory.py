"""``python -m bitcoincache_operator.make_directory PATH UID GID``: makes a directory and gives it to a user, mode 0700.

Runs as root on a node, for a path that a resource's author chose. So a directory that is in use by somebody else, and
anything that is no directory, is left alone; the exit code is then 1.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path


def make_directory(path: Path, uid: int, gid: int) -> None:
    """Idempotent. Raises PermissionError where the path is somebody else's, OSError where the system says no."""
    path.mkdir(mode=0o700, exist_ok=True)
    # Held open, so that it is one and the same directory that is looked at and given away.
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        owner = os.fstat(descriptor).st_uid
        if owner != uid and os.listdir(descriptor):  # noqa: PTH208 - pathlib knows no descriptors
            raise PermissionError(f"{path.name} has files in it and belongs to user {owner}: choose another path")
        os.fchown(descriptor, uid, gid)
        os.fchmod(descriptor, stat.S_IRWXU)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    try:
        make_directory(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    except OSError as error:
        sys.exit(str(error))
