# shellcheck shell=bash disable=SC2034
# What the scripts of hack/ share: where things are, a clock, and keys of inputs. Sourced, never run.
set -euo pipefail
shopt -s inherit_errexit

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${BITCOINCACHE_CACHE:-$HOME/.cache/bitcoincache}
KUBERNETES_VERSION=v1.34.4
KIND_VERSION=v0.30.0
HELM_VERSION=v3.18.6
METRICS_SERVER_VERSION=v0.9.0
# kind's own choice for KIND_VERSION, from pkg/apis/config/defaults/image.go in its source.
KIND_NODE_IMAGE=kindest/node:v1.34.0

# One clock for a command and for all that it starts.
export BITCOINCACHE_STARTED=${BITCOINCACHE_STARTED:-$(date +%s)}
elapsed() { echo $(($(date +%s) - BITCOINCACHE_STARTED)); }

# Progress goes to stderr: stdout belongs to what a script answers.
step() { printf '[%4ds] %s\n' "$(elapsed)" "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# quietly COMMAND...: what COMMAND says is shown only when it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    tail -n 50 <<<"$output" >&2
    die "failed: $*"
  }
}

# digest PATH...: twelve hexadecimal digits that change with the contents of the files below, ignored files aside.
digest() {
  (
    cd "$ROOT"
    git ls-files -z --cached --others --exclude-standard --deduplicate -- "$@" | LC_ALL=C sort -z |
      while IFS= read -r -d '' file; do
        if [ -f "$file" ]; then sha256sum "$file"; fi
      done | key_of_stdin
  )
}

# key STRING...: twelve hexadecimal digits of the strings.
key() { printf '%s\n' "$@" | key_of_stdin; }
key_of_stdin() { sha256sum | cut -c1-12; }

# Answers "online" where Docker Hub can be asked, "offline" where it can't; REGISTRIES=online|offline decides it beforehand.
registries() {
  case ${REGISTRIES:-auto} in
    online | offline) echo "$REGISTRIES" ;;
    auto)
      "$ROOT/hack/packages.sh" curl
      # An unauthenticated request to a registry is answered by 401; a proxy that refuses answers something else.
      if [ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' https://registry-1.docker.io/v2/)" = 401 ]; then
        echo online
      else
        echo offline
      fi
      ;;
    *) die "REGISTRIES is '$REGISTRIES': set it to auto, online or offline" ;;
  esac
}

have_image() { docker image inspect "$1" >/dev/null 2>&1; }
