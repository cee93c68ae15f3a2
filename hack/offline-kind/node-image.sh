#!/usr/bin/env bash
# Makes the kind node image and prints its reference: Debian with systemd and containerd, kind's own node files, and the
# cluster's own images, imported while it is built.
source "$(dirname "$0")/../lib.sh"
source "$ROOT/hack/offline-kind/binaries.sh"
here=$ROOT/hack/offline-kind
# Debian's Docker has no buildx.
export DOCKER_BUILDKIT=0

# The tags that kubeadm of KUBERNETES_VERSION asks for: cmd/kubeadm/app/constants/constants.go.
registry=registry.k8s.io
coredns_tag=v1.12.1 etcd_tag=3.6.5-0 pause_tags=(3.10 3.10.1)
work=$CACHE/build/node
images=()

# single IMAGE PROGRAM: an image of one static program.
single() {
  tar -C "$(dirname "$2")" -c "$(basename "$2")" |
    docker import --change "ENTRYPOINT [\"/$(basename "$2")\"]" - "$1" >/dev/null
  images+=("$1")
}

tag() {
  docker tag "$1" "$2"
  images+=("$2")
}

control_plane_images() {
  cp "$kubelite" "$etcd" "$work/"
  quietly docker build --network host --build-arg BASE="$debian" -t "$kubelite_image" -f "$here/kubelite.Dockerfile" "$work"
  rm "$work/kubelite" "$work/etcd"
  for part in kube-apiserver kube-controller-manager kube-scheduler kube-proxy; do
    tag "$kubelite_image" "$registry/$part:$KUBERNETES_VERSION"
  done
  tag "$kubelite_image" "$registry/etcd:$etcd_tag"
  single "$registry/coredns/coredns:$coredns_tag" "$coredns"
  for pause_tag in "${pause_tags[@]}"; do
    single "$registry/pause:$pause_tag" "$pause"
  done
}

# kind's default storage class: its manifest and the names of its images stand in kind's source.
storage_images_and_manifest() {
  local constants=$kind_source/pkg/build/nodeimage/const_storage.go provisioner helper
  provisioner=$(sed -n 's/^const storageProvisionerImage = "\(.*\)"/\1/p' "$constants")
  helper=$(sed -n 's/^const storageHelperImage = "\(.*\)"/\1/p' "$constants")
  cp "$local_path" "$work/"
  printf 'FROM %s\nCOPY local-path-provisioner /usr/local/bin/\n' "$debian" | quietly docker build -t "$provisioner" -f - "$work"
  rm "$work/local-path-provisioner"
  images+=("$provisioner")
  tag "$provisioner" "$helper"
  awk '/^const defaultStorageManifest = `/ {inside=1; next} inside && /^`$/ {exit} inside' "$constants" |
    sed "s#\` + storageProvisionerImage + \`#$provisioner#; s#\` + storageHelperImage + \`#$helper#" >"$work/default-storage.yaml"
}

kind_files() {
  cp -r "$kind_source/images/base/files" "$work/kind-files"
  chmod -R u+w "$work/kind-files"
  find "$work/kind-files" -path '*/bin/*' -type f -exec chmod +x {} +
}

kubelite=$(kubelite)
etcd=$(etcd)
coredns=$(coredns)
pause=$(pause)
local_path=$(local_path_provisioner)
debian=$("$here/debian.sh")
files=$(digest hack/offline-kind/node hack/offline-kind/node-image.sh hack/offline-kind/kubelite.Dockerfile)
programs=("$kubelite" "$etcd" "$coredns" "$pause" "$local_path")
# A program's folder is named by its inputs; where the cache lies doesn't matter.
inputs=$(key "$files" "$debian" "$KIND_VERSION" "${programs[@]#"$CACHE"}")
node=kindest/node:$KUBERNETES_VERSION-offline-$inputs
kubelite_image=offline/kubelite:$inputs

if ! have_image "$node"; then
  step "node image"
  rm -rf "$work"
  mkdir -p "$work/images"
  kind_source=$(cd "$here/toolchain/etcd" && go mod download -json "sigs.k8s.io/kind@$KIND_VERSION" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  control_plane_images
  storage_images_and_manifest
  kind_files
  docker save -o "$work/images/kubernetes.tar" "${images[@]}"
  cp "$here"/node/* "$work/"
  quietly docker build --network host --build-arg BASE="$kubelite_image" --build-arg KUBERNETES_VERSION="$KUBERNETES_VERSION" \
    -t "$node" "$work"
  rm -rf "$work"
fi
echo "$node"
