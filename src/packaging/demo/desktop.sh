# shellcheck shell=bash
# Sourced by demo.sh: a whole desktop in a virtual screen, with homes of its own below $work. Everything that is
# started is remembered by pid and ended by end_desktop, last first. demo.sh sets $build and $here.
: "${build:?}" "${here:?}"

pids=()
names=()

# start <name> <command>…: in the background, what it says goes to $work/logs/<name>.log
start() {
    local name="$1"
    shift
    "$@" >"$work/logs/$name.log" 2>&1 &
    pids+=("$!")
    names+=("$name")
}

# end_by_pid <pid>: asks, waits a moment, insists.
end_by_pid() {
    local pid="$1" tries=0
    kill "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null && [[ $tries -lt 50 ]]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

end_desktop() {
    local i
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do end_by_pid "${pids[i]}"; done
    pids=()
    rm -rf "$runtime" "$work"
}

# wait_for <seconds> <what> <command>…: polls; ends the demonstration with a sentence when it never holds.
wait_for() {
    local seconds="$1" what="$2" end=$((SECONDS + $1))
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [[ $SECONDS -ge $end ]]; then give_up "$what did not happen within $seconds seconds"; fi
        sleep 0.1
    done
}

bus_name_is_owned() {
    [[ "$(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus \
        org.freedesktop.DBus.NameHasOwner "string:$1")" == *true* ]]
}

# service_program <D-Bus service file>: the program that it would start; Debian keeps some outside PATH.
service_program() {
    sed -n 's/^Exec=//p' "/usr/share/dbus-1/services/$1.service" 2>/dev/null
}

window_manager_is_there() { xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 'window id'; }

make_world() {
    work="$(mktemp -d)"
    # The ring wants memory-backed storage, which a runtime folder is on a real desktop. It is always a fresh one,
    # so that a Hindsight that runs in the same account is left alone.
    if [[ -w /dev/shm ]]; then runtime="$(mktemp -d /dev/shm/hindsight-demo-XXXXXX)"; else runtime="$(mktemp -d)"; fi
    mkdir -p "$work/logs" "$work/services" "$runtime/pulse"
    chmod 700 "$runtime" "$runtime/pulse"
    export HOME="$work/home" XDG_RUNTIME_DIR="$runtime"
    export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share"
    export XDG_STATE_HOME="$HOME/.local/state" XDG_CACHE_HOME="$HOME/.cache"
    # The build tree's share/ holds our icons and D-Bus file as an installation would.
    export XDG_DATA_DIRS="$build/share:/usr/local/share:/usr/share"
    export XDG_SESSION_TYPE=x11 XDG_CURRENT_DESKTOP=XFCE LANG=C.UTF-8 NO_AT_BRIDGE=1 LIBGL_ALWAYS_SOFTWARE=1
    export PATH="$PATH:/usr/games"
    unset WAYLAND_DISPLAY XAUTHORITY QT_QPA_PLATFORM
    mkdir -p "$HOME/Videos" "$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml" "$XDG_DATA_HOME" "$XDG_STATE_HOME" "$XDG_CACHE_HOME"
    cp "$here/xfce4-panel.xml" "$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml/"
}

start_display() {
    start display Xvfb -displayfd 7 -nolisten tcp -noreset -screen 0 1280x800x24 7>"$work/display"
    wait_for 20 "The start of the virtual display" test -s "$work/display"
    DISPLAY=":$(tr -d '[:space:]' <"$work/display")"
    export DISPLAY
}

start_bus() {
    printf '[D-BUS Service]\nName=org.xfce.Xfconf\nExec=%s\n' "$(service_program org.xfce.Xfconf)" \
        >"$work/services/org.xfce.Xfconf.service"
    cat >"$work/bus.conf" <<XML
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$runtime/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>$work/services</servicedir>
  <servicedir>$build/share/dbus-1/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
XML
    export DBUS_SESSION_BUS_ADDRESS="unix:path=$runtime/bus"
    start bus dbus-daemon --nofork "--config-file=$work/bus.conf"
    wait_for 20 "The start of the session bus" bus_name_is_owned org.freedesktop.DBus
}

start_sound() {
    export PULSE_RUNTIME_PATH="$runtime/pulse" PULSE_SERVER="unix:$runtime/pulse/native"
    start sound pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --high-priority=no --realtime=no \
        "--load=module-native-protocol-unix auth-anonymous=1 socket=$runtime/pulse/native" \
        "--load=module-null-sink sink_name=speakers rate=48000"
    wait_for 20 "The start of the sound server" pactl info
}

start_desktop() {
    make_world
    trap end_desktop EXIT
    start_display
    start_bus
    start window-manager openbox --sm-disable
    wait_for 20 "The start of the window manager" window_manager_is_there
    xsetroot -solid '#20262d' 2>/dev/null || true
    start_sound
    start panel xfce4-panel --disable-wm-check --sm-client-disable
    wait_for 20 "The start of the panel with its tray" bus_name_is_owned org.kde.StatusNotifierWatcher
    start notifications "$(service_program org.xfce.xfce4-notifyd.Notifications)"
    wait_for 20 "The start of the notification service" bus_name_is_owned org.freedesktop.Notifications
}
