#!/usr/bin/env bash
# Builds Hindsight and runs it: on a desktop the tray icon with its service, without a display a
# demonstration in a virtual one.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=src/packaging/packages.sh
source src/packaging/packages.sh

usage() {
    cat <<'TEXT'
Usage: ./run.sh [OPTION]

Without an option: installs the packages that are missing, builds, and starts Hindsight. Without a display it
records a real game in a virtual one instead and leaves the results in demo-output/.

  --demo        the demonstration, also on a desktop
  --install     puts programs, menu entry, D-Bus and systemd files under ~/.local
  --uninstall   removes what --install put there; clips and settings stay
  --build       only installs packages and builds
  --help        this text
TEXT
}

prefix="${HOME:?}/.local"
manifest="$prefix/share/hindsight/install_manifest.txt"

reload_session() {
    if command -v systemctl >/dev/null; then systemctl --user daemon-reload 2>/dev/null || true; fi
    if command -v busctl >/dev/null; then
        busctl --user call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus ReloadConfig >/dev/null 2>&1 || true
    fi
    if command -v gtk-update-icon-cache >/dev/null && [[ -f "$prefix/share/icons/hicolor/index.theme" ]]; then
        gtk-update-icon-cache -q "$prefix/share/icons/hicolor" || true
    fi
}

install_files() {
    ensure_packages build run
    build_preset release
    cmake --install build/release --prefix "$prefix" >/dev/null
    mkdir -p "$(dirname "$manifest")"
    { cat build/release/install_manifest.txt && printf '\n%s\n' "$manifest"; } >"$manifest.new"
    mv "$manifest.new" "$manifest"
    reload_session
    say "Hindsight is installed under $prefix. Start it from the menu or with: $prefix/bin/hindsight"
    case ":$PATH:" in
        *":$prefix/bin:"*) ;;
        *) say "To call hindsightctl by its name, add $prefix/bin to PATH." ;;
    esac
}

uninstall_files() {
    if [[ ! -f "$manifest" ]]; then
        say "Nothing of Hindsight is installed under $prefix."
        return
    fi
    local file folder files=()
    mapfile -t files <"$manifest"
    for file in "${files[@]}"; do
        case "$file" in
            "") ;;
            "$prefix"/*) rm -f -- "$file" ;;
            *) say "Left alone, because it is not under $prefix: $file" ;;
        esac
    done
    for file in "${files[@]}"; do
        folder="$(dirname "$file")"
        while [[ "$folder" == "$prefix"/* && "$folder" == */hindsight* ]] && rmdir -- "$folder" 2>/dev/null; do
            folder="$(dirname "$folder")"
        done
    done
    reload_session
    say "Hindsight is removed from $prefix. Clips, settings and the library are still there."
}

start_on_desktop() {
    ensure_packages build run
    build_preset release
    say "Hindsight sits in the tray now: play, and press Alt+F10 to keep the last 30 seconds. Ctrl+C here ends it."
    exec build/release/bin/hindsight "$@"
}

start_demo() {
    ensure_packages build run demo
    build_preset release
    exec src/packaging/demo/demo.sh build/release demo-output
}

case "${1:-}" in
    --help | -h) usage ;;
    --install) install_files ;;
    --uninstall) uninstall_files ;;
    --build)
        ensure_packages build run
        build_preset release
        ;;
    --demo) start_demo ;;
    "")
        if [[ -n "${DISPLAY:-}" || -n "${WAYLAND_DISPLAY:-}" ]]; then
            start_on_desktop --tray
        else
            start_demo
        fi
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac
