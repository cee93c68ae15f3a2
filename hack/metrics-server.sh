#!/usr/bin/env bash
# hack/metrics-server.sh CLUSTER KUBECONFIG: metrics-server on a kind cluster, for autoscalers. Returns when it answers.
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
export KUBECONFIG=$kubeconfig
sed "s#METRICS_SERVER_IMAGE#$image#" "$ROOT/hack/metrics-server.yaml" | quietly kubectl apply --filename -
quietly kubectl --namespace kube-system rollout status deployment/metrics-server --timeout=300s

# An API that doesn't answer holds up the deletion of every namespace, so it is announced last, and nothing goes on
# without it.
quietly kubectl apply --filename "$ROOT/hack/metrics-api.yaml"
for _ in $(seq 60); do
  if kubectl get --raw /apis/metrics.k8s.io/v1beta1 >/dev/null 2>&1; then exit; fi
  sleep 1
done
kubectl delete --filename "$ROOT/hack/metrics-api.yaml" >&2
die "metrics-server runs, and its API does not answer: look at kubectl --namespace kube-system logs deployment/metrics-server"
