#!/usr/bin/env bash
# demo.sh <build folder> <output folder>
# The whole path for real in a virtual desktop: a game is played with synthetic keys, the save key is pressed, and
# clip, sidecars, overlay video and pictures of the desktop are left in the output folder.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
build="$(cd "$1" && pwd)"
mkdir -p "$2"
output="$(cd "$2" && pwd)"
programs="$build/bin"

# shellcheck source=desktop.sh
source "$here/desktop.sh"
# shellcheck source=player.sh
source "$here/player.sh"

say() { printf '%s\n' "$*"; }

give_up() {
    printf 'The demonstration stopped: %s.\n' "$*" >&2
    rm -rf "$output/logs"
    cp -r "$work/logs" "$output/logs"
    mkdir -p "$output/logs/hindsight"
    cp -r "$XDG_STATE_HOME/hindsight/." "$output/logs/hindsight/" 2>/dev/null || true
    printf 'What the programs said is in %s.\n' "$output/logs" >&2
    exit 1
}

ctl() { "$programs/hindsightctl" "$@"; }

# json_text <key>: the outermost text value of that key in the JSON on standard input, one key a line as hindsightctl
# prints it.
json_text() {
    awk -v key="\"$1\": \"" '
        (at = index($0, key)) && (!found || at < found) { found = at; value = substr($0, at + length(key)) }
        END { sub(/",?$/, "", value); print value }'
}

state() { ctl status --json 2>/dev/null | json_text state; }
service_is_up() { ctl status --json; }
game_is_recorded() { [[ "$(state)" == buffering ]]; }

clip_is_listed() {
    clip="$(ctl list --json --limit 1 2>/dev/null | json_text id)"
    [[ -n "$clip" ]]
}

sidecars_are_there() {
    local shown
    shown="$(ctl show "$clip" --json)"
    [[ -n "$(json_text overlay_path <<<"$shown")" && -n "$(json_text actions_path <<<"$shown")" ]]
}

bubble_is_shown() { xdotool search --onlyvisible --class '^[Xx]fce4-notifyd$'; }
browser_is_shown() { xdotool search --onlyvisible --class '^hindsight$'; }

screenshot() { import -silent -window root "$output/$1" || give_up "the screenshot $1 could not be taken"; }

# frame <video> <picture> <seconds>: one decoded frame as PNG.
frame() {
    ffmpeg -v error -y -ss "$3" -i "$1" -frames:v 1 "$2" </dev/null || give_up "no frame could be read from $(basename "$1")"
}

for program in hindsight hindsightd hindsight-capture hindsight-input hindsightctl; do
    [[ -x "$programs/$program" ]] || {
        printf 'The demonstration needs %s, which has not been built in %s.\n' "$program" "$programs" >&2
        exit 1
    }
done

say "Starting a desktop in a virtual screen of 1280 by 800."
start_desktop
say "Starting Hindsight in the tray."
start hindsight "$programs/hindsight" --tray
wait_for 20 "The start of the service" service_is_up
say "Starting Freedoom and playing it for about 25 seconds."
start_game
wait_for 30 "The beginning of the recording" game_is_recorded
enter_level
play
say "Pressing Alt+F10."
pressed=$(date +%s%N)
hold 0.1 Alt_L F10
wait_for 30 "The clip" clip_is_listed
say "The clip was in the library $((($(date +%s%N) - pressed) / 1000000)) ms after the key was released."
wait_for 15 "The notification" bubble_is_shown
sleep 0.7
screenshot desktop.png
say "Waiting for the overlay video."
wait_for 240 "The overlay video" sidecars_are_there

say "Opening the browser on the clip."
start browser "$programs/hindsight" --clip "$clip"
wait_for 20 "The browser window" browser_is_shown
# Its first seconds are from before the level.
sleep 7
screenshot browser.png

shown="$(ctl show "$clip" --json)"
path="$(json_text path <<<"$shown")"
actions="$(json_text actions_path <<<"$shown")"
overlay="$(json_text overlay_path <<<"$shown")"
subtitles="${path%.mp4}.ass"
for file in "$path" "$actions" "$subtitles" "$overlay"; do
    [[ -s "$file" ]] || give_up "the file $(basename "$file") is missing or empty"
    cp "$file" "$output/"
done
duration="$(ffprobe -v error -select_streams v:0 -show_entries stream=duration -of csv=p=0 "$path")"
# A tenth of a second into one of the last presses, so that the pictures show a key that is held.
pressed_ns="$(sed -n 's/^{"t":\([0-9]*\),"a":[0-9]*,"v":1}$/\1/p' "$actions" | tail -n 4 | head -n 1)"
[[ -n "$pressed_ns" ]] || give_up "the clip has no action, although keys were pressed"
moment="$(LC_ALL=C awk -v t="$pressed_ns" 'BEGIN { printf "%.3f", t / 1e9 + 0.1 }')"
frame "$path" "$output/clip-frame.png" "$moment"
frame "$overlay" "$output/overlay-frame.png" "$moment"

say ""
say "The last $(LC_ALL=C awk -v d="$duration" 'BEGIN { printf "%.1f", d }') seconds are in $output:"
for file in "$(basename "$path")" "$(basename "$actions")" "$(basename "$subtitles")" "$(basename "$overlay")" \
    clip-frame.png overlay-frame.png desktop.png browser.png; do
    say "  $(printf '%8s' "$(du -h "$output/$file" | cut -f1)")  $file"
done
