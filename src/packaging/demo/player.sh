# shellcheck shell=bash
# Sourced by demo.sh: somebody plays Freedoom, with synthetic keys.

# hold <seconds> <key>…: presses the keys together for that long.
hold() {
    local seconds="$1"
    shift
    xdotool keydown "$1"
    if [[ $# -gt 1 ]]; then xdotool keydown "$2"; fi
    sleep "$seconds"
    if [[ $# -gt 1 ]]; then xdotool keyup "$2"; fi
    xdotool keyup "$1"
}

tap() { hold 0.1 "$1"; }

start_game() {
    SDL_RENDER_DRIVER=software SDL_AUDIODRIVER=pulseaudio start game chocolate-doom \
        -iwad /usr/share/games/doom/freedoom1.wad -window -geometry 640x480 -nogui
    wait_for 30 "The game's window" xdotool search --onlyvisible --class '^chocolate-doom$'
    game_window="$(xdotool search --onlyvisible --class '^chocolate-doom$' | head -n 1)"
    xdotool windowactivate --sync "$game_window"
}

# The menus: new game, first episode, the easiest skill but one.
enter_level() {
    sleep 2
    tap Escape
    local i
    for ((i = 0; i < 4; i++)); do
        sleep 0.4
        tap Return
    done
    sleep 1
}

# About 25 seconds: run, turn, shoot, open doors.
play() {
    hold 1.5 Up
    hold 0.5 Left
    hold 1.0 Up Shift_L
    local i
    for ((i = 0; i < 3; i++)); do
        hold 0.3 Control_L
        sleep 0.3
        hold 0.6 Right
        hold 1.2 Up
        tap space
        sleep 0.3
        hold 0.5 comma
        hold 0.5 period
        hold 0.8 Left Control_L
        hold 1.0 Up Shift_L
    done
    hold 0.6 Down
    hold 0.6 Right
    hold 0.4 Control_L
    tap space
    hold 0.8 Up
}
