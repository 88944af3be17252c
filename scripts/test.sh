#!/usr/bin/env bash
# Builds everything, runs every test, and ends with one line of totals. It needs the .NET SDK. Tests that compare with Debian's own
# xenstore programs, or use its NBD programs or Open MPI, also need the packages below and Debian's daemon: on Debian 12, as root, what is missing of the packages is installed,
# and the daemon is downloaded and unpacked (not installed) below tests/.cache. What cannot be had is told in one line, and its tests are
# skipped; on CI they fail.
set -euo pipefail
cd "$(dirname "$0")/.."
export XSPEER_DIR="${XSPEER_DIR:-$PWD/tests/.cache/xspeer}"

packages_missing() {
  command -v xenstore-ls >/dev/null || echo xenstore-utils
  command -v gcc >/dev/null || echo gcc
  [ -e /usr/include/stdio.h ] || echo libc6-dev
  [ -e /usr/include/xenstore.h ] || echo libxen-dev
  command -v qemu-nbd >/dev/null || echo qemu-utils
  command -v nbdcopy >/dev/null || echo libnbd-bin
  command -v fio >/dev/null || echo fio
  command -v mpirun >/dev/null || echo openmpi-bin
  [ -x /usr/sbin/mke2fs ] || [ -x /sbin/mke2fs ] || echo e2fsprogs
}

missing=$(packages_missing | xargs)
if [ -n "$missing" ] || ! tests/xspeer/xspeer.sh ready "$XSPEER_DIR"; then
  log=$(mktemp)
  {
    if [ "$(id -u)" -eq 0 ]; then
      apt-get update -qq
      # shellcheck disable=SC2086 # the list is words
      [ -z "$missing" ] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    fi
    tests/xspeer/xspeer.sh setup "$XSPEER_DIR"
  } >"$log" 2>&1 || true
  missing=$(packages_missing | xargs)
  tests/xspeer/xspeer.sh ready "$XSPEER_DIR" || missing="${missing:+$missing, }Debian's xenstored (tests/xspeer)"
  [ -z "$missing" ] || echo "could not be had: $missing: $(tail -n 1 "$log")" >&2
  rm -f "$log"
fi

dotnet build XenActors.sln -c Release -nologo -v quiet

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet test XenActors.sln -c Release --no-build -nologo "$@" 2>&1 | tee "$log" || status=$?

# One line per test project: "Passed!  - Failed: 0, Passed: 54, Skipped: 0, Total: 54, ..."
read -r passed failed skipped < <(awk '
  /- Failed: *[0-9]+, Passed: *[0-9]+, Skipped: *[0-9]+/ {
    gsub(/,/, "")
    for (i = 1; i < NF; i++) {
      if ($i == "Failed:") failed += $(i + 1)
      if ($i == "Passed:") passed += $(i + 1)
      if ($i == "Skipped:") skipped += $(i + 1)
    }
  }
  END { print passed + 0, failed + 0, skipped + 0 }' "$log")

if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
  echo "on CI no test may be skipped" >&2
  status=1
fi

[ "$passed" -gt 0 ] || status=1
echo "tests: $passed passed, $failed failed, $skipped skipped"
exit "$status"
