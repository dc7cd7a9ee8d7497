#!/usr/bin/env bash
# demo_test.sh <demo.sh> <build folder>: the demonstration of run.sh ends well and leaves all that it promises.
set -euo pipefail
output="$(mktemp -d)"
# What it has left is for looking at when it fails: its logs are there.
trap '[[ $? -ne 0 ]] && echo "Kept: $output" || rm -rf "$output"' EXIT
# Without the desktop of whoever runs the tests.
env -u DISPLAY -u WAYLAND_DISPLAY "$1" "$2" "$output"

missing=()
for pattern in '*.actions.jsonl' '*.ass' '*.overlay.mp4' clip-frame.png overlay-frame.png desktop.png browser.png; do
    compgen -G "$output/$pattern" >/dev/null || missing+=("$pattern")
done
if ! find "$output" -name '*.mp4' ! -name '*.overlay.mp4' -size +0 | grep -q .; then missing+=("the clip"); fi
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "Not there: ${missing[*]}"
    exit 1
fi
