# Tidies up after private servers, however the run ended. Reads lines from stdin: "tests PGID" and "server PGID" are to be
# stopped politely, "beam PGID" is killed outright, "forget PGID" has ended already. stdin closes when the one who started
# them is done, or dead by any cause, kill -9 included. Then: stop the tests that still run, stop the servers, remove the
# folder given as $1. POSIX sh, so that nothing has to be installed for it.
trap '' INT TERM HUP
tests=0
servers=
beams=

# without LIST PGID: the list without that one.
without() {
    kept=
    for one in $1; do
        [ "$one" = "$2" ] || kept="$kept $one"
    done
    printf '%s' "$kept"
}

while read -r what pgid; do
    case "$what" in
        tests) tests=$pgid ;;
        server) servers="$servers $pgid" ;;
        beam) beams="$beams $pgid" ;;
        forget)
            servers=$(without "$servers" "$pgid")
            beams=$(without "$beams" "$pgid")
            ;;
    esac
done

# stop PGID SIGNAL TENTHS: succeeds when the group is gone in time.
stop() {
    kill "-$2" "-$1" 2>/dev/null || return 0
    left=$3
    while [ "$left" -gt 0 ]; do
        kill -0 "-$1" 2>/dev/null || return 0
        sleep 0.1
        left=$((left - 1))
    done
    return 1
}

if [ "$tests" -gt 1 ]; then
    stop "$tests" TERM 20 || stop "$tests" KILL 20
fi
for beam in $beams; do
    [ "$beam" -gt 1 ] && stop "$beam" KILL 20
done
# INT is PostgreSQL's fast shutdown: clients are cut off, shared memory is given back. QUIT is its immediate one.
for server in $servers; do
    [ "$server" -gt 1 ] && { stop "$server" INT 50 || stop "$server" QUIT 30 || stop "$server" KILL 20; }
done
# A server's last child may still write for a moment.
rm -rf -- "$1" 2>/dev/null || { sleep 0.5; rm -rf -- "$1"; }
