#pragma once

// The messages on the socketpairs between `hindsightd` and its two children. One datagram
// (SOCK_SEQPACKET) is one JSON object `{"type": "...", ...}`; JSON because there are at most some
// hundred a second and a person debugging wants to read them. Times are CLOCK_MONOTONIC
// nanoseconds. Unknown types and keys are ignored, so that versions can differ for the moment of an
// update.
//
// The action messages deliberately carry action ids and frame times only.

#include <hindsight/core/result.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hindsight::ipc {

using Json = nlohmann::json;

// ---- hindsightd → hindsight-capture

enum class SourceKind { Window, Screen };
NLOHMANN_JSON_SERIALIZE_ENUM(
    SourceKind, {{SourceKind::Window, "window"}, {SourceKind::Screen, "screen"}})

enum class PicturePath { Auto, Direct, Canvas };
NLOHMANN_JSON_SERIALIZE_ENUM(
    PicturePath,
    {{PicturePath::Auto, "auto"}, {PicturePath::Direct, "direct"}, {PicturePath::Canvas, "canvas"}})

struct StartCapture {
    static constexpr const char* kType = "start";
    SourceKind source = SourceKind::Screen;
    std::uint32_t window = 0;  ///< X11 window id for SourceKind::Window
    int region_x = 0;          ///< for SourceKind::Screen, in pixels
    int region_y = 0;
    int region_width = 0;  ///< 0: the whole screen
    int region_height = 0;
    PicturePath picture = PicturePath::Auto;
    int fps = 60;
    int max_width = 1920;  ///< a larger source is scaled down to fit, aspect kept, sizes even
    int max_height = 1080;
    std::string codec = "h264";  ///< h264, hevc or av1; H.264 where nothing encodes it
    std::string encoder;         ///< libobs id to try before what this machine offers; or empty
    std::vector<std::string> encoders;  ///< nothing but these, in order; empty: no such list
    std::vector<std::string> avoid;     ///< ids that hung before, the last one last
    std::string preset = "veryfast";    ///< x264's
    int crf = 21;                       ///< constant quality, 0–51; used when bitrate_kbps is 0
    int bitrate_kbps = 0;
    bool adapt = true;  ///< step down while the machine is too slow
    bool desktop_audio = true;
    std::string desktop_device = "default";
    bool microphone = false;
    std::string microphone_device = "default";
    bool microphone_muted = false;
    bool noise_suppression = false;  ///< of the microphone
    std::string application;         ///< program whose sound gets a track of its own; empty: none
    int desktop_volume = 100;        ///< percent, here and below
    int microphone_volume = 100;
    int application_volume = 100;
    bool cursor = true;
    std::string ring_folder;
    std::uint64_t limit_bytes = 512ull << 20;
    std::int64_t limit_ns = 120'000'000'000;
};

struct StopCapture {
    static constexpr const char* kType = "stop";
    bool clear_ring = false;
};

/// Asks to be told (Reached) when every stream has a packet at or after `t_ns`.
struct AwaitTime {
    static constexpr const char* kType = "await";
    std::string request;
    std::int64_t t_ns = 0;
};

struct SetLimits {
    static constexpr const char* kType = "limits";
    std::uint64_t limit_bytes = 0;
    std::int64_t limit_ns = 0;
};

struct MuteMicrophone {
    static constexpr const char* kType = "mute_microphone";
    bool muted = false;
    std::int64_t from_ns = 0;  ///< may lie ahead; what was said of later moments is void then
};

/// Asks for an EncoderList: each encoder is really started for a few frames. Or an EncoderStuck
/// comes, and the process ends; the next one can be asked for all others.
struct ProbeEncoders {
    static constexpr const char* kType = "probe_encoders";
    std::vector<std::string> avoid;  ///< libobs ids of encoders that hung: listed, but not started
};

// ---- hindsight-capture → hindsightd

struct CaptureStarted {
    static constexpr const char* kType = "started";
    std::uint64_t epoch = 0;
    std::string encoder;  ///< libobs id that runs
    std::string codec;    ///< what it makes: "h264", "hevc" or "av1"
    std::string picture;  ///< "direct" or "canvas"
    int width = 0;
    int height = 0;
    int fps = 0;
    std::int64_t grid_origin_ns =
        0;  ///< every frame's capture time is grid_origin + n/fps, n whole
};

/// Something that capture met and how it goes on, in sentences for people.
struct Trouble {
    std::string severity;  ///< "info" or "warning"
    std::string text;
    std::string mend;  ///< what a person can do, may be empty

