#pragma once

// One decoder of FFmpeg, fed packets and asked for pictures or samples.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/stream.hpp>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <functional>
#include <memory>

namespace hindsight::test {

using AvPacket = UniqueHandleByRef<AVPacket, av_packet_free>;
using AvFrame = UniqueHandleByRef<AVFrame, av_frame_free>;
using AvCodecContext = UniqueHandleByRef<AVCodecContext, avcodec_free_context>;

[[nodiscard]] tl::unexpected<Error> fail_av(const std::string& doing, int code);

class MediaDecoder {
public:
    using Take = std::function<void(const AVFrame&)>;

    static Result<MediaDecoder> open(const AVCodecParameters& parameters, AVRational time_base);
    static Result<MediaDecoder> open(const StreamInfo& info);

    /// `packet` null: the end. `take` gets each frame with its time in `pts` and `time_base`.
    Result<> feed(const AVPacket* packet, const Take& take);

private:
    explicit MediaDecoder(AvCodecContext context) : context_{std::move(context)} {}

    AvCodecContext context_;
};

}  // namespace hindsight::test
