# Tidies up after a test run, however the run ended. Reads "tests PGID" and "server PGID" lines from stdin; stdin closes
# when xtask is done, or dead by any cause, kill -9 included. Then: stop the tests that still run, stop the server,
# remove the folder given as $1. POSIX sh, so that nothing has to be installed for it.
trap '' INT TERM HUP
tests=0
server=0
while read -r what pgid; do
    case "$what" in
        tests) tests=$pgid ;;
        server) server=$pgid ;;
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
# INT is PostgreSQL's fast shutdown: clients are cut off, shared memory is given back. QUIT is its immediate one.
if [ "$server" -gt 1 ]; then
    stop "$server" INT 50 || stop "$server" QUIT 30 || stop "$server" KILL 20
fi
rm -rf -- "$1"
