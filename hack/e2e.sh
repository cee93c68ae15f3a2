#!/usr/bin/env bash
# End-to-end tests on a kind cluster of their own, kept for the next run (`make down` removes it).
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
cluster=bitcoincache-e2e

kubeconfig=$(hack/cluster.sh "$cluster" hack/kind-e2e.yaml)
hack/images.sh "$cluster"
tools=$(hack/tools.sh cluster)
export PATH=$tools:$PATH KUBECONFIG=$kubeconfig

# A second name for the backend's image, for the tests of a rollout.
backend=$(sed -n 's/^ *backend: *//p' "$CACHE/images-$cluster.yaml")
export BITCOINCACHE_NEXT_BACKEND=$backend-next
for node in $(kind get nodes --name "$cluster"); do
  quietly docker exec "$node" ctr --namespace k8s.io images tag --force "docker.io/$backend" "docker.io/$BITCOINCACHE_NEXT_BACKEND"
done

step "operator"
quietly helm upgrade --install bitcoincache-operator charts/bitcoincache-operator --namespace bitcoincache-system \
  --create-namespace --values "$CACHE/images-$cluster.yaml" --wait --timeout 3m

step "pytest tests/e2e"
.venv/bin/pytest tests/e2e --cluster-name "$cluster" --keep-cluster --kubeconfig "$kubeconfig" \
  --kind-bin "$tools/kind" --kind-kubectl-bin "$tools/kubectl" "$@"
