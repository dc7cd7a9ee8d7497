#include "coded_pictures.hpp"

namespace hindsight::arena {

namespace {

struct Rgb {
    int red;
    int green;
    int blue;
};

Rgb rgb_at(const Canvas& canvas, int x, int y) {
    const std::uint32_t pixel = canvas.pixels[static_cast<std::ptrdiff_t>(y) * canvas.stride + x];
    return {
        static_cast<int>(pixel >> 16 & 255),
        static_cast<int>(pixel >> 8 & 255),
        static_cast<int>(pixel & 255)};
}

std::uint8_t byte(int value) {
    return static_cast<std::uint8_t>(value);
}

void fill_chroma(const Canvas& canvas, AVFrame& frame) {
    for (int y = 0; y < canvas.height / 2; ++y) {
        for (int x = 0; x < canvas.width / 2; ++x) {
            const Rgb c = rgb_at(canvas, 2 * x, 2 * y);
            frame.data[1][y * frame.linesize[1] + x] =
                byte(((-38 * c.red - 74 * c.green + 112 * c.blue + 128) >> 8) + 128);
            frame.data[2][y * frame.linesize[2] + x] =
                byte(((112 * c.red - 94 * c.green - 18 * c.blue + 128) >> 8) + 128);
        }
    }
}

}  // namespace

std::vector<std::uint8_t> luma_of(const Canvas& canvas) {
    std::vector<std::uint8_t> luma;
    for (int y = 0; y < canvas.height; ++y) {
        for (int x = 0; x < canvas.width; ++x) {
            const Rgb c = rgb_at(canvas, x, y);
            luma.push_back(byte(((66 * c.red + 129 * c.green + 25 * c.blue + 128) >> 8) + 16));
        }
    }
    return luma;
}

Result<CodedPictures> CodedPictures::open(int width, int height, int fps, int bits_per_second) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    if (codec == nullptr)
        return fail(Errc::Unsupported, "FFmpeg has no x264 (package libavcodec59)");
    test::AvCodecContext encoder{avcodec_alloc_context3(codec)};
    encoder->width = width;
    encoder->height = height;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = {1, fps};
    encoder->framerate = {fps, 1};
    encoder->gop_size = fps;
    encoder->max_b_frames = 0;
    encoder->bit_rate = bits_per_second;
    encoder->rc_max_rate = bits_per_second;
    encoder->rc_buffer_size = bits_per_second;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "preset", "veryfast", 0);
    const int code = avcodec_open2(encoder.get(), codec, &options);
    av_dict_free(&options);
    if (code < 0)
        return test::fail_av("opening x264", code);
    AVCodecParameters* parameters = avcodec_parameters_alloc();
    avcodec_parameters_from_context(parameters, encoder.get());
    auto decoder = test::MediaDecoder::open(*parameters, encoder->time_base);
    avcodec_parameters_free(&parameters);
    if (!decoder)
        return tl::unexpected(std::move(decoder).error());
    return CodedPictures{std::move(encoder), *std::move(decoder)};
}

Result<> CodedPictures::feed(const Canvas* canvas, const Take& take) {
    const test::AvFrame frame{av_frame_alloc()};
    if (canvas != nullptr) {
        frame->format = AV_PIX_FMT_YUV420P;
        frame->width = canvas->width;
        frame->height = canvas->height;
        frame->pts = next_++;
        if (const int code = av_frame_get_buffer(frame.get(), 0); code < 0)
            return test::fail_av("making a picture", code);
        const std::vector<std::uint8_t> luma = luma_of(*canvas);
        for (int y = 0; y < canvas->height; ++y)
            std::copy_n(
                luma.begin() + static_cast<std::ptrdiff_t>(y) * canvas->width,
                canvas->width,
                frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0]);
        fill_chroma(*canvas, *frame);
    }
    if (const int code =
            avcodec_send_frame(encoder_.get(), canvas == nullptr ? nullptr : frame.get());
        code < 0)
        return test::fail_av("encoding", code);
    const auto give = [&](const AVFrame& decoded) {
        take({decoded.data[0], decoded.linesize[0], decoded.width, decoded.height});
    };
    const test::AvPacket packet{av_packet_alloc()};
    while (avcodec_receive_packet(encoder_.get(), packet.get()) == 0) {
        bytes_ += static_cast<std::size_t>(packet->size);
        HINDSIGHT_TRY(decoder_.feed(packet.get(), give));
        av_packet_unref(packet.get());
    }
    return canvas == nullptr ? decoder_.feed(nullptr, give) : Result<>{};
}

}  // namespace hindsight::arena
