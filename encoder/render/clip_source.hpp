#pragma once

// A clip opened for being rendered anew: its shown pictures decoded, its other tracks as packets.

#include <hindsight/core/result.hpp>

#include <ffmpeg/av_handle.hpp>

#include <filesystem>
#include <optional>

namespace hindsight::render {

class ClipSource {
public:
    /// Errors: NotFound, PermissionDenied, Io, Corrupt, Unsupported (no video that can be decoded).
    [[nodiscard]] static Result<ClipSource> open(const std::filesystem::path& clip, int threads);

    [[nodiscard]] AVFormatContext* container() const { return input_.get(); }

    [[nodiscard]] AVStream* video() const { return input_->streams[video_index_]; }

    [[nodiscard]] const AVCodecContext& decoder() const { return *decoder_; }

    enum class Kind { Picture, Packet, End };

    /// The next shown picture, in order of time, into `frame`, or the next packet of another track
    /// into `packet`. Packets that the edit list hides come with AV_PKT_FLAG_DISCARD.
    /// Errors: Corrupt, Io, External.
    [[nodiscard]] Result<Kind> next(AVFrame* frame, AVPacket* packet);

private:
    ClipSource() = default;

    [[nodiscard]] Result<> open_decoder(int threads);
    [[nodiscard]] Result<std::optional<Kind>> read_packet(AVPacket* packet);

    InputHandle input_;
    CodecContextHandle decoder_;
    int video_index_ = -1;
    bool drained_ = false;
};

/// Number of pictures that a player shows of the file's first video track: what its packets say,
/// less the hidden ones. Errors: as ClipSource::open.
[[nodiscard]] Result<std::int64_t> count_shown_frames(const std::filesystem::path& clip);

}  // namespace hindsight::render
