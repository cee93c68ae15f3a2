#!/usr/bin/env bash
# hack/packages.sh COMMAND...: makes sure of programs that Debian packages have, such as redis-server or chromium.
source "$(dirname "$0")/lib.sh"

declare -A package=([initdb]=postgresql-15 [redis-server]=redis-server [chromium]=chromium [nginx]=nginx-light [shellcheck]=shellcheck [curl]=curl [wrk]=wrk)
# Where it isn't on PATH, or must be the one that the tests start.
declare -A place=([initdb]=/usr/lib/postgresql/15/bin/initdb [chromium]=/usr/bin/chromium [nginx]=/usr/sbin/nginx)

missing=()
for program in "$@"; do
  command -v "${place[$program]:-$program}" >/dev/null || missing+=("${package[$program]}")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  die "missing: ${missing[*]}. Install them; as root on Debian 12 they are installed for you"
fi
step "Debian packages: ${missing[*]}"
# The tests start servers of their own: no cluster, no service.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
# Without being told, curl would come without certificates and chromium without a font.
missing+=(ca-certificates fonts-dejavu-core)
quietly apt-get update
quietly env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --yes --no-install-recommends "${missing[@]}"