    bool operator==(const Trouble&) const = default;
};

struct CaptureStatus {  ///< four times a second while capturing
    static constexpr const char* kType = "status";
    std::uint64_t captured = 0;   ///< frames given to the encoder
    std::uint64_t skipped = 0;    ///< encoder was too slow
    std::uint64_t lagged = 0;     ///< picture came too late, the last one was repeated
    std::uint64_t unchanged = 0;  ///< consecutive frames with no change in the picture, now
    std::int64_t buffered_ns = 0;
    std::uint64_t buffered_bytes = 0;
    std::uint64_t bytes_per_minute = 0;  ///< by the last minute; 0 during the first seconds
    std::int64_t newest_ns = 0;
    std::uint64_t dropped_packets = 0;
    bool source_alive = true;  ///< false: window gone or size 0
    std::vector<Trouble> troubles;
};

struct Reached {
    static constexpr const char* kType = "reached";
    std::string request;
};

/// Capture ended or could not start; the process exits after this when it cannot go on.
struct CaptureFailed {
    static constexpr const char* kType = "failed";
    std::string code;  ///< errc_name
    std::string what;
    std::uint32_t window = 0;  ///< of the order that failed; 0: the screen, or no order
};

struct CaptureStopped {
    static constexpr const char* kType = "stopped";
};

/// This encoder holds a thread for ever, so the process has to end, at once and right after this.
struct EncoderStuck {
    static constexpr const char* kType = "encoder_stuck";
    std::string encoder;  ///< libobs id
};

struct EncoderInfo {
    std::string id;     ///< libobs id
    std::string name;   ///< for people
    std::string codec;  ///< "h264", "aac", …
    bool works = false;
    bool hardware = false;
    std::string reason;  ///< why it does not work
};

struct EncoderList {
    static constexpr const char* kType = "encoders";
    std::vector<EncoderInfo> encoders;
    std::string gl_renderer;  ///< empty when there is no GL
    bool gl_software = true;
    std::string libobs_version;
};

// ---- hindsightd → hindsight-input

/// A control of the keyboard, mouse or controller by its position name
/// (`hindsight/hotkey/control_names`), bound to an action. Travels only towards `hindsight-input`.
struct Binding {
    std::string
        control;  ///< "W", "Left Shift", "Mouse1", "WheelUp", "MouseMove", "PadA", "PadLeftStick"
    std::uint16_t action = 0;
    float value = 1;      ///< what a press means for axis actions (-1, 1)
    float dead_zone = 0;  ///< this much of the way of a stick or trigger is rest

    bool operator==(const Binding&) const = default;
};

struct SetProfile {
    static constexpr const char* kType = "profile";
    /// Its id. The same as before: other controls may be bound now, action ids mean what they
    /// meant.
    std::string profile;
    std::vector<Binding> bindings;
    std::vector<std::uint16_t> digital;      ///< ids of digital actions that can be held
    std::vector<std::uint16_t> pulse;        ///< ids of one-shot actions: 1, and no release
    std::vector<std::string> chat_controls;  ///< open a text line (until Return or Escape)
    std::vector<std::string> menu_controls;  ///< toggle the menu mode
    double latency_frames = 0;               ///< from input to picture: so many frames of the grid,
    std::int64_t latency_ns = 0;             ///< and so much time

    bool operator==(const SetProfile&) const = default;
};

/// The window whose input counts; 0: none, nothing but hotkeys is listened to.
struct SetGame {
    static constexpr const char* kType = "game";
    std::uint32_t window = 0;
};

struct SetGrid {
    static constexpr const char* kType = "grid";
    std::int64_t origin_ns = 0;
    int fps_num = 60;
    int fps_den = 1;
};

struct Hotkey {
    std::string id;     ///< "save", "marker", …
    std::string chord;  ///< "Alt+F10"
    bool hold = false;  ///< counts while it is held: HotkeyReleased follows, and the key goes to
                        ///< the window with the focus as well
};

struct SetHotkeys {
    static constexpr const char* kType = "hotkeys";
    std::vector<Hotkey> hotkeys;
    std::vector<std::string> never_in = {};  ///< programs; while one has the focus there are none
};

/// Asks for a WindowList (titles included, for `sources`; never stored).
struct ListWindows {
    static constexpr const char* kType = "list_windows";
    std::string request;
};

// ---- hindsight-input → hindsightd

