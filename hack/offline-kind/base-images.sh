#!/usr/bin/env bash
# Makes the images that stand in for the official ones where no registry can be reached, and prints NAME=REFERENCE for
# each. A reference ends in the key of its inputs; offline/NAME:VERSION always names the newest.
source "$(dirname "$0")/../lib.sh"
# Debian's Docker has no buildx.
export DOCKER_BUILDKIT=0

# image NAME VERSION [ARGUMENT=IMAGE ...]: builds images/NAME on the images that its Dockerfile asks for.
image() {
  local name=$1 version=$2 source inputs reference arguments=()
  source=hack/offline-kind/images/$name
  inputs=$(digest "$source")
  reference=offline/$name:$version-$(key "$inputs" "${@:3}")
  if ! have_image "$reference"; then
    step "image $reference"
    for argument in "${@:3}"; do arguments+=(--build-arg "$argument"); done
    quietly docker build --network host "${arguments[@]}" -t "$reference" "$ROOT/$source"
  fi
  docker tag "$reference" "offline/$name:$version"
  echo "$name=$reference"
}

debian=$("$ROOT/hack/offline-kind/debian.sh")
python=$(image python 3.11 BASE="$debian")
echo "$python"
image node 20 BASE="$debian" PYTHON="${python#*=}"
image nginx-unprivileged 1 BASE="$debian"
image postgres 15 BASE="$debian"
image redis 7 BASE="$debian"
image redisinsight stand-in PYTHON="${python#*=}"
