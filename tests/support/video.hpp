#pragma once

// Looking at finished clips the way others would: with ffmpeg, ffprobe, mediainfo and mpv.

#include "desktop_session.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::test {

/// One decoded picture, 8 bit RGB, rows without padding.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;

    /// How many pixels are about (within `tolerance` per channel) of that colour.
    [[nodiscard]] int count(int red, int green, int blue, int tolerance) const;
};

/// What `ffprobe` says of `file`: streams and format. Errors: External (also when it complains).
Result<nlohmann::json> probe(DesktopSession& session, const std::filesystem::path& file);

/// The shown frames with these numbers (ascending), decoded. Errors: External, Corrupt.
Result<std::vector<Picture>> decode_frames(
    DesktopSession& session, const std::filesystem::path& file, const std::vector<int>& numbers);

/// ffprobe and a full ffmpeg decode without one complaint, mediainfo sees a video track, and mpv
/// plays it to the end. Errors: External, with what the reader said.
Result<> plays_everywhere(DesktopSession& session, const std::filesystem::path& file);

}  // namespace hindsight::test
