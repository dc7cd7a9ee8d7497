#!/usr/bin/env bash
# packages_test.sh <folder of packages.sh>: missing packages are found in any language, and installing them never
# removes any of the user's. apt is played by functions that answer like a German one.
set -euo pipefail
# shellcheck source=src/packaging/packages.sh
source "$1/packages.sh"

apt-cache() {
    if [[ "${LC_ALL:-}" == C ]]; then echo "  Candidate: 1.0"; else echo "  Installationskandidat: 1.0"; fi
}
pipewire=no
dpkg-query() { if [[ "$pipewire" == yes && "$*" == *pipewire-audio* ]]; then echo installed; else echo not-installed; fi; }
as_root() {
    shift
    printf '%s\n' "$*" >>"$log"
}
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
export LANG=de_DE.UTF-8
unset LC_ALL

ensure_packages demo >/dev/null
installed="$(grep ' install ' "$log")" || {
    echo "Nothing was installed:"
    cat "$log"
    exit 1
}
for option in --no-remove --no-install-recommends pulseaudio; do
    grep -qw -- "$option" <<<"$installed" || {
        echo "The command lacks $option: $installed"
        exit 1
    }
done

# Where PipeWire has the sound, pulseaudio is unpacked instead, and found before any other.
pipewire=yes
unpack_pulseaudio() { echo "unpack $1" >>"$log"; }
: >"$log"
ensure_packages demo >/dev/null
grep -qx 'unpack build/pulseaudio' "$log" || {
    echo "pulseaudio was not unpacked beside PipeWire"
    exit 1
}
if grep -qE ' install .* pulseaudio( |$)' "$log"; then
    echo "pulseaudio would be installed beside PipeWire"
    exit 1
fi
if [[ "$PATH" != "$PWD/build/pulseaudio/bin:"* ]]; then
    echo "Nobody finds the pulseaudio that was unpacked: $PATH"
    exit 1
fi
