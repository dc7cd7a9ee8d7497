#!/usr/bin/env bash
# install_test.sh <build folder>: an installation below a prefix with a space is complete and names its own programs.
# A menu has no PATH of a shell: its entries name them in full, too.
set -euo pipefail
build="$1"
id=io.github.hindsight.Hindsight

root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
prefix="$root/a prefix"
cmake --install "$build" --prefix "$prefix" >/dev/null

for file in bin/hindsight bin/hindsightd bin/hindsight-capture bin/hindsight-input bin/hindsightctl \
    "share/applications/$id.desktop" "share/metainfo/$id.metainfo.xml" "share/dbus-1/services/$id.service" \
    "share/systemd/user/$id.service" "share/icons/hicolor/scalable/apps/$id.svg" share/hindsight/fonts/Inter-Regular.otf; do
    [[ -e "$prefix/$file" ]] || {
        echo "not installed: $file"
        exit 1
    }
done
ls "$prefix"/share/hindsight/profiles/*.toml >/dev/null
grep -qxF "Exec=\"$prefix/bin/hindsightd\"" "$prefix/share/dbus-1/services/$id.service"
grep -qxF "SystemdService=$id.service" "$prefix/share/dbus-1/services/$id.service"
grep -qxF "ExecStart=\"$prefix/bin/hindsightd\"" "$prefix/share/systemd/user/$id.service"
entry="$prefix/share/applications/$id.desktop"
autostart="$prefix/share/hindsight/autostart/$id.desktop"
grep -qxF "Exec=\"$prefix/bin/hindsight\"" "$entry"
grep -qxF "Exec=\"$prefix/bin/hindsightctl\" save" "$entry"
grep -qxF "Exec=\"$prefix/bin/hindsight\" --tray" "$autostart"
desktop-file-validate "$entry" "$autostart"
# What is special in a desktop entry is quoted twice.
odd="$root/od\$d"
cmake --install "$build" --prefix "$odd" >/dev/null
grep -qxF "Exec=\"$root/od\\\\\$d/bin/hindsight\"" "$odd/share/applications/$id.desktop"
cmake --install "$build" --prefix "$prefix" >/dev/null
# Every file is in the manifest, which is what uninstalling goes by.
sort "$build/install_manifest.txt" >"$root/manifest"
find "$prefix" -type f | sort >"$root/files"
diff "$root/manifest" "$root/files"
