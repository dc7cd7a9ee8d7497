#!/usr/bin/env bash
# packages_test.sh <folder of packages.sh>: missing packages are found in any language, and installing them never
# removes any of the user's. apt is played by functions that answer like a German one.
set -euo pipefail
# shellcheck source=src/packaging/packages.sh
source "$1/packages.sh"

apt-cache() {
    if [[ "${LC_ALL:-}" == C ]]; then echo "  Candidate: 1.0"; else echo "  Installationskandidat: 1.0"; fi
}
dpkg-query() { echo not-installed; }
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
