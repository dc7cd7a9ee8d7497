#pragma once

// Size, frame rate and quality under one name, for people who do not want to choose three numbers,
// and what a minute of such footage takes.

#include <hindsight/config/config.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace hindsight::config {

struct QualityPreset {
    std::string_view name;  ///< as in `recording.quality_preset`
    std::string_view what;  ///< one line for people
    int max_width = 0;
    int max_height = 0;
    int fps = 0;                      ///< 0: recording.fps
    int quality = 0;                  ///< constant quality
    std::uint64_t typical_bytes = 0;  ///< a minute of a game with H.264 and sound; 0: depends
};

/// All of them but "custom", small to large.
[[nodiscard]] const std::vector<QualityPreset>& quality_presets();

/// nullptr: "custom", or no such preset.
[[nodiscard]] const QualityPreset* find_quality_preset(std::string_view name);

/// The settings with those of their preset filled in: what is really recorded with.
[[nodiscard]] Config::Recording with_preset(Config::Recording recording);

/// What a minute takes with that preset when nothing can be measured: the bit rate where one is
/// set, else the typical value. 0: nobody knows.
[[nodiscard]] std::uint64_t
expected_bytes_per_minute(const QualityPreset& preset, const Config::Recording& recording);

}  // namespace hindsight::config
