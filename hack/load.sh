# shellcheck shell=bash
# Images of the Docker engine on the nodes of a kind cluster. Sourced after hack/lib.sh, with kind on PATH.

nodes_of() { docker ps --filter "label=io.x-k8s.kind.cluster=$1" --format '{{.Names}}'; }

# lacking CLUSTER REFERENCE...: those that some node doesn't have.
lacking() {
  local member stored
  for member in $(nodes_of "$1"); do
    stored=$(docker exec "$member" ctr --namespace k8s.io images list --quiet)
    for reference in "${@:2}"; do
      grep -qxF "docker.io/$reference" <<<"$stored" || echo "$reference"
    done
  done | sort --unique
}

# load CLUSTER REFERENCE...: brings the lacking ones to all nodes.
load() {
  local missing archive
  mapfile -t missing < <(lacking "$@")
  if [ "${#missing[@]}" = 0 ]; then return; fi
  step "loading into $1: ${missing[*]}"
  archive=$(mktemp --tmpdir bitcoincache-images.XXXXXX.tar)
  # One archive: the layers that images share are in it once.
  docker save --output "$archive" "${missing[@]}"
  quietly kind load image-archive "$archive" --name "$1" --nodes "$(nodes_of "$1" | paste --serial --delimiters ,)"
  rm "$archive"
}
