#!/usr/bin/env bash
# The chart lints, renders with its defaults and with everything changed, and its scripts hold up to shellcheck.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
PATH=$(hack/tools.sh client):$PATH
chart=charts/bitcoincache-operator
helm lint --strict --quiet "$chart"
helm template release "$chart" --namespace system >/dev/null
helm template release "$chart" --namespace system --set global.imageRegistry=registry.example.com/mirror,crds.keep=false \
  --set storage.directoryJobs=false,imagePullSecrets[0].name=login | grep -q "image: registry.example.com/mirror/bitcoincache/operator" ||
  die "global.imageRegistry doesn't reach the operator's image"
if helm template release "$chart" --set images.backend= >/dev/null 2>&1; then die "the values schema lets an empty image in"; fi
if command -v shellcheck >/dev/null; then
  git ls-files -z --cached --others --exclude-standard '*.sh' .ci/run | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR
fi
