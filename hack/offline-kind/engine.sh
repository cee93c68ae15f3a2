#!/usr/bin/env bash
# Installs Docker from Debian's packages and starts its engine, also after the machine's processes were ended or it was
# restarted; and the other packages that this folder's scripts need. Returns once the engine answers.
source "$(dirname "$0")/../lib.sh"

require_root() {
  [ "$(id -u)" = 0 ] || die "without a container registry the cluster is made from Debian packages: run this as root"
}

install_packages() {
  if { command -v dockerd && command -v debootstrap && command -v gcc; } >/dev/null; then return; fi
  require_root
  command -v apt-get >/dev/null ||
    die "no container registry answers, and this is no Debian: make https://registry-1.docker.io reachable, or use Debian 12"
  step "Debian packages: Docker, debootstrap, gcc"
  quietly apt-get update
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    docker.io containerd runc iptables debootstrap gcc libc6-dev
}

# process_of PIDFILE: fails when no such engine process runs; another process may have its old number by now.
process_of() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && grep -qE '^(dockerd|containerd)$' "/proc/$pid/comm" 2>/dev/null
}

# An engine that was killed leaves pid files that may now name other processes, and the state of containers that are gone;
# either keeps the next one from starting.
clear_what_a_killed_engine_left() {
  if process_of /var/run/docker.pid || process_of /var/run/docker/containerd/containerd.pid; then return; fi
  # What can't be unmounted shows in the next line.
  awk '$2 ~ "^(/var)?/run/docker/" {print $2}' /proc/mounts | xargs --no-run-if-empty umount --lazy 2>/dev/null || true
  rm -rf /var/run/docker /var/run/docker.pid /var/run/docker.sock
}

start_engine() {
  local folder=$CACHE/engine
  mkdir -p "$folder"
  install -m 755 "$ROOT/hack/offline-kind/runc-unprivileged" "$folder/"
  cat >"$folder/daemon.json" <<JSON
{"runtimes": {"runc-unprivileged": {"path": "$folder/runc-unprivileged"}}, "default-runtime": "runc-unprivileged",
 "exec-opts": ["native.cgroupdriver=cgroupfs"]}
JSON
  setsid nohup dockerd --config-file "$folder/daemon.json" >"$folder/dockerd.log" 2>&1 </dev/null &
}

await_engine() {
  for _ in $(seq 120); do
    if docker info >/dev/null 2>&1; then return; fi
    sleep 0.5
  done
  tail -n 20 "$CACHE/engine/dockerd.log" >&2
  die "the Docker engine did not start within a minute; its log: $CACHE/engine/dockerd.log"
}

install_packages
if ! docker info >/dev/null 2>&1; then
  require_root
  step "Docker engine"
  clear_what_a_killed_engine_left
  start_engine
  await_engine
fi
