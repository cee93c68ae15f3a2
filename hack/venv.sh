#!/usr/bin/env bash
# Makes .venv with the locked requirements and the three packages, editable.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Python 3.11 or newer is needed: python3 is $(python3 --version)"
if ! python3 -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "Python's venv module is missing: install it (python3-venv on Debian)"
  fi
  step "python3-venv"
  quietly apt-get update
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-venv
fi
step "virtualenv"
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
