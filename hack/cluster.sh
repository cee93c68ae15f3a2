#!/usr/bin/env bash
# hack/cluster.sh NAME CONFIG: makes sure that the kind cluster NAME answers, and prints the path of its kubeconfig.
# A cluster whose machine was restarted is started again; one that still doesn't answer is made anew, and its data is lost.
source "$(dirname "$0")/lib.sh"
name=${1:?usage: hack/cluster.sh NAME CONFIG} config=${2:?usage: hack/cluster.sh NAME CONFIG}
kubeconfig=$CACHE/kubeconfig-$name
REGISTRIES=$(registries)
export REGISTRIES
tools=$("$ROOT/hack/tools.sh" cluster)
export PATH=$tools:$PATH

exists() { kind get clusters 2>/dev/null | grep -qx "$name"; }

# What the API server remembers of a node outlives the node: as many containers must run.
answers() {
  local known running
  known=$(kubectl --kubeconfig "$kubeconfig" get nodes --output name --request-timeout=5s 2>/dev/null | wc -l)
  running=$(docker ps --quiet --filter "label=io.x-k8s.kind.cluster=$name" | wc -l)
  [ "$known" -gt 0 ] && [ "$known" = "$running" ] &&
    kubectl --kubeconfig "$kubeconfig" wait --for=condition=Ready nodes --all --timeout=5s --request-timeout=5s >/dev/null 2>&1
}

start_again() {
  kind get nodes --name "$name" 2>/dev/null | xargs docker start >/dev/null 2>&1 || return 0
  kind export kubeconfig --name "$name" --kubeconfig "$kubeconfig" -q
  for _ in $(seq 60); do
    if answers; then return; fi
    sleep 1
  done
}

create() {
  local node_image=$KIND_NODE_IMAGE
  if [ "$REGISTRIES" = offline ]; then node_image=$("$ROOT/hack/offline-kind/node-image.sh"); fi
  step "kind create cluster $name"
  kind create cluster --name "$name" --image "$node_image" --config "$config" --kubeconfig "$kubeconfig" --wait 120s >&2
}

if exists && ! answers; then
  step "cluster $name doesn't answer: starting its nodes"
  start_again
fi
if exists && ! answers; then
  step "cluster $name still doesn't answer: making it anew; what was stored in it is lost"
  kind delete cluster --name "$name" --kubeconfig "$kubeconfig" >&2
fi
if ! exists; then create; fi
step "cluster $name: KUBECONFIG=$kubeconfig"
echo "$kubeconfig"
