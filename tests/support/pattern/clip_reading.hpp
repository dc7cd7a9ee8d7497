#pragma once

// Reads back what hindsight-pattern showed: decodes every picture and every sound sample of a clip
// (or of ring segments) and tells counters, flashes and beeps with their times.

#include "luma.hpp"

#include <hindsight/core/result.hpp>
#include <hindsight/core/stream.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::test {

/// Where the counter's cells are, for pictures that were scaled or letterboxed.
struct MarkLayout {
    double x = 0;  ///< top left of the pattern's window in the picture
    double y = 0;
    double width = 0;  ///< of the pattern's window in the picture; 0: the whole picture
    double height = 0;
    double cell = 16;
};

struct FrameReading {
    double time_s = 0;  ///< in the file; for segments, CLOCK_MONOTONIC
    std::optional<std::uint32_t> counter;
    bool flash = false;
};

struct TrackReading {
    std::string title;
    int sample_rate = 0;
    double start_s = 0;
    double end_s = 0;
    double peak = 0;               ///< 0–1
    std::vector<double> beeps_s;   ///< their first samples
    std::vector<double> loudness;  ///< root mean square of each tenth of a second
};

struct ClipReading {
    int width = 0;
    int height = 0;
    std::vector<FrameReading> frames;
    std::vector<TrackReading> tracks;

    /// "" when each counter value from first to last is there exactly once, else the first faults.
    [[nodiscard]] std::string counter_fault() const;

    /// The frames from `from_s` after the first on: what a recording is like once it runs.
    void drop_before(double from_s);

    /// Of each flash with a beep near: how much later the beep is, in seconds.
    [[nodiscard]] std::vector<double> beep_delays(std::size_t track = 0) const;

    /// The median of beep_delays(); nothing when there are none.
    [[nodiscard]] std::optional<double> beep_delay(std::size_t track = 0) const;
};

/// Sees each picture, with the time that its FrameReading has.
using TakePicture = std::function<void(const Luma& luma, double time_s)>;

/// Reads a media file. Errors: Io, Corrupt (with FFmpeg's reason).
Result<ClipReading>
read_clip(const std::filesystem::path& file, const MarkLayout& layout = {}, TakePicture take = {});

/// Reads ring segments of one epoch, in order; times are capture times. Errors: as read_clip.
Result<ClipReading> read_segments(
    const std::vector<std::filesystem::path>& segments,
    const MarkLayout& layout = {},
    TakePicture take = {});

/// The segments of the newest epoch in `ring_folder`.
std::vector<std::filesystem::path> newest_epoch(const std::filesystem::path& ring_folder);

}  // namespace hindsight::test