struct FocusChanged {
    static constexpr const char* kType = "focus";
    std::uint32_t window = 0;  ///< 0: no X11 window has the focus
    std::uint32_t pid = 0;
    std::string wm_class;    ///< class part of WM_CLASS
    std::string executable;  ///< file name of /proc/<pid>/exe
    std::vector<std::string>
        arguments;  ///< file names in the command line, for interpreters; never stored
    std::string steam_app_id;
    int width = 0;
    int height = 0;
};

struct WindowClosed {
    static constexpr const char* kType = "window_closed";
    std::uint32_t window = 0;
};

struct HotkeyPressed {
    static constexpr const char* kType = "hotkey";
    std::string id;
    std::int64_t t_ns = 0;
};

/// The end of a press of a `hold` hotkey, whatever ended it.
struct HotkeyReleased {
    static constexpr const char* kType = "hotkey_released";
    std::string id;
};

struct HotkeyState {
    static constexpr const char* kType = "hotkey_state";
    std::string id;
    bool available = false;  ///< false: another program holds the chord, or it cannot be parsed
    std::string what;        ///< sentence when not available
};

/// One action in one frame; `t_ns` is a time of the frame grid.
struct ActionValue {
    std::int64_t t_ns = 0;
    std::uint16_t action = 0;
    float x = 0;
    float y = 0;
};

struct ActionBatch {  ///< sent when the guard window (2 s) of the records has passed
    static constexpr const char* kType = "actions";
    std::vector<ActionValue> values;
};

struct HeldState {  ///< at least once a second while a game is focused
    static constexpr const char* kType = "held";
    std::int64_t t_ns = 0;
    std::vector<std::uint16_t> actions;
};

struct ModeChanged {
    static constexpr const char* kType = "mode";
    std::int64_t t_ns = 0;  ///< for text_entry rounded to 250 ms
    std::string mode;
};

/// Everything before `t_ns` has been sent: what a save needs to know that its actions are complete.
struct InputUpTo {
    static constexpr const char* kType = "up_to";
    std::int64_t t_ns = 0;
};

struct WindowEntry {
    std::uint32_t window = 0;
    std::string title;
    std::string wm_class;
    std::string executable;
    int width = 0;
    int height = 0;
};

struct WindowList {
    static constexpr const char* kType = "windows";
    std::string request;
    std::vector<WindowEntry> windows;
};

struct ControllerState {
    static constexpr const char* kType = "controllers";
    int connected = 0;
};

/// What of the input side works here, sent once after start and whenever it changes.
struct InputHealth {
    static constexpr const char* kType = "input_health";
    bool display = false;         ///< an X server is there
    bool raw_input = false;       ///< XInput 2.2 raw events can be selected
    bool window_manager = false;  ///< an EWMH window manager tells the focus
    bool wayland = false;         ///< the session is a Wayland one: only X11 windows are seen
    bool controllers = false;     ///< SDL's controller subsystem runs
    std::string what;             ///< sentence when something is missing
};

