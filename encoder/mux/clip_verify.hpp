#pragma once

// Reads a written file back and compares it with the plan: the last word before a clip gets its
// name.

#include "clip_plan.hpp"

#include <ffmpeg/av_handle.hpp>

#include <filesystem>
#include <stop_token>

namespace hindsight::mux {

/// What the packets of a file must be, track by track.
class PacketCheck {
public:
    virtual ~PacketCheck() = default;

    /// The next packet of this track. Errors: Corrupt.
    [[nodiscard]] virtual Result<>
    next(std::uint32_t track, std::uint32_t crc32c, bool keyframe) = 0;

    /// No more are there. Errors: Corrupt.
    [[nodiscard]] virtual Result<> end() const = 0;
};

/// Every packet must pass the check; the video track must last as long as planned; the first and
/// the last keyframe must decode. Errors: Corrupt, Io, Cancelled.
[[nodiscard]] Result<> verify_mp4(
    const FilePlan& plan,
    PacketCheck& check,
    const std::filesystem::path& file,
    const std::stop_token& stop);

/// The same, where every packet must equal the planned one, in number, order and content.
[[nodiscard]] Result<>
verify_mp4(const PartPlan& part, const std::filesystem::path& file, const std::stop_token& stop);

/// Decodes one keyframe on its own. Errors: Corrupt.
[[nodiscard]] Result<> decode_keyframe(const AVCodecParameters& parameters, const AVPacket& packet);

}  // namespace hindsight::mux
