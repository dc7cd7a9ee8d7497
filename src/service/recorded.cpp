#include "recorded.hpp"

#include <hindsight/config/quality_preset.hpp>
#include <hindsight/core/program_names.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

namespace hindsight::service {

using ipc::Json;

namespace {

ipc::PicturePath picture_path(const std::string& name) {
    if (name == "direct")
        return ipc::PicturePath::Direct;
    return name == "canvas" ? ipc::PicturePath::Canvas : ipc::PicturePath::Auto;
}

}  // namespace

const char* recording_state_name(RecordingState state) {
    switch (state) {
    case RecordingState::Starting:
        return "starting";
    case RecordingState::Buffering:
        return "buffering";
    case RecordingState::Paused:
        return "paused";
    case RecordingState::Error:
        return "error";
    case RecordingState::Idle:
        break;
    }
    return "idle";
}

std::optional<std::uint32_t> parse_window(std::string_view text) {
    const bool hex = text.starts_with("0x");
    if (hex)
        text.remove_prefix(2);
    std::uint32_t window = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), window, hex ? 16 : 10);
    if (error != std::errc{} || end != text.data() + text.size() || window == 0)
        return std::nullopt;
    return window;
}

std::optional<ScreenRegion> parse_region(const std::string& text) {
    ScreenRegion region;
    int end = 0;
    const int read = std::sscanf(
        text.c_str(), "%dx%d%d%d%n", &region.width, &region.height, &region.x, &region.y, &end);
    constexpr int kSmallest = 16;
    const bool whole = read == 4 && static_cast<std::size_t>(end) == text.size();
    if (!whole || region.width < kSmallest || region.height < kSmallest)
        return std::nullopt;
    return region;
}

std::string source_text(const Recorded& recorded) {
    if (recorded.kind == ipc::SourceKind::Window)
        return fmt::format("window:{}", recorded.window);
    const ScreenRegion& region = recorded.region;
    if (region.width == 0)
        return "screen";
    return fmt::format("region:{}x{}{:+}{:+}", region.width, region.height, region.x, region.y);
}

Json recorded_to_json(const Recorded& recorded) {
    return {
        {"kind", recorded.kind},
        {"window", recorded.window},
        {"region",
         {recorded.region.x, recorded.region.y, recorded.region.width, recorded.region.height}},
        {"game", recorded.game},
        {"profile", recorded.profile},
        {"chosen", recorded.chosen},
        {"executable", recorded.executable},
        {"wm_class", recorded.wm_class}};
}

std::string why_never_recorded(const Recorded& what, const std::string& never) {
    if (what.kind != ipc::SourceKind::Window)
        return {};
    const std::vector<std::string> names = program_names(never);
    const bool unknown = what.executable.empty() && what.wm_class.empty();
    if (unknown && !names.empty())
        return "nothing tells which program this window belongs to, and recording.never names "
               "programs that are never recorded; give the window the focus and try again, or "
               "empty recording.never";
    if (names_program(names, what.executable, what.wm_class))
        return "this program is never recorded; take it off recording.never to change that";
    return {};
}

Recorded recorded_from_json(const Json& json) {
    Recorded recorded;
    recorded.kind = json.at("kind").get<ipc::SourceKind>();
    recorded.window = json.at("window").get<std::uint32_t>();
    const Json& region = json.at("region");
    recorded.region = {
        region.at(0).get<int>(),
        region.at(1).get<int>(),
        region.at(2).get<int>(),
        region.at(3).get<int>()};
    recorded.game = json.at("game").get<std::string>();
    recorded.profile = json.at("profile").get<std::string>();
    recorded.chosen = json.at("chosen").get<bool>();
    recorded.executable = json.at("executable").get<std::string>();
    recorded.wm_class = json.at("wm_class").get<std::string>();
    return recorded;
}

ipc::StartCapture start_message(
    const Recorded& what,
    const config::Config& config,
    const std::filesystem::path& ring_folder,
    std::uint64_t limit_bytes) {
    const config::Config::Recording recording = config::with_preset(config.recording);
    ipc::StartCapture start;
    start.source = what.kind;
    start.window = what.window;
    start.region_x = what.region.x;
    start.region_y = what.region.y;
    start.region_width = what.region.width;
    start.region_height = what.region.height;
    start.picture = picture_path(recording.picture);
    start.fps = recording.fps;
    start.max_width = recording.max_width;
    start.max_height = recording.max_height;
    start.codec = recording.codec;
    if (recording.encoder != "auto")
        start.encoder = recording.encoder;
    start.preset = recording.preset;
    start.crf = recording.quality;
    start.bitrate_kbps = recording.bitrate_kbps;
    start.adapt = recording.adapt;
    start.desktop_audio = config.audio.desktop;
    start.desktop_device = config.audio.desktop_device;
    start.microphone = config.audio.microphone;
    start.microphone_device = config.audio.microphone_device;
    start.noise_suppression = config.audio.noise_suppression;
    start.application = config.audio.application;
    start.desktop_volume = config.audio.desktop_volume;
    start.microphone_volume = config.audio.microphone_volume;
    start.application_volume = config.audio.application_volume;
    start.cursor = config.recording.cursor;
    start.ring_folder = ring_folder.string();
    start.limit_bytes = limit_bytes;
    start.limit_ns = config.recording.buffer_seconds * 1'000'000'000LL;
    return start;
}

}  // namespace hindsight::service
