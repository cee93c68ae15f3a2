#!/usr/bin/env bash
# hack/cluster.sh NAME CONFIG [keep|remake]: makes sure that the kind cluster NAME answers, and prints the path of its
# kubeconfig. A cluster whose machine was restarted is started again; one that still doesn't answer is made anew, and its
# data is lost. One that was made of something else than a new one would be is kept, which is said, or is made anew.
source "$(dirname "$0")/lib.sh"
usage="usage: hack/cluster.sh NAME CONFIG [keep|remake]"
name=${1:?$usage} config=${2:?$usage} outdated=${3:-keep}
kubeconfig=$CACHE/kubeconfig-$name
REGISTRIES=$(registries)
export REGISTRIES
tools=$("$ROOT/hack/tools.sh" cluster)
export PATH=$tools:$PATH

# Sources rather than the node image itself: that one may take minutes to be made, and a cluster that is kept needs none.
node=hack/offline-kind
sources=$(digest "$config" $node/node $node/{node-image,debian}.sh $node/kubelite.Dockerfile $node/toolchain/{kubelite,etcd,coredns})
inputs=$(key "$sources" "$REGISTRIES" "$KIND_NODE_IMAGE" "$KUBERNETES_VERSION" "$KIND_VERSION")

exists() { kind get clusters 2>/dev/null | grep -qx "$name"; }

# What the API server remembers of a node outlives the node: as many containers must run.
answers() {
  local known running
  known=$(kubectl --kubeconfig "$kubeconfig" get nodes --output name --request-timeout=5s 2>/dev/null | wc -l)
  running=$(docker ps --quiet --filter "label=io.x-k8s.kind.cluster=$name" | wc -l)
  [ "$known" -gt 0 ] && [ "$known" = "$running" ] &&
    kubectl --kubeconfig "$kubeconfig" wait --for=condition=Ready nodes --all --timeout=5s --request-timeout=5s >/dev/null 2>&1
}

is_outdated() { [ "$(cat "$kubeconfig.inputs" 2>/dev/null)" != "$inputs" ]; }

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
  # Last, so that one whose making was cut short counts as outdated.
  echo "$inputs" >"$kubeconfig.inputs"
}

delete() {
  rm -f "$kubeconfig.inputs"
  kind delete cluster --name "$name" --kubeconfig "$kubeconfig" >&2
}

if exists && is_outdated; then
  step "cluster $name was made of another configuration or node image than there is now"
  if [ "$outdated" = remake ]; then
    delete
  else
    step "it is kept, and what is stored in it; make down removes it, and the next one is made of what there is"
  fi
fi

if exists && ! answers; then
  step "cluster $name doesn't answer: starting its nodes"
  start_again
fi
if exists && ! answers; then
  step "cluster $name still doesn't answer: making it anew; what was stored in it is lost"
  delete
fi
if ! exists; then create; fi
step "cluster $name: KUBECONFIG=$kubeconfig"
echo "$kubeconfig"
