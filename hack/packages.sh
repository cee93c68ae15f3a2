#!/usr/bin/env bash
# Makes sure of the servers and the browser that the tests start: PostgreSQL 15, Redis 7, Chromium, shellcheck.
source "$(dirname "$0")/lib.sh"
missing=()
[ -x /usr/lib/postgresql/15/bin/initdb ] || missing+=(postgresql-15)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v shellcheck >/dev/null || missing+=(shellcheck)
[ "${#missing[@]}" -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
  die "the tests need ${missing[*]}: install them, or run the tests as root on Debian 12 where they are installed for you"
step "Debian packages: ${missing[*]}"
# Clusters and services that the packages would start by themselves are not wanted: tests start their own.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
quietly apt-get update
quietly env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --yes --no-install-recommends "${missing[@]}"
