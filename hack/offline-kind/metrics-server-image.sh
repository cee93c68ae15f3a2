#!/usr/bin/env bash
# Makes the image of metrics-server where it can't be pulled, and prints its reference.
source "$(dirname "$0")/../lib.sh"
source "$ROOT/hack/offline-kind/binaries.sh"

image=offline/metrics-server:$METRICS_SERVER_VERSION
if ! have_image "$image"; then
  program=$(metrics_server)
  step "image $image"
  tar -C "$(dirname "$program")" -c metrics-server |
    docker import --change 'ENTRYPOINT ["/metrics-server"]' - "$image" >/dev/null
fi
echo "$image"
