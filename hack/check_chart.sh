#!/usr/bin/env bash
# The chart lints. What it renders is a matter of tests/unit/chart.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
PATH=$(hack/tools.sh client):$PATH
helm lint --strict --quiet --kube-version "${KUBERNETES_VERSION#v}" charts/bitcoincache-operator
