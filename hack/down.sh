#!/usr/bin/env bash
# Removes what up.sh and the end-to-end tests made: their kind clusters. With CLUSTER=current: the example and the chart,
# from the current kubectl context. What was built stays in $BITCOINCACHE_CACHE.
source "$(dirname "$0")/lib.sh"

remove_from_current_context() {
  local tools
  tools=$("$ROOT/hack/tools.sh" client)
  export PATH=$tools:$PATH
  step "example and operator, from the current context, $(kubectl config current-context)"
  kubectl delete -f "$ROOT/examples/bitcoincache.yaml" --ignore-not-found --timeout=120s
  helm uninstall bitcoincache-operator --namespace bitcoincache-system --ignore-not-found --wait
}

remove_kind_clusters() {
  local tools cluster
  tools=$("$ROOT/hack/tools.sh" cluster)
  for cluster in "${CLUSTER:-bitcoincache}" bitcoincache-e2e; do
    step "kind delete cluster $cluster"
    "$tools/kind" delete cluster --quiet --name "$cluster" --kubeconfig "$CACHE/kubeconfig-$cluster"
    rm -f "$CACHE/kubeconfig-$cluster" "$CACHE/kubeconfig-$cluster.inputs" "$CACHE/images-$cluster.yaml"
  done
}

if [ "${CLUSTER:-}" = current ]; then remove_from_current_context; else remove_kind_clusters; fi
