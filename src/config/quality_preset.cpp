#include <hindsight/config/quality_preset.hpp>

#include <algorithm>

namespace hindsight::config {

namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
constexpr std::uint64_t kSoundBytesPerMinute = 1'200'000;  ///< one track at 160 kbit/s
constexpr int kAnyWidth = 7680;
constexpr int kAnyHeight = 4320;

}  // namespace

const std::vector<QualityPreset>& quality_presets() {
    static const std::vector<QualityPreset> presets{
        {"720p30", "Small clips that play everywhere", 1280, 720, 30, 23, 38 * kMegabyte},
        {"720p60", "Small and smooth", 1280, 720, 60, 23, 60 * kMegabyte},
        {"1080p30", "Sharp, for slow games and slow machines", 1920, 1080, 30, 22, 75 * kMegabyte},
        {"1080p60", "Sharp and smooth", 1920, 1080, 60, 22, 120 * kMegabyte},
        {"1440p60", "For large screens", 2560, 1440, 60, 22, 195 * kMegabyte},
        {"match", "As large as the game draws", kAnyWidth, kAnyHeight, 0, 21, 0},
    };
    return presets;
}

const QualityPreset* find_quality_preset(std::string_view name) {
    const auto& all = quality_presets();
    const auto at = std::find_if(
        all.begin(), all.end(), [&](const QualityPreset& preset) { return preset.name == name; });
    return at != all.end() ? &*at : nullptr;
}

Config::Recording with_preset(Config::Recording recording) {
    const QualityPreset* preset = find_quality_preset(recording.quality_preset);
    if (preset == nullptr)
        return recording;
    recording.max_width = preset->max_width;
    recording.max_height = preset->max_height;
    recording.quality = preset->quality;
    if (preset->fps > 0)
        recording.fps = preset->fps;
    return recording;
}

std::uint64_t
expected_bytes_per_minute(const QualityPreset& preset, const Config::Recording& recording) {
    if (recording.bitrate_kbps > 0)
        return static_cast<std::uint64_t>(recording.bitrate_kbps) * 1'000 / 8 * 60 +
               kSoundBytesPerMinute;
    return preset.typical_bytes;
}

}  // namespace hindsight::config