// Defined in messages.cpp, once: thirty conversions in every file that includes this would cost
// minutes of compiling.
void to_json(Json& json, const StartCapture& message);
void from_json(const Json& json, StartCapture& message);
void to_json(Json& json, const StopCapture& message);
void from_json(const Json& json, StopCapture& message);
void to_json(Json& json, const AwaitTime& message);
void from_json(const Json& json, AwaitTime& message);
void to_json(Json& json, const MuteMicrophone& message);
void from_json(const Json& json, MuteMicrophone& message);
void to_json(Json& json, const SetLimits& message);
void from_json(const Json& json, SetLimits& message);
void to_json(Json& json, const CaptureStarted& message);
void from_json(const Json& json, CaptureStarted& message);
void to_json(Json& json, const Trouble& trouble);
void from_json(const Json& json, Trouble& trouble);
void to_json(Json& json, const CaptureStatus& message);
void from_json(const Json& json, CaptureStatus& message);
void to_json(Json& json, const Reached& message);
void from_json(const Json& json, Reached& message);
void to_json(Json& json, const CaptureFailed& message);
void from_json(const Json& json, CaptureFailed& message);
void to_json(Json& json, const EncoderStuck& message);
void from_json(const Json& json, EncoderStuck& message);
void to_json(Json& json, const EncoderInfo& message);
void from_json(const Json& json, EncoderInfo& message);
void to_json(Json& json, const EncoderList& message);
void from_json(const Json& json, EncoderList& message);
void to_json(Json& json, const Binding& message);
void from_json(const Json& json, Binding& message);
void to_json(Json& json, const SetProfile& message);
void from_json(const Json& json, SetProfile& message);
void to_json(Json& json, const SetGame& message);
void from_json(const Json& json, SetGame& message);
void to_json(Json& json, const SetGrid& message);
void from_json(const Json& json, SetGrid& message);
void to_json(Json& json, const Hotkey& message);
void from_json(const Json& json, Hotkey& message);
void to_json(Json& json, const SetHotkeys& message);
void from_json(const Json& json, SetHotkeys& message);
void to_json(Json& json, const ListWindows& message);
void from_json(const Json& json, ListWindows& message);
void to_json(Json& json, const FocusChanged& message);
void from_json(const Json& json, FocusChanged& message);
void to_json(Json& json, const WindowClosed& message);
void from_json(const Json& json, WindowClosed& message);
void to_json(Json& json, const HotkeyPressed& message);
void from_json(const Json& json, HotkeyPressed& message);
void to_json(Json& json, const HotkeyReleased& message);
void from_json(const Json& json, HotkeyReleased& message);
void to_json(Json& json, const HotkeyState& message);
void from_json(const Json& json, HotkeyState& message);
void to_json(Json& json, const ActionValue& message);
void from_json(const Json& json, ActionValue& message);
void to_json(Json& json, const ActionBatch& message);
void from_json(const Json& json, ActionBatch& message);
void to_json(Json& json, const HeldState& message);
void from_json(const Json& json, HeldState& message);
void to_json(Json& json, const ModeChanged& message);
void from_json(const Json& json, ModeChanged& message);
void to_json(Json& json, const InputUpTo& message);
void from_json(const Json& json, InputUpTo& message);
void to_json(Json& json, const WindowEntry& message);
void from_json(const Json& json, WindowEntry& message);
void to_json(Json& json, const WindowList& message);
void from_json(const Json& json, WindowList& message);
void to_json(Json& json, const ControllerState& message);
void from_json(const Json& json, ControllerState& message);
void to_json(Json& json, const InputHealth& message);
void from_json(const Json& json, InputHealth& message);
void to_json(Json& json, const ProbeEncoders& message);
void from_json(const Json& json, ProbeEncoders& message);
void to_json(Json& json, const CaptureStopped& message);
void from_json(const Json& json, CaptureStopped& message);

/// A received datagram, parsed: look at `type`, then call as<T>().
struct Message {
    std::string type;
    Json body;

    /// Errors: Corrupt (a value has the wrong type).
    template <class T>
    [[nodiscard]] Result<T> as() const {
        try {
            return body.get<T>();
        } catch (const Json::exception&) {
            return fail(Errc::Corrupt, std::string{"malformed '"} + T::kType + "' message");
        }
    }

    template <class T>
    [[nodiscard]] bool is() const {
        return type == T::kType;
    }
};

/// `body` with its type, as the text of a datagram. Invalid UTF-8 (a window title, say) is
/// replaced.
[[nodiscard]] std::string encode_object(Json body, const char* type);

template <class T>
[[nodiscard]] std::string encode(const T& message) {
    Json body = Json::object();
    to_json(body, message);
    return encode_object(std::move(body), T::kType);
}

/// Errors: Corrupt.
[[nodiscard]] Result<Message> decode(std::string_view datagram);

/// One end of a socketpair, non-blocking.
class Channel {
public:
    explicit Channel(int fd);  ///< takes ownership
    ~Channel();
    Channel(Channel&&) noexcept;
    Channel& operator=(Channel&&) noexcept;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    [[nodiscard]] int fd() const;

    /// Sends or fails; never waits. Messages above 128 KiB are the caller's bug.
    /// Errors: Busy (the peer does not read; the message is not sent), DeviceLost (peer gone).
    /// [any-thread]
    template <class T>
    Result<> send(const T& message) {
        return send_text(encode(message));
    }

    enum class ReceiveStatus { Message, Empty, Closed };

    /// Never waits. A malformed datagram is skipped. One reader thread.
    [[nodiscard]] ReceiveStatus receive(Message& message);

    [[nodiscard]] Result<> send_text(const std::string& text);

private:
    int fd_ = -1;
};

struct ChannelPair {
    Channel ours;
    int theirs = -1;  ///< to be inherited by a child as kChildFd, then closed by the caller
};

/// Where a child finds its end.
inline constexpr int kChildFd = 3;

/// Errors: Io.
[[nodiscard]] Result<ChannelPair> make_channel_pair();

}  // namespace hindsight::ipc
