#!/usr/bin/env bash
# From nothing to a page: a kind cluster, images, the operator, the example, a hundred coins. Run it again at any time.
#   CLUSTER=current        your current kubectl context in place of kind; its images must be ones that it can pull, named
#   IMAGES_VALUES=FILE     in a Helm values file (images.operator, images.backend, images.frontend)
#   REGISTRIES=offline     makes everything from Debian packages and Go modules; the default finds out by itself
source "$(dirname "$0")/lib.sh"
cluster=${CLUSTER:-bitcoincache}
system=bitcoincache-system demo=bitcoincache-demo
url=http://localhost:8080
REGISTRIES=$(registries)
export REGISTRIES
# The page is asked by it.
"$ROOT/hack/packages.sh" curl

use_current_context() {
  local tools
  [ -n "${IMAGES_VALUES:-}" ] ||
    die "CLUSTER=current needs IMAGES_VALUES=FILE: Helm values that name images which the cluster can pull" \
      "(images: {operator: ..., backend: ..., frontend: ...})"
  tools=$("$ROOT/hack/tools.sh" client)
  export PATH=$tools:$PATH
  step "cluster: the current context, $(kubectl config current-context)"
  values=$IMAGES_VALUES
}

use_kind() {
  local tools
  step "registries: $REGISTRIES"
  KUBECONFIG=$("$ROOT/hack/cluster.sh" "$cluster" "$ROOT/hack/kind-local.yaml")
  export KUBECONFIG
  values=$("$ROOT/hack/images.sh" "$cluster")
  tools=$("$ROOT/hack/tools.sh" cluster)
  export PATH=$tools:$PATH
}

install_operator() {
  step "operator"
  quietly helm upgrade --install bitcoincache-operator "$ROOT/charts/bitcoincache-operator" \
    --namespace "$system" --create-namespace --values "$values"
  kubectl -n "$system" rollout status deployment/bitcoincache-operator --timeout=180s >&2 || {
    kubectl -n "$system" get pods >&2
    kubectl -n "$system" logs deployment/bitcoincache-operator --tail=20 >&2 || true
    die "the operator doesn't start; kubectl -n $system describe pods says more"
  }
}

# On another cluster the page has no port of this machine: it gets one while the coins are loaded.
forward_page() {
  url=http://localhost:18080
  kubectl -n "$demo" port-forward service/demo-frontend 18080:80 >/dev/null &
  forward=$!
  trap 'kill "$forward" 2>/dev/null || true' EXIT
}

await_page() {
  for _ in $(seq 60); do
    if curl --fail --silent --max-time 5 --output /dev/null "$url/api/v1/cache"; then return; fi
    sleep 1
  done
  die "the page doesn't answer at $url; kubectl -n $demo get pods says more"
}

load_coins() {
  step "coins"
  if [ "$cluster" = current ]; then forward_page; fi
  await_page
  python3 "$ROOT/hack/load_coins.py" "$url" "$ROOT/examples/coins.csv" >&2
}

say_what_to_do_next() {
  step "done"
  if [ "$cluster" = current ]; then
    cat <<TEXT
The page: kubectl -n $demo port-forward service/demo-frontend 8080:80, then $url
Try, with -n $demo:
TEXT
  else
    cat <<TEXT
The page: $url        RedisInsight: http://localhost:5540
Try:
  export KUBECONFIG=$KUBECONFIG PATH=${PATH%%:*}:\$PATH
TEXT
  fi
  cat <<TEXT
  kubectl get btcc
  kubectl describe btcc demo
  kubectl scale btcc/demo --replicas=4
TEXT
}

if [ "$cluster" = current ]; then use_current_context; else use_kind; fi
install_operator
step "example"
kubectl apply -f "$ROOT/examples/bitcoincache.yaml" >&2
"$ROOT/hack/follow.sh" "$demo" demo
load_coins
# The kubeconfig is this cluster's alone: commands may leave the namespace out.
if [ "$cluster" != current ]; then kubectl config set-context --current --namespace "$demo" >/dev/null; fi
say_what_to_do_next
