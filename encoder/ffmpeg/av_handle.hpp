#pragma once

// Owning pointers for FFmpeg's objects.

#include <hindsight/core/handle.hpp>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

namespace hindsight {

using PacketHandle = UniqueHandleByRef<AVPacket, av_packet_free>;
using FrameHandle = UniqueHandleByRef<AVFrame, av_frame_free>;
using CodecContextHandle = UniqueHandleByRef<AVCodecContext, avcodec_free_context>;
using InputHandle = UniqueHandleByRef<AVFormatContext, avformat_close_input>;
using ScalerHandle = UniqueHandle<SwsContext, sws_freeContext>;

/// An AVDictionary that frees itself; hand `out()` to functions that take options.
class AvOptions {
public:
    AvOptions() = default;
    AvOptions(const AvOptions&) = delete;
    AvOptions& operator=(const AvOptions&) = delete;

    ~AvOptions() { av_dict_free(&options_); }

    void set(const char* key, const char* value) { av_dict_set(&options_, key, value, 0); }

    void set(const char* key, std::int64_t value) { av_dict_set_int(&options_, key, value, 0); }

    [[nodiscard]] AVDictionary** out() { return &options_; }

private:
    AVDictionary* options_ = nullptr;
};

}  // namespace hindsight
