#include "av_error.hpp"

#include <cstring>

extern "C" {
#include <libavutil/error.h>
}

namespace hindsight {

namespace {

Errc category(int av_error) {
    switch (av_error) {
    case AVERROR_INVALIDDATA:
    case AVERROR_EOF:
        return Errc::Corrupt;
    case AVERROR_EXIT:
        return Errc::Cancelled;
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_ENCODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_MUXER_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
        return Errc::Unsupported;
    case AVERROR(ENOMEM):
    case AVERROR(EINVAL):
    case AVERROR(EAGAIN):
        return Errc::External;
    default:
        break;
    }
    // Codes of the operating system are small; FFmpeg's own are tags of four letters.
    const int code = AVUNERROR(av_error);
    return code > 0 && code < 4096 ? errc_from_errno(code) : Errc::External;
}

}  // namespace

tl::unexpected<Error> fail_av(const std::string& doing, int av_error, SourceLocation where) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(av_error, text, sizeof text);
    return fail(category(av_error), doing + ": " + text, av_error, where);
}

}  // namespace hindsight
