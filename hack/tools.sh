#!/usr/bin/env bash
# Makes sure of the programs that development needs and prints the folder that holds them.
#   hack/tools.sh client      kubectl and helm
#   hack/tools.sh cluster     a Docker engine that runs, kind, kubectl and helm
#   hack/tools.sh apiserver   kube-apiserver, etcd and kubectl, to be run straight
#   hack/tools.sh yardstick   gin, the same service as the textbook has it, to compare with
#   hack/tools.sh backend     python with what the backend depends on, as its image has it
# What isn't on the machine yet is built, once, into $BITCOINCACHE_CACHE/tools: programs from Go modules.
source "$(dirname "$0")/lib.sh"
source "$ROOT/hack/offline-kind/binaries.sh"

REGISTRIES=$(registries)
export REGISTRIES

ensure_engine() {
  if [ "$REGISTRIES" = offline ]; then
    "$ROOT/hack/offline-kind/engine.sh"
  else
    docker info >/dev/null 2>&1 ||
      die "no Docker engine answers: install one (https://docs.docker.com/engine/install/) or start it, and run this again"
  fi
}

# Where images can be pulled, kind's node image has the kubectl of its version.
kubectl_of_node_image() {
  local folder=$CACHE/tools/kubectl-${KIND_NODE_IMAGE##*:} container
  if [ ! -x "$folder/kubectl" ]; then
    docker info >/dev/null 2>&1 || die "kubectl is missing: install it (https://kubernetes.io/docs/tasks/tools/)"
    step "kubectl, copied out of $KIND_NODE_IMAGE"
    mkdir -p "$folder"
    container=$(docker create "$KIND_NODE_IMAGE")
    docker cp -L "$container:/usr/bin/kubectl" "$folder/kubectl.$$" >&2
    docker rm "$container" >/dev/null
    mv "$folder/kubectl.$$" "$folder/kubectl"
  fi
  echo "$folder/kubectl"
}

# program NAME COMMAND...: where registries answer the NAME on PATH, if there is one, and else what COMMAND makes.
program() {
  if [ "$REGISTRIES" = online ] && command -v "$1"; then return; fi
  "${@:2}"
}

kubectl_binary() {
  if [ "$REGISTRIES" = online ]; then program kubectl kubectl_of_node_image; else kubelite; fi
}
helm_binary() { program helm go_install helm "helm.sh/helm/v3/cmd/helm@$HELM_VERSION"; }
kind_binary() { program kind go_install kind "sigs.k8s.io/kind@$KIND_VERSION"; }

# The distribution's Python where there is one: like the image's it is built with profiles, as others often are not.
backend_environment() {
  local python=/usr/bin/python3 folder
  [ -x "$python" ] || python=$(command -v python3)
  folder=$CACHE/tools/backend-$(key "$("$python" --version)" "$(digest requirements/app.txt)")
  if [ ! -e "$folder/made" ]; then
    step "the backend's environment, with $("$python" --version)"
    rm -rf "$folder"
    quietly "$python" -m venv --without-pip "$folder"
    quietly "$ROOT/.venv/bin/pip" --python "$folder/bin/python" install --require-hashes -r "$ROOT/requirements/app.txt"
    touch "$folder/made"
  fi
  echo "$folder/bin"
}

# folder_of NAME=BINARY...: a folder with these names, each a link to its binary.
folder_of() {
  local folder
  folder=$CACHE/tools/bin-$(key "$@")
  mkdir -p "$folder"
  for link in "$@"; do
    ln -sfn "${link#*=}" "$folder/${link%%=*}"
  done
  echo "$folder"
}

mkdir -p "$CACHE/tools"
# Assigned one by one, so that a failure ends the script.
case ${1:-} in
  client)
    kubectl=$(kubectl_binary)
    helm=$(helm_binary)
    folder_of "kubectl=$kubectl" "helm=$helm"
    ;;
  cluster)
    ensure_engine
    kind=$(kind_binary)
    kubectl=$(kubectl_binary)
    helm=$(helm_binary)
    folder_of "kind=$kind" "kubectl=$kubectl" "helm=$helm"
    ;;
  apiserver)
    kubelite=$(kubelite)
    etcd=$(etcd)
    folder_of "kube-apiserver=$kubelite" "kubectl=$kubelite" "etcd=$etcd"
    ;;
  yardstick)
    gin=$(yardstick)
    folder_of "gin=$gin"
    ;;
  backend) backend_environment ;;
  *) die "usage: hack/tools.sh client|cluster|apiserver|yardstick|backend" ;;
esac
