#pragma once

// What is recorded: as people write it, as it is noted for the service after us, and as
// hindsight-capture is told.

#include <hindsight/config/config.hpp>
#include <hindsight/service/recording_controller.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hindsight::service {

/// An X11 window id, decimal or 0x….
[[nodiscard]] std::optional<std::uint32_t> parse_window(std::string_view text);

/// X's way of writing a rectangle: 1280x720+100+50.
[[nodiscard]] std::optional<ScreenRegion> parse_region(const std::string& text);

/// As RecordingController::start() takes it.
[[nodiscard]] std::string source_text(const Recorded& recorded);

[[nodiscard]] ipc::Json recorded_to_json(const Recorded& recorded);

/// Why a window must not be recorded while `never` (names of programs with commas between them) is
/// set: it is one of theirs, or nothing is known of it, so that it may be. One sentence without its
/// full stop; empty when nothing is against it, as of the screen.
[[nodiscard]] std::string why_never_recorded(const Recorded& what, const std::string& never);

/// Throws Json::exception when something is missing or of the wrong type.
[[nodiscard]] Recorded recorded_from_json(const ipc::Json& json);

[[nodiscard]] ipc::StartCapture start_message(
    const Recorded& what,
    const config::Config& config,
    const std::filesystem::path& ring_folder,
    std::uint64_t limit_bytes);

}  // namespace hindsight::service
