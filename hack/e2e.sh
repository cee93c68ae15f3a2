#!/usr/bin/env bash
# End-to-end tests on a kind cluster of their own, kept for the next run (`make down` removes it).
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
source hack/e2e-cluster.sh

reference() { sed -n "s/^ *$1: *//p" "$values"; }
nodes=$(kind get nodes --name "$cluster")

# also_named REFERENCE NAME: the nodes know the image by another name too.
also_named() {
  for node in $nodes; do
    quietly docker exec "$node" ctr --namespace k8s.io images tag --force "docker.io/$1" "docker.io/$2"
  done
}

# Second names, for the tests of a rollout and of an upgrade.
backend=$(reference backend) operator=$(reference operator)
export BITCOINCACHE_NEXT_BACKEND=$backend-next BITCOINCACHE_PREVIOUS_OPERATOR=$operator-previous BITCOINCACHE_CHART_VALUES=$values
also_named "$backend" "$BITCOINCACHE_NEXT_BACKEND"
also_named "$operator" "$BITCOINCACHE_PREVIOUS_OPERATOR"

hack/metrics-server.sh "$cluster" "$kubeconfig"

step "pytest tests/e2e"
.venv/bin/pytest tests/e2e --cluster-name "$cluster" --keep-cluster --kubeconfig "$kubeconfig" \
  --kind-bin "$tools/kind" --kind-kubectl-bin "$tools/kubectl" "$@"
