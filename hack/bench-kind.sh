#!/usr/bin/env bash
# Benches on the kind cluster of the end-to-end tests. hack/bench-kind.sh FOLDER: where the reports go.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
source hack/e2e-cluster.sh

step "first apply: the operator beside kubectl"
PYTHONPATH=tests .venv/bin/python -m bench.operator.first_apply --kubectl "$tools/kubectl" --kubeconfig "$kubeconfig" \
  --report "$1/bench-first-apply.md"
