#!/bin/sh
# docker-entrypoint.sh [redis-server] [FILE] [--FLAG VALUE ...], or any other command.
set -eu

case ${1:-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis '{}' +
    exec setpriv --reuid redis --regid redis --clear-groups "$0" "$@"
  fi
  umask 0077
  shift
  file=
  case ${1:-} in
    -* | "") ;;
    *)
      file=$1
      shift
      ;;
  esac
  # The official build's default is to answer other hosts without a password; a file that speaks of it decides.
  if [ -z "$file" ] || ! grep -q '^ *protected-mode ' "$file"; then set -- --protected-mode no "$@"; fi
  set -- redis-server ${file:+"$file"} "$@"
fi
exec "$@"
