#include <hindsight/ipc/messages.hpp>

// nlohmann's own NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT makes inline functions; these are
// not. Keys that are missing keep the default of the struct.
#define HINDSIGHT_JSON_FIELDS(Type, ...)                                                           \
    void to_json(Json& nlohmann_json_j, const Type& nlohmann_json_t) {                             \
        NLOHMANN_JSON_EXPAND(NLOHMANN_JSON_PASTE(NLOHMANN_JSON_TO, __VA_ARGS__))                   \
    }                                                                                              \
    void from_json(const Json& nlohmann_json_j, Type& nlohmann_json_t) {                           \
        const Type nlohmann_json_default_obj{};                                                    \
        NLOHMANN_JSON_EXPAND(NLOHMANN_JSON_PASTE(NLOHMANN_JSON_FROM_WITH_DEFAULT, __VA_ARGS__))    \
    }

namespace hindsight::ipc {

HINDSIGHT_JSON_FIELDS(
    StartCapture,
    source,
    window,
    region_x,
    region_y,
    region_width,
    region_height,
    picture,
    fps,
    max_width,
    max_height,
    codec,
    encoder,
    encoders,
    avoid,
    preset,
    crf,
    bitrate_kbps,
    adapt,
    desktop_audio,
    desktop_device,
    microphone,
    microphone_device,
    microphone_muted,
    noise_suppression,
    application,
    desktop_volume,
    microphone_volume,
    application_volume,
    cursor,
    ring_folder,
    limit_bytes,
    limit_ns)
HINDSIGHT_JSON_FIELDS(StopCapture, clear_ring)
HINDSIGHT_JSON_FIELDS(AwaitTime, request, t_ns)
HINDSIGHT_JSON_FIELDS(MuteMicrophone, muted, from_ns)
HINDSIGHT_JSON_FIELDS(SetLimits, limit_bytes, limit_ns)
HINDSIGHT_JSON_FIELDS(
    CaptureStarted, epoch, encoder, codec, picture, width, height, fps, grid_origin_ns)
HINDSIGHT_JSON_FIELDS(Trouble, severity, text, mend)
HINDSIGHT_JSON_FIELDS(
    CaptureStatus,
    captured,
    skipped,
    lagged,
    unchanged,
    buffered_ns,
    buffered_bytes,
    bytes_per_minute,
    newest_ns,
    dropped_packets,
    source_alive,
    troubles)
HINDSIGHT_JSON_FIELDS(Reached, request)
HINDSIGHT_JSON_FIELDS(CaptureFailed, code, what, window)
HINDSIGHT_JSON_FIELDS(ProbeEncoders, avoid)
HINDSIGHT_JSON_FIELDS(EncoderStuck, encoder)
HINDSIGHT_JSON_FIELDS(EncoderInfo, id, name, codec, works, hardware, reason)
HINDSIGHT_JSON_FIELDS(EncoderList, encoders, gl_renderer, gl_software, libobs_version)
HINDSIGHT_JSON_FIELDS(Binding, control, action, value, dead_zone)
HINDSIGHT_JSON_FIELDS(
    SetProfile,
    profile,
    bindings,
    digital,
    pulse,
    chat_controls,
    menu_controls,
    latency_frames,
    latency_ns)
HINDSIGHT_JSON_FIELDS(SetGame, window)
HINDSIGHT_JSON_FIELDS(SetGrid, origin_ns, fps_num, fps_den)
HINDSIGHT_JSON_FIELDS(Hotkey, id, chord, hold)
HINDSIGHT_JSON_FIELDS(SetHotkeys, hotkeys, never_in)
HINDSIGHT_JSON_FIELDS(ListWindows, request)
HINDSIGHT_JSON_FIELDS(
    FocusChanged, window, pid, wm_class, executable, arguments, steam_app_id, width, height)
HINDSIGHT_JSON_FIELDS(WindowClosed, window)
HINDSIGHT_JSON_FIELDS(HotkeyPressed, id, t_ns)
HINDSIGHT_JSON_FIELDS(HotkeyReleased, id)
HINDSIGHT_JSON_FIELDS(HotkeyState, id, available, what)
HINDSIGHT_JSON_FIELDS(ActionValue, t_ns, action, x, y)
HINDSIGHT_JSON_FIELDS(ActionBatch, values)
HINDSIGHT_JSON_FIELDS(HeldState, t_ns, actions)
HINDSIGHT_JSON_FIELDS(ModeChanged, t_ns, mode)
HINDSIGHT_JSON_FIELDS(InputUpTo, t_ns)
HINDSIGHT_JSON_FIELDS(WindowEntry, window, title, wm_class, executable, width, height)
HINDSIGHT_JSON_FIELDS(WindowList, request, windows)
HINDSIGHT_JSON_FIELDS(ControllerState, connected)
HINDSIGHT_JSON_FIELDS(InputHealth, display, raw_input, window_manager, wayland, controllers, what)

void to_json(Json&, const CaptureStopped&) {}

void from_json(const Json&, CaptureStopped&) {}

std::string encode_object(Json body, const char* type) {
    body["type"] = type;
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hindsight::ipc
