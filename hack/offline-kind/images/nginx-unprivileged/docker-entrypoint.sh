#!/bin/sh
# Runs /docker-entrypoint.d/*.sh, makes configuration of /etc/nginx/templates/*.template, then becomes the command.
set -eu

prepare() {
  for script in /docker-entrypoint.d/*.sh; do
    if [ -x "$script" ]; then "$script"; fi
  done
  # Only what the environment defines is replaced: nginx's own $variables stay.
  defined=$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/${\1}/p' | tr '\n' ' ')
  for template in /etc/nginx/templates/*.template; do
    if [ ! -f "$template" ]; then continue; fi
    if [ ! -w /etc/nginx/conf.d ]; then
      echo "docker-entrypoint.sh: $template is left alone: /etc/nginx/conf.d is not writable" >&2
      return
    fi
    name=$(basename "$template" .template)
    envsubst "$defined" <"$template" >"/etc/nginx/conf.d/$name"
  done
}

if [ "${1:-}" = nginx ]; then prepare; fi
exec "$@"
