#!/usr/bin/env bash
# hack/images.sh CLUSTER: builds the project's images, loads what the kind cluster lacks, and prints the path of a Helm
# values file that names them. Images are tagged by their inputs: what didn't change is neither built nor loaded again.
source "$(dirname "$0")/lib.sh"
source "$ROOT/hack/load.sh"
cluster=${1:?usage: hack/images.sh CLUSTER}
values=$CACHE/images-$cluster.yaml
REGISTRIES=$(registries)
export REGISTRIES
tools=$("$ROOT/hack/tools.sh" cluster)
export PATH=$tools:$PATH
nodes=$(nodes_of "$cluster")
[ -n "$nodes" ] || die "there is no kind cluster $cluster that runs: make up (or hack/cluster.sh) makes it"

declare -A base=([python]=python:3.11-slim-bookworm [node]=node:20-bookworm-slim [nginx-unprivileged]=nginxinc/nginx-unprivileged:1.29-alpine)
build_options=()
if [ "$REGISTRIES" = offline ]; then
  offline_images=$("$ROOT/hack/offline-kind/base-images.sh")
  while IFS='=' read -r name reference; do base[$name]=$reference; done <<<"$offline_images"
  # Debian's Docker has no buildx, and builds reach package registries through the host's network alone.
  export DOCKER_BUILDKIT=0
  build_options=(--network host)
fi

# build NAME DOCKERFILE SOURCES ARGUMENT=IMAGE...: prints the reference of the project's image NAME.
build() {
  local name=$1 dockerfile=$2 sources=$3 inputs reference arguments=()
  # shellcheck disable=SC2086  # a list of paths
  inputs=$(digest .dockerignore "$dockerfile" $sources)
  reference=bitcoincache/$name:$(key "$inputs" "${@:4}")
  if ! have_image "$reference"; then
    step "image $reference"
    for argument in "${@:4}"; do arguments+=(--build-arg "$argument"); done
    quietly docker build "${build_options[@]}" "${arguments[@]}" -t "$reference" -f "$ROOT/$dockerfile" "$ROOT"
  fi
  echo "$reference"
}

operator=$(build operator operator/Dockerfile "api operator requirements/operator.txt" PYTHON_IMAGE="${base[python]}")
backend=$(build backend app/Dockerfile "api app requirements/app.txt" PYTHON_IMAGE="${base[python]}")
frontend=$(build frontend frontend/Dockerfile frontend NODE_IMAGE="${base[node]}" NGINX_IMAGE="${base[nginx-unprivileged]}")
references=("operator=$operator" "backend=$backend" "frontend=$frontend")
# Where registries answer, the nodes pull these themselves: the chart's defaults.
if [ "$REGISTRIES" = offline ]; then
  for name in postgres redis redisinsight; do references+=("$name=${base[$name]}"); done
fi
load "$cluster" "${references[@]#*=}"
{
  echo "images:"
  for named in "${references[@]}"; do echo "  ${named%%=*}: ${named#*=}"; done
} >"$values"
step "images of $cluster: $values"
echo "$values"
