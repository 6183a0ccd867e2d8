# To be sourced: a PostgreSQL server of our own on a free port of this computer, and its removal.
# start_postgres sets postgres_url; stop_postgres may be called at any time.

postgres_bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)")
# It refuses to be run by root.
if [ "$(id -u)" = 0 ]; then postgres_owner=postgres; else postgres_owner=$(id -un); fi

postgres_control() {
  if [ "$(id -un)" = "$postgres_owner" ]; then "$postgres_bin/$1" "${@:2}"; else
    (cd / && su "$postgres_owner" -s /bin/sh -c 'exec "$0" "$@"' -- "$postgres_bin/$1" "${@:2}")
  fi
}

start_postgres() {
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  postgres_folder=$(mktemp -d)
  if [ "$(id -u)" = 0 ]; then chown "$postgres_owner" "$postgres_folder"; fi
  postgres_control initdb -D "$postgres_folder/data" -U turgor -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
  # Tests do not commit: to autovacuum their tables look empty, and plans made for that never end.
  postgres_control pg_ctl -D "$postgres_folder/data" -w -l "$postgres_folder/log" \
    -o "-p $port -k $postgres_folder -c listen_addresses=127.0.0.1 -c fsync=off -c autovacuum=off" \
    start >/dev/null
  postgres_url="postgres://turgor@127.0.0.1:$port/postgres"
}

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  postgres_control pg_ctl -D "$postgres_folder/data" -m fast stop >/dev/null 2>&1 || true
  rm -rf "$postgres_folder"
  postgres_folder=
}
