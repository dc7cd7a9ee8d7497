#include "pattern/media_decoder.hpp"

#include <array>
#include <cstring>

namespace hindsight::test {

tl::unexpected<Error> fail_av(const std::string& doing, int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return fail(Errc::Corrupt, doing + ": " + text.data(), code);
}

Result<MediaDecoder> MediaDecoder::open(const AVCodecParameters& parameters, AVRational time_base) {
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    if (codec == nullptr)
        return fail(Errc::Unsupported, "no decoder for this stream");
    AvCodecContext context{avcodec_alloc_context3(codec)};
    if (const int code = avcodec_parameters_to_context(context.get(), &parameters); code < 0)
        return fail_av("decoder parameters", code);
    context->pkt_timebase = time_base;
    // Damage must be seen, not concealed.
    context->err_recognition = AV_EF_EXPLODE;
    if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0)
        return fail_av("opening a decoder", code);
    return MediaDecoder{std::move(context)};
}

Result<MediaDecoder> MediaDecoder::open(const StreamInfo& info) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(info.codec.c_str());
    if (descriptor == nullptr)
        return fail(Errc::Unsupported, "FFmpeg does not know " + info.codec);
    AVCodecParameters* parameters = avcodec_parameters_alloc();
    parameters->codec_id = descriptor->id;
    parameters->codec_type = descriptor->type;
    parameters->extradata = static_cast<std::uint8_t*>(
        av_mallocz(info.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    std::memcpy(parameters->extradata, info.extradata.data(), info.extradata.size());
    parameters->extradata_size = static_cast<int>(info.extradata.size());
    parameters->sample_rate = info.sample_rate;
    auto decoder = open(*parameters, {1, 1'000'000'000});
    avcodec_parameters_free(&parameters);
    return decoder;
}

Result<> MediaDecoder::feed(const AVPacket* packet, const Take& take) {
    if (const int code = avcodec_send_packet(context_.get(), packet); code < 0)
        return fail_av("decoding a packet", code);
    const AvFrame frame{av_frame_alloc()};
    for (;;) {
        const int code = avcodec_receive_frame(context_.get(), frame.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            return {};
        if (code < 0)
            return fail_av("decoding", code);
        take(*frame);
        av_frame_unref(frame.get());
    }
}

}  // namespace hindsight::test
