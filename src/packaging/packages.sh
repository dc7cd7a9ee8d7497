# shellcheck shell=bash
# Sourced by run.sh and test.sh: finds and installs the Debian packages of packages-debian.txt.

packages_list="$(dirname "${BASH_SOURCE[0]}")/packages-debian.txt"

say() { printf '%s\n' "$*"; }

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Entries ("name" or "name | name") of the given sections.
package_entries() {
    local wanted=" $* " section="" line
    while IFS= read -r line; do
        line="${line%%#*}"
        line="$(printf '%s' "$line" | tr -s '[:space:]' ' ')"
        line="${line# }"
        line="${line% }"
        case "$line" in
            "") ;;
            "["*"]") section="${line:1:-1}" ;;
            *) if [[ "$wanted" == *" $section "* ]]; then printf '%s\n' "$line"; fi ;;
        esac
    done <"$packages_list"
}

package_is_installed() {
    [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# The entries of the given sections of which no alternative is installed.
missing_entries() {
    local entry name found
    while IFS= read -r entry; do
        found=no
        for name in ${entry//|/ }; do
            if package_is_installed "$name"; then found=yes; fi
        done
        if [[ "$found" == no ]]; then printf '%s\n' "$entry"; fi
    done < <(package_entries "$@")
}

# On a desktop whose sound is PipeWire's, Debian's pulseaudio cannot be installed beside it. The demonstration and the
# tests want the daemon for themselves only, so there it is unpacked into a folder of ours, found through PATH.
pipewire_has_the_sound() {
    package_is_installed pipewire-audio || package_is_installed pipewire-pulse
}

# unpack_pulseaudio <folder>: the daemon, what it needs and is not installed, and <folder>/bin/pulseaudio to start it.
unpack_pulseaudio() {
    local folder name needed libraries modules
    mkdir -p "$1/packages" "$1/bin"
    folder="$(cd "$1" && pwd)"
    if [[ -x "$folder/bin/pulseaudio" ]]; then return; fi
    say "PipeWire has the sound here: pulseaudio is unpacked into $1, for the demonstration and the tests only."
    (cd "$folder/packages" && apt-get -q download pulseaudio) || return 1
    mapfile -t needed < <(dpkg-deb -f "$folder/packages/"pulseaudio_*.deb Depends | tr ',' '\n' |
        sed -nE 's/^ *(lib[^ :|(]+).*/\1/p')
    for name in "${needed[@]}"; do
        if ! package_is_installed "$name"; then (cd "$folder/packages" && apt-get -q download "$name") || return 1; fi
    done
    for name in "$folder/packages/"*.deb; do dpkg-deb -x "$name" "$folder/root" || return 1; done
    libraries="$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)"
    modules="$(dirname "$(find "$folder/root" -name module-null-sink.so)")"
    cat >"$folder/pulseaudio.new" <<SCRIPT
#!/bin/sh
LD_LIBRARY_PATH='$libraries' exec '$folder/root/usr/bin/pulseaudio' '--dl-search-path=$modules' "\$@"
SCRIPT
    chmod +x "$folder/pulseaudio.new"
    "$folder/pulseaudio.new" --version >/dev/null || return 1
    mv "$folder/pulseaudio.new" "$folder/bin/pulseaudio"
}

package_is_offered() {
    [[ "$(LC_ALL=C apt-cache policy "$1" 2>/dev/null)" =~ Candidate:\ [^\(] ]]
}

# One package per entry, the first alternative that this release offers, in $chosen_packages; entries without one in
# $not_offered, which is then a failure.
chosen_packages=()
not_offered=()
choose_packages() {
    local entry name chosen
    not_offered=()
    chosen_packages=()
    for entry in "$@"; do
        chosen=""
        for name in ${entry//|/ }; do
            if [[ -z "$chosen" ]] && package_is_offered "$name"; then chosen="$name"; fi
        done
        if [[ -n "$chosen" ]]; then chosen_packages+=("$chosen"); else not_offered+=("$entry"); fi
    done
    [[ ${#not_offered[@]} == 0 ]]
}

# Runs a command as root; says beforehand what for when that needs sudo.
as_root() {
    local purpose="$1"
    shift
    if [[ "$(id -u)" == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        say "sudo is needed to $purpose."
        sudo "$@"
    else
        die "Root is needed to $purpose, and sudo is not there. As root, run: $*"
    fi
}

# ensure_packages <section>… installs what is missing, without recommended packages and without questions.
ensure_packages() {
    if ! command -v apt-get >/dev/null; then
        say "This is no Debian: please see that the equivalents of src/packaging/packages-debian.txt are there."
        return
    fi
    local missing=() apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q)
    mapfile -t missing < <(missing_entries "$@")
    if [[ " ${missing[*]} " == *" pulseaudio "* ]] && pipewire_has_the_sound; then
        mapfile -t missing < <(missing_entries "$@" | grep -vx pulseaudio)
        unpack_pulseaudio build/pulseaudio ||
            die "pulseaudio could not be unpacked beside PipeWire; the lines above say why. The demonstration and the tests" \
                "need it: use a container for them."
        PATH="$PWD/build/pulseaudio/bin:$PATH"
    fi
    if [[ ${#missing[@]} == 0 ]]; then return; fi
    say "Packages to install: ${missing[*]}"
    if ! choose_packages "${missing[@]}"; then
        as_root "update the list of packages" "${apt[@]}" update
        choose_packages "${missing[@]}" || die "This release does not offer these packages: ${not_offered[*]}"
    fi
    # Never at the price of packages that are there: a desktop with PipeWire would lose it to pulseaudio.
    local install=("${apt[@]}" install -y --no-install-recommends --no-remove "${chosen_packages[@]}")
    if as_root "install the packages above" "${install[@]}"; then return; fi
    say "That failed, perhaps because the list of packages is old: updating it and trying again."
    as_root "update the list of packages" "${apt[@]}" update
    as_root "install the packages above" "${install[@]}" ||
        die "The packages could not be installed; the lines above say why. None of yours is ever removed for them."
}

# build_preset <preset> [target…] configures and builds; what configuring prints is shown only when it fails.
build_preset() {
    local preset="$1"
    shift
    local log
    log="$(mktemp)"
    if ! cmake --preset "$preset" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "Configuring failed; the lines above say what is missing."
    fi
    rm -f "$log"
    local targets=()
    if [[ $# -gt 0 ]]; then targets=(--target "$@"); fi
    cmake --build --preset "$preset" --parallel "$(nproc)" "${targets[@]}" ||
        die "The build failed; the first error above says why."
}
