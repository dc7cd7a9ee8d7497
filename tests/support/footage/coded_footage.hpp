#pragma once

// Footage as encoders give it to a capture process: x264 video whose every frame shows its
// own number, and AAC sound with a beep at each full second.

#include <hindsight/core/stream.hpp>
#include <hindsight/ring/ring_writer.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::testing {

struct FootageOptions {
    int width = 320;
    int height = 180;
    int fps = 30;
    int gop = 30;                                        ///< frames from keyframe to keyframe
    int frames = 150;                                    ///< how many
    int first_number = 0;                                ///< shown by the first frame
    MonoTime start = MonoTime::from_ns(10'000'000'000);  ///< capture time of the first frame
    int audio_tracks = 1;
    int crf = 26;          ///< lower: larger packets
    int bitrate_kbps = 0;  ///< of the video, held within each second; 0: constant quality `crf`
    bool noise = false;
    std::string encoder = "libx264";  ///< or another of FFmpeg's: "libx265", "libsvtav1"
    std::string preset = "ultrafast";
    int parameter_set = 0;  ///< x264: the number that its parameter sets carry
};

struct CodedFootage {
    struct Coded {
        Packet packet;  ///< without its data
        std::vector<std::byte> data;
    };

    std::vector<StreamInfo> streams;
    std::vector<Coded> packets;  ///< in the order of time
};

[[nodiscard]] CodedFootage encode_footage(const FootageOptions& options);

/// Without the packets of audio track `track` from `from` on: its encoder failed there.
[[nodiscard]] CodedFootage without_sound(CodedFootage footage, std::uint32_t track, MonoTime from);

/// Appends, as a capture process would, everything or what lies in `[from, to)` packets of the
/// list.
void append_footage(
    ring::RingWriter& ring,
    const CodedFootage& footage,
    std::size_t from = 0,
    std::size_t to = SIZE_MAX);

/// The numbers that the frames of a clip show, as `ffmpeg` decodes them (honouring edit lists).
/// -1 for a frame without a readable number. Throws if ffmpeg complains about anything.
[[nodiscard]] std::vector<int>
shown_numbers(const std::filesystem::path& clip, int width, int height);

/// Seconds at which beeps start, as `ffmpeg` decodes the given audio track.
[[nodiscard]] std::vector<double> beep_times(const std::filesystem::path& clip, int track = 0);

/// Standard output of a shell command; throws when it fails or writes to standard error.
[[nodiscard]] std::string output_of(const std::string& command);

}  // namespace hindsight::testing
