#!/usr/bin/env bash
# hack/metrics-server.sh CLUSTER KUBECONFIG: metrics-server on a kind cluster, for autoscalers. Doesn't wait for it.
source "$(dirname "$0")/lib.sh"
source "$ROOT/hack/load.sh"
usage="usage: hack/metrics-server.sh CLUSTER KUBECONFIG"
cluster=${1:?$usage} kubeconfig=${2:?$usage}
tools=$("$ROOT/hack/tools.sh" cluster)
export PATH=$tools:$PATH

image=registry.k8s.io/metrics-server/metrics-server:$METRICS_SERVER_VERSION
if [ "$(registries)" = offline ]; then
  image=$("$ROOT/hack/offline-kind/metrics-server-image.sh")
  load "$cluster" "$image"
fi
step "metrics-server"
sed "s#METRICS_SERVER_IMAGE#$image#" "$ROOT/hack/metrics-server.yaml" | quietly kubectl --kubeconfig "$kubeconfig" apply --filename -
