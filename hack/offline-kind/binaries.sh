# shellcheck shell=bash
# The programs of a cluster, each built once from Go modules or C into a folder that is named by its inputs.
# Sourced after hack/lib.sh. Each function prints the path of its program, which is moved there once it is whole: what a
# build that was killed leaves must never be taken for a program.

need() {
  command -v "$1" >/dev/null || die "$1 is missing: install $2, and run this again"
}

# Hundreds of modules are downloaded at first: a line each says nothing.
without_downloads() { { grep -v '^go: downloading ' || true; } >&2; }

# go_build SOURCE [LDFLAGS]: the program of the folder SOURCE, by the folder's name.
go_build() {
  need go "Go 1.26 or later (https://go.dev/dl/)"
  local name=${1##*/} inputs compiler folder
  inputs=$(digest "$1")
  compiler=$(go env GOVERSION)
  folder=$CACHE/tools/$name-$(key "$inputs" "$compiler" "${2:-}")
  if [ ! -x "$folder/$name" ]; then
    step "go build $name"
    (cd "$ROOT/$1" && CGO_ENABLED=0 go build -trimpath -ldflags="-s -w ${2:-}" -o "$folder/$name.$$" . 2>&1 | without_downloads)
    mv "$folder/$name.$$" "$folder/$name"
  fi
  echo "$folder/$name"
}

# go_install NAME PACKAGE@VERSION
go_install() {
  local folder
  folder=$CACHE/tools/$1-${2##*@}
  if [ ! -x "$folder/$1" ]; then
    need go "$1 (or Go 1.26 or later, to build it: https://go.dev/dl/)"
    step "go install $2"
    CGO_ENABLED=0 GOBIN=$folder.$$ go install -trimpath -ldflags="-s -w" "$2" 2>&1 | without_downloads
    mkdir -p "$folder"
    mv "$folder.$$/$1" "$folder/$1"
    rmdir "$folder.$$"
  fi
  echo "$folder/$1"
}

kubelite() {
  local version=k8s.io/component-base/version minor=${KUBERNETES_VERSION#v1.}
  go_build hack/offline-kind/toolchain/kubelite "-X $version.gitVersion=$KUBERNETES_VERSION -X $version.gitMajor=1 -X $version.gitMinor=${minor%.*}"
}
etcd() { go_build hack/offline-kind/toolchain/etcd; }
coredns() { go_build hack/offline-kind/toolchain/coredns; }
yardstick() { go_build tests/bench/gin; }
local_path_provisioner() { go_install local-path-provisioner github.com/rancher/local-path-provisioner@v0.0.30; }
metrics_server() { go_install metrics-server "sigs.k8s.io/metrics-server/cmd/metrics-server@$METRICS_SERVER_VERSION"; }

pause() {
  local source=hack/offline-kind/pause.c inputs folder
  inputs=$(digest "$source")
  folder=$CACHE/tools/pause-$inputs
  if [ ! -x "$folder/pause" ]; then
    need gcc "gcc and the C library's headers (apt install gcc libc6-dev)"
    mkdir -p "$folder"
    gcc -static -Os -s -o "$folder/pause.$$" "$ROOT/$source"
    mv "$folder/pause.$$" "$folder/pause"
  fi
  echo "$folder/pause"
}
