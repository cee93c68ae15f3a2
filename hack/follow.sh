#!/usr/bin/env bash
# hack/follow.sh NAMESPACE NAME: prints each condition of a BitcoinCache as it changes, until it is Ready.
# Fails after FOLLOW_SECONDS (600), with what the namespace last said.
source "$(dirname "$0")/lib.sh"
namespace=${1:?usage: hack/follow.sh NAMESPACE NAME} name=${2:?usage: hack/follow.sh NAMESPACE NAME}
deadline=$(($(date +%s) + ${FOLLOW_SECONDS:-600}))

conditions() {
  kubectl -n "$namespace" get bitcoincache "$name" --request-timeout=10s \
    -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\n"}{end}'
}

# Ready, and said of the resource as it is now.
ready() {
  kubectl -n "$namespace" wait bitcoincache "$name" --for=condition=Ready --timeout=1s >/dev/null 2>&1
}

print_changes() {
  local line
  while IFS= read -r line; do
    local type=${line%%=*}
    if [ -n "$line" ] && [ "${seen[$type]:-}" != "$line" ]; then
      seen[$type]=$line
      step "  $line"
    fi
  done <<<"$1"
}

give_up() {
  kubectl -n "$namespace" get pods,jobs,pvc >&2 || true
  kubectl -n "$namespace" get events --sort-by=.lastTimestamp 2>/dev/null | tail -n 15 >&2 || true
  die "bitcoincache/$name is not ready after ${FOLLOW_SECONDS:-600} s; kubectl -n $namespace describe bitcoincache $name says more"
}

declare -A seen
until ready; do
  now=$(conditions) || true
  print_changes "$now"
  [ "$(date +%s)" -lt "$deadline" ] || give_up
  sleep 1
done
now=$(conditions)
print_changes "$now"
