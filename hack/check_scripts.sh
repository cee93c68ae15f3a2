#!/usr/bin/env bash
# Every shell script holds up to shellcheck.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
git ls-files -z --cached --others --exclude-standard '*.sh' .ci/run |
  xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR
