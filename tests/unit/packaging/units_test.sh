#!/usr/bin/env bash
# units_test.sh <share folder>: systemd accepts the user unit, and the D-Bus file names a program that is there.
set -euo pipefail
share="$1"
id=io.github.hindsight.Hindsight

runtime="$(mktemp -d)"
trap 'rm -rf "$runtime"' EXIT
messages="$(XDG_RUNTIME_DIR="$runtime" systemd-analyze verify --user "$share/systemd/user/$id.service" 2>&1)" || {
    printf '%s\n' "$messages"
    exit 1
}
# Verify reports on every unit it loads; ours must not be among the complaints.
if grep -F "$id" <<<"$messages"; then exit 1; fi

program="$(sed -n 's/^Exec="\(.*\)"$/\1/p' "$share/dbus-1/services/$id.service")"
[[ -x "$program" ]] || {
    echo "The D-Bus file starts '$program', which is not there."
    exit 1
}
