#!/usr/bin/env bash
# Makes the image that all others start from, a small Debian 12, and prints its reference. It carries the host's package
# sources, their keys and the certificates that the host trusts, so that builds reach what the host reaches.
source "$(dirname "$0")/../lib.sh"
suite=bookworm

# Of these, a host may lack any.
apt=(/etc/apt/{sources.list,sources.list.d,apt.conf.d,keyrings,trusted.gpg.d} /usr/share/keyrings)
certificates=/etc/ssl/certs/ca-certificates.crt

own=$(digest hack/offline-kind/debian.sh)
host=$(find -L "${apt[@]}" $certificates -type f -exec sha256sum {} + 2>/dev/null | LC_ALL=C sort | key_of_stdin || true)
image=offline/debian:$suite-$(key "$own" "$host")
tree=$CACHE/build/debian

# Documentation and translations aren't installed, here or by what is installed on top.
leave_documentation_out() {
  cat >"$tree/etc/dpkg/dpkg.cfg.d/no-documentation" <<'CONF'
path-exclude /usr/share/doc/*
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
CONF
  rm -rf "$tree"/usr/share/{doc,info,lintian,locale,man}/* "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/archives/*.deb
}

trust_what_the_host_trusts() {
  rm -f "$tree/etc/apt/sources.list"
  for path in "${apt[@]}"; do
    if [ -e "$path" ]; then cp -r "$path" "$tree${path%/*}/"; fi
  done
  if [ -f $certificates ]; then
    mkdir -p "$tree/etc/ssl/certs" "$tree/usr/local/share/ca-certificates"
    cp $certificates "$tree/etc/ssl/certs/"
    # The package ca-certificates, once installed, makes the file above anew, and adds what it finds here.
    cp $certificates "$tree/usr/local/share/ca-certificates/host.crt"
  fi
}

if ! have_image "$image"; then
  step "debootstrap $suite"
  rm -rf "$tree"
  mkdir -p "$tree"
  debootstrap --variant=minbase "$suite" "$tree" >"$CACHE/debootstrap.log" ||
    die "debootstrap failed; its log: $CACHE/debootstrap.log"
  leave_documentation_out
  trust_what_the_host_trusts
  tar -C "$tree" -c . | docker import - "$image" >/dev/null
  rm -rf "$tree"
fi
echo "$image"
