#!/usr/bin/env bash
# The chart lints, and renders with its defaults and with values changed.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
PATH=$(hack/tools.sh client):$PATH
chart=charts/bitcoincache-operator
version=${KUBERNETES_VERSION#v}

render() { helm template release "$chart" --kube-version "$version" --namespace system "$@"; }

helm lint --strict --quiet --kube-version "$version" "$chart"
render >/dev/null
render --set global.imageRegistry=registry.example.com/mirror,crds.keep=false,storage.directoryJobs=false |
  grep -q "image: registry.example.com/mirror/bitcoincache/operator" || die "global.imageRegistry doesn't reach the operator's image"
if render --set images.backend= >/dev/null 2>&1; then die "the values schema lets an empty image in"; fi
