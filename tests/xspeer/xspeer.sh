#!/bin/bash
# xspeer.sh - run the real xenstore daemons without Xen, as peers of the tests.
#
#   xspeer.sh setup DIR              fetch Debian's packages into DIR, build the shim;
#                                    nothing is done when all is there
#   xspeer.sh ready DIR              whether setup has nothing left to do
#   xspeer.sh start c|o DIR RUN      start C xenstored (c) or oxenstored (o) with its
#                                    files in RUN; prints the pid; socket is RUN/socket
#   xspeer.sh stop RUN
#   xspeer.sh env DIR                prints the exports that put xenstore-* on PATH
#
# Extra arguments of start go to the daemon.  OXCONF=FILE names another
# oxenstored configuration.
set -e
here=$(cd "$(dirname "$0")" && pwd)
cmd=$1; shift || true

packages="xen-utils-4.17 xen-utils-common xenstore-utils libxenstore4 libxen-dev libxenmisc4.17 libxencall1
    libxenevtchn1 libxengnttab1 libxentoollog1 libxenforeignmemory1 libxendevicemodel1 libxentoolcore1"

paths() {
    R=$1/root
    LD_LIBRARY_PATH=$(echo "$R"/usr/lib/*-linux-gnu)
    export LD_LIBRARY_PATH
    export PATH=$R/usr/lib/xen-4.17/bin:$R/usr/bin:$PATH
}

ready() { [ -x "$1/root/usr/lib/xen-4.17/bin/xenstored" ] && [ "$1/xenshim.so" -nt "$here/xenshim.c" ]; }

# Under another name until it is whole: what an interrupted setup leaves is never taken for the real thing.
unpack() {
    local new=$1/root.new
    rm -rf "$new" "$1/debs"
    mkdir -p "$new" "$1/debs"
    # shellcheck disable=SC2086 # the list is words
    (cd "$1/debs" && apt-get -o APT::Sandbox::User="$(id -un)" download $packages)
    for d in "$1"/debs/*.deb; do dpkg -x "$d" "$new"; done
    rm -rf "$1/debs" "$1/root"
    mv "$new" "$1/root"
}

case $cmd in
ready) ready "$1" ;;
setup)
    dir=$(mkdir -p "$1" && cd "$1" && pwd)
    ready "$dir" && exit 0
    [ -x "$dir/root/usr/lib/xen-4.17/bin/xenstored" ] || unpack "$dir"
    gcc -O2 -Wall -shared -fPIC -pthread -I "$dir/root/usr/include" -o "$dir/xenshim.so.new" "$here/xenshim.c" -ldl
    mv "$dir/xenshim.so.new" "$dir/xenshim.so"
    ;;
start)
    kind=$1; dir=$(cd "$2" && pwd); mkdir -p "$3"; run=$(cd "$3" && pwd); shift 3
    paths "$dir"
    rm -f "$run/socket"
    unset XENSTORED_PATH XENSTORED_RUNDIR # they would move its socket
    export XENSHIM_DIR=$run
    case $kind in
    c) set -- xenstored -N "$@" ;;
    o) set -- oxenstored --no-fork --config-file "${OXCONF:-$dir/root/etc/xen/oxenstored.conf}" "$@" ;;
    *) echo "start c|o" >&2; exit 2 ;;
    esac
    LD_PRELOAD=$dir/xenshim.so setsid nohup "$@" >"$run/out.log" 2>&1 </dev/null &
    pid=$!
    for _ in $(seq 100); do [ -S "$run/socket" ] && break; sleep 0.02; done
    [ -S "$run/socket" ] || { cat "$run/out.log" >&2; exit 1; }
    echo $pid | tee "$run/pid"
    ;;
stop) kill "$(cat "$1/pid")" ;;
env)
    paths "$(cd "$1" && pwd)"
    echo "export LD_LIBRARY_PATH=$LD_LIBRARY_PATH PATH=$R/usr/lib/xen-4.17/bin:$R/usr/bin:\$PATH"
    ;;
*) sed -n '2,15p' "$0"; exit 2 ;;
esac
