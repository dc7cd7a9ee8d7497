#pragma once

#include <hindsight/core/result.hpp>

#include <ffmpeg/av_handle.hpp>

#include <functional>
#include <string>

namespace hindsight::render {

struct EncoderOptions {
    std::string preset = "veryfast";
    int crf = 20;
    int threads = 0;
    AVRational frame_rate{0, 1};
    AVRational time_base{0, 1};
};

/// Called with each finished packet, which it may change.
using PacketSink = std::function<Result<>(AVPacket*)>;

/// H.264 of 8-bit 4:2:0 pictures, in colours and form as `like` has them.
class PictureEncoder {
public:
    /// Errors: Unsupported (no libx264 here), InvalidArgument, External.
    [[nodiscard]] static Result<PictureEncoder>
    create(const AVCodecContext& like, const EncoderOptions& options, PacketSink sink);

    [[nodiscard]] const AVCodecContext& context() const { return *context_; }

    /// `frame` null: no more pictures, all that is left comes out. Errors: External, the sink's.
    [[nodiscard]] Result<> encode(const AVFrame* frame);

private:
    PictureEncoder(CodecContextHandle context, PacketHandle packet, PacketSink sink);

    CodecContextHandle context_;
    PacketHandle packet_;
    PacketSink sink_;
};

}  // namespace hindsight::render
