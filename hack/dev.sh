#!/usr/bin/env bash
# Backend and page without a cluster: PostgreSQL and Redis of this machine on 5433 and 6380, the backend on 3000, the page
# on 5173. Ctrl-C ends all of it; the data stays in $BITCOINCACHE_CACHE/dev.
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
hack/packages.sh initdb redis-server
data=$CACHE/dev
bin=/usr/lib/postgresql/15/bin
mkdir -p "$data/redis"

# PostgreSQL refuses to run as root. Not a function: in the background, its process would be a shell's, not PostgreSQL's.
as_postgres=()
folder=$data/postgres
if [ "$(id -u)" = 0 ]; then
  as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  folder=/var/lib/postgresql/bitcoincache-dev
fi

pids=()
stop() {
  trap - EXIT INT TERM
  if [ "${#pids[@]}" -gt 0 ]; then kill "${pids[@]}" 2>/dev/null || true; fi
  wait
}
trap stop EXIT INT TERM

if ! "${as_postgres[@]}" test -e "$folder/PG_VERSION"; then
  step "a new database in $folder"
  # A locale of the environment need not be installed.
  quietly "${as_postgres[@]}" "$bin/initdb" --pgdata "$folder" --username bitcoin --auth trust --encoding UTF8 --locale C.UTF-8
fi
step "PostgreSQL on 5433, Redis on 6380"
"${as_postgres[@]}" "$bin/postgres" -D "$folder" -p 5433 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c logging_collector=off \
  -c log_min_messages=warning & postgres=$! pids+=($!)
redis-server --port 6380 --bind 127.0.0.1 --dir "$data/redis" --appendonly no --save '' \
  --maxmemory-policy volatile-lru --loglevel warning & pids+=($!)
until "${as_postgres[@]}" "$bin/pg_isready" --quiet --host 127.0.0.1 --port 5433; do
  kill -0 "$postgres" 2>/dev/null || die "PostgreSQL did not start: its messages are above; 5433 must be free"
  sleep 0.2
done

export PORT=3000 POSTGRES_HOST=127.0.0.1 POSTGRES_PORT=5433 POSTGRES_DB=postgres POSTGRES_USER=bitcoin POSTGRES_PASSWORD=unused
export REDIS_HOST=127.0.0.1 REDIS_PORT=6380 CACHE_TTL=3600 CACHE_CONTROLS=true LOG_LEVEL=INFO
.venv/bin/python -m bitcoincache_app.prime
.venv/bin/python -m bitcoincache_app & pids+=($!)
(cd frontend && exec node_modules/.bin/vite) & pids+=($!)
step "the page: http://localhost:5173, the API: http://localhost:3000/docs; Ctrl-C ends both"
wait -n
