# shellcheck shell=bash disable=SC2034
# The kind cluster of end-to-end tests and benches, with this tree's images and operator. Sourced, after lib.sh.
cluster=bitcoincache-e2e
REGISTRIES=$(registries)
export REGISTRIES
kubeconfig=$(hack/cluster.sh "$cluster" hack/kind-e2e.yaml remake)
hack/images.sh "$cluster"
tools=$(hack/tools.sh cluster)
export PATH=$tools:$PATH KUBECONFIG=$kubeconfig

values=$CACHE/images-$cluster.yaml

# A helm that was killed leaves a release that is under way for ever, and no later one touches it.
quietly kubectl --namespace bitcoincache-system delete secrets \
  --selector 'owner=helm,name=bitcoincache-operator,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)'

step "operator"
quietly helm upgrade --install bitcoincache-operator charts/bitcoincache-operator --namespace bitcoincache-system \
  --create-namespace --values "$values" --wait --timeout 3m
