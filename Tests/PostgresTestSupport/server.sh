# A PostgreSQL server for tests, in a temporary folder of its own: told what to do by lines on standard input, answers each by a line.
# Ends, and takes its folder away, when standard input ends: with the test process, however that ends.
# usage: sh server.sh BIN, the folder of postgres and initdb; not as root, for PostgreSQL refuses that.
bin=$1
folder=$(mktemp -d /tmp/custody-postgres.XXXXXX) || exit 1
server=

say() { printf '%s\n' "$*"; }

fail() { say "fault: $* $(tail -n 5 "$folder/log" 2> /dev/null | tr '\n' ' ')"; }

# The one way in is a socket in the folder. fsync is on, as PostgreSQL has it by itself.
start() {
  "$bin/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" \
    -c max_connections=400 -c shared_buffers=64MB > "$folder/log" 2>&1 < /dev/null &
  server=$!
  until "$bin/pg_isready" -q -h "$folder"; do
    kill -0 "$server" 2> /dev/null || { fail "the server ended"; return; }
    sleep 0.05
  done
  say "ready $folder"
}

stop() {
  kill -"$1" "$server"
  wait "$server" 2> /dev/null
  say stopped
}

# Nothing in it is wanted any more. At an immediate shutdown the server kills what does not end within five seconds, also what
# stands still.
finish() {
  kill -QUIT "$server" 2> /dev/null && wait "$server" 2> /dev/null
  rm -rf "$folder"
}
# What a terminal sends to all of a group is meant for the tests, whose end is heard of.
trap '' INT TERM HUP

"$bin/initdb" -D "$folder/data" -U custody -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$folder/log" 2>&1 || fail "initdb"
# Who is named so needs a password.
{ echo 'local all with_password scram-sha-256'; cat "$folder/data/pg_hba.conf"; } > "$folder/hba" && mv "$folder/hba" "$folder/data/pg_hba.conf"
start
while read -r order rest; do
  case $order in
    start) start ;;
    stop) stop INT ;;
    crash) stop QUIT ;;
    freeze) kill -STOP "$server" $(pgrep -P "$server"); say frozen ;;
    thaw) kill -CONT "$server" $(pgrep -P "$server"); say thawed ;;
    sql) "$bin/psql" -h "$folder" -U custody -d postgres -v ON_ERROR_STOP=1 -qtAc "$rest" < /dev/null 2>&1 | tr '\n' ' '; say ;;
  esac
done
finish
