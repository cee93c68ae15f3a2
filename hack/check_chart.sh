#!/usr/bin/env bash
# The chart lints, and renders with its defaults and with values changed.
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
