#include "coded_footage.hpp"

#include <hindsight/core/mp4_sample.hpp>

#include <ffmpeg/av_handle.hpp>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numbers>
#include <stdexcept>
#include <string>

namespace hindsight::testing {

namespace {

constexpr int kCell = 16;
constexpr int kBits = 16;
constexpr int kSampleRate = 48'000;
constexpr int kBeepSamples = kSampleRate / 10;

void require(bool condition, const char* what) {
    if (!condition)
        throw std::runtime_error{what};
}

/// The number as cells of 16 × 16 pixels along the top: a white one, a black one, then the bits.
void draw_number(AVFrame& frame, int number) {
    for (int cell = 0; cell < kBits + 2; ++cell) {
        const bool white = cell == 0 || (cell > 1 && ((number >> (cell - 2)) & 1) != 0);
        for (int y = 0; y < kCell; ++y)
            std::memset(
                frame.data[0] + y * frame.linesize[0] + cell * kCell, white ? 235 : 16, kCell);
    }
}

int read_number(const unsigned char* luma, int width) {
    const auto is_white = [&](int cell) {
        int sum = 0;
        for (int y = 4; y < kCell - 4; ++y) {
            for (int x = 4; x < kCell - 4; ++x)
                sum += luma[y * width + cell * kCell + x];
        }
        return sum > 128 * 64;
    };
    if (!is_white(0) || is_white(1))
        return -1;
    int number = 0;
    for (int bit = 0; bit < kBits; ++bit)
        number |= (is_white(bit + 2) ? 1 : 0) << bit;
    return number;
}

std::vector<std::byte> bytes_of(const std::uint8_t* data, int size) {
    const auto* begin = reinterpret_cast<const std::byte*>(data);
    return {begin, begin + size};
}

void receive(
    AVCodecContext& encoder,
    std::uint32_t stream,
    Rational time_base,
    MonoTime start,
    std::vector<CodedFootage::Coded>& packets) {
    const PacketHandle packet{av_packet_alloc()};
    while (avcodec_receive_packet(&encoder, packet.get()) >= 0) {
        CodedFootage::Coded coded;
        coded.packet.stream = stream;
        coded.packet.keyframe = (packet->flags & AV_PKT_FLAG_KEY) != 0;
        coded.packet.pts = packet->pts;
        coded.packet.dts = packet->dts;
        coded.packet.capture_time = start + to_duration(packet->pts, time_base);
        coded.data = bytes_of(packet->data, packet->size);
        packets.push_back(std::move(coded));
        av_packet_unref(packet.get());
    }
}

void choose(const FootageOptions& options, AvOptions& chosen) {
    chosen.set("preset", options.preset.c_str());
    if (options.bitrate_kbps == 0)
        chosen.set("crf", options.crf);
    if (options.encoder == "libx264") {
        const std::string x264 =
            "scenecut=0:open-gop=0:sps-id=" + std::to_string(options.parameter_set);
        chosen.set("tune", "zerolatency");
        chosen.set("x264-params", x264.c_str());
    } else if (options.encoder == "libx265") {
        chosen.set("tune", "zerolatency");
        chosen.set("x265-params", "scenecut=0:open-gop=0:log-level=error");
    }
}

void encode_video(const FootageOptions& options, CodedFootage& footage) {
    const AVCodec* codec = avcodec_find_encoder_by_name(options.encoder.c_str());
    require(codec != nullptr, "FFmpeg lacks the encoder");
    const CodecContextHandle encoder{avcodec_alloc_context3(codec)};
    encoder->width = options.width;
    encoder->height = options.height;
    encoder->time_base = {1, options.fps};
    encoder->framerate = {options.fps, 1};
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->gop_size = options.gop;
    encoder->max_b_frames = 0;
    encoder->thread_count = 1;
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (options.bitrate_kbps > 0) {
        encoder->bit_rate = std::int64_t{options.bitrate_kbps} * 1'000;
        encoder->rc_max_rate = encoder->bit_rate;
        encoder->rc_buffer_size = static_cast<int>(encoder->bit_rate);
    }
    AvOptions chosen;
    choose(options, chosen);
    require(avcodec_open2(encoder.get(), codec, chosen.out()) >= 0, "the encoder does not open");

    StreamInfo info;
    info.kind = StreamKind::Video;
    info.codec = avcodec_get_name(codec->id);
    info.time_base = {1, options.fps};
    info.extradata = bytes_of(encoder->extradata, encoder->extradata_size);
    info.width = options.width;
    info.height = options.height;
    info.frame_rate = {options.fps, 1};
    footage.streams.push_back(info);

    const FrameHandle frame{av_frame_alloc()};
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = options.width;
    frame->height = options.height;
    require(av_frame_get_buffer(frame.get(), 0) >= 0, "no frame");
    unsigned noise = 1;
    for (int i = 0; i < options.frames; ++i) {
        require(av_frame_make_writable(frame.get()) >= 0, "no frame");
        for (int y = 0; y < options.height; ++y) {
            for (int x = 0; x < options.width; ++x) {
                noise = noise * 1'664'525u + 1'013'904'223u;
                frame->data[0][y * frame->linesize[0] + x] = static_cast<std::uint8_t>(
                    options.noise ? noise >> 24 : static_cast<unsigned>(x + y + 3 * i));
            }
        }
        for (int plane = 1; plane < 3; ++plane) {
            for (int y = 0; y < options.height / 2; ++y)
                std::memset(
                    frame->data[plane] + y * frame->linesize[plane],
                    128,
                    static_cast<std::size_t>(options.width / 2));
        }
        draw_number(*frame, options.first_number + i);
        frame->pts = i;
        require(avcodec_send_frame(encoder.get(), frame.get()) >= 0, "the encoder refuses a frame");
        receive(*encoder, 0, info.time_base, options.start, footage.packets);
    }
    avcodec_send_frame(encoder.get(), nullptr);
    receive(*encoder, 0, info.time_base, options.start, footage.packets);
}

void encode_audio(const FootageOptions& options, int track, CodedFootage& footage) {
    const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    const CodecContextHandle encoder{avcodec_alloc_context3(codec)};
    encoder->sample_rate = kSampleRate;
    encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
    av_channel_layout_default(&encoder->ch_layout, 1);
    encoder->bit_rate = 96'000;
    encoder->time_base = {1, kSampleRate};
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    require(avcodec_open2(encoder.get(), codec, nullptr) >= 0, "the AAC encoder does not open");

    StreamInfo info;
    info.kind = StreamKind::Audio;
    info.codec = "aac";
    info.name = track == 0 ? "Desktop" : "Microphone";
    info.time_base = {1, kSampleRate};
    info.extradata = bytes_of(encoder->extradata, encoder->extradata_size);
    info.sample_rate = kSampleRate;
    info.channels = 1;
    info.frame_samples = encoder->frame_size;
    footage.streams.push_back(info);
    const auto stream = static_cast<std::uint32_t>(footage.streams.size() - 1);

    const FrameHandle frame{av_frame_alloc()};
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->nb_samples = encoder->frame_size;
    frame->sample_rate = kSampleRate;
    av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout);
    require(av_frame_get_buffer(frame.get(), 0) >= 0, "no frame");
    // Beeps lie on full seconds of the clock, not of the recording.
    const std::int64_t start = options.start.ns() / 1'000 * kSampleRate / 1'000'000;
    const std::int64_t samples =
        static_cast<std::int64_t>(options.frames) * kSampleRate / options.fps;
    for (std::int64_t at = 0; at < samples; at += encoder->frame_size) {
        require(av_frame_make_writable(frame.get()) >= 0, "no frame");
        auto* out = reinterpret_cast<float*>(frame->data[0]);
        for (int i = 0; i < encoder->frame_size; ++i) {
            const std::int64_t phase = (start + at + i) % kSampleRate;
            out[i] = phase < kBeepSamples ? 0.5f * static_cast<float>(std::sin(
                                                       2 * std::numbers::pi * 1'000 *
                                                       static_cast<double>(phase) / kSampleRate))
                                          : 0.0f;
        }
        frame->pts = at;
        require(avcodec_send_frame(encoder.get(), frame.get()) >= 0, "AAC refuses a frame");
        receive(*encoder, stream, info.time_base, options.start, footage.packets);
    }
    avcodec_send_frame(encoder.get(), nullptr);
    receive(*encoder, stream, info.time_base, options.start, footage.packets);
}

}  // namespace

CodedFootage encode_footage(const FootageOptions& options) {
    av_log_set_level(AV_LOG_WARNING);
    CodedFootage footage;
    encode_video(options, footage);
    for (int track = 0; track < options.audio_tracks; ++track)
        encode_audio(options, track, footage);
    // By time, video first: as libobs interleaves.
    std::stable_sort(
        footage.packets.begin(),
        footage.packets.end(),
        [](const CodedFootage::Coded& a, const CodedFootage::Coded& b) {
            return std::pair{a.packet.capture_time, a.packet.stream} <
                   std::pair{b.packet.capture_time, b.packet.stream};
        });
    return footage;
}

CodedFootage without_sound(CodedFootage footage, std::uint32_t track, MonoTime from) {
    std::erase_if(footage.packets, [&](const CodedFootage::Coded& coded) {
        return coded.packet.stream == track + 1 && coded.packet.capture_time >= from;
    });
    return footage;
}

void append_footage(
    ring::RingWriter& ring, const CodedFootage& footage, std::size_t from, std::size_t to) {
    std::vector<SampleWriter> samples{footage.streams.begin(), footage.streams.end()};
    for (std::size_t i = from; i < std::min(to, footage.packets.size()); ++i) {
        Packet packet = footage.packets[i].packet;
        packet.data = samples[packet.stream].sample(footage.packets[i].data);
        const auto appended = ring.append(packet);
        require(appended.has_value(), "the ring refuses a packet");
    }
}

std::string output_of(const std::string& command) {
    // Standard error goes into the output, after a mark, so that any complaint fails the caller.
    const std::string all = "{ " + command + "; } 2>&1";
    FILE* pipe = ::popen(all.c_str(), "r");
    require(pipe != nullptr, "popen failed");
    std::string output;
    std::array<char, 65'536> buffer{};
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), n);
    const int status = ::pclose(pipe);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error{command + " failed: " + output.substr(0, 2'000)};
    return output;
}

std::vector<int> shown_numbers(const std::filesystem::path& clip, int width, int height) {
    const std::string raw = output_of(
        "ffmpeg -v error -xerror -i 'file:" + clip.string() +
        "' -map 0:v:0 -fps_mode passthrough -f rawvideo -pix_fmt gray -");
    const auto frame_bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    require(raw.size() % frame_bytes == 0, "ffmpeg complained while decoding");
    std::vector<int> numbers;
    for (std::size_t at = 0; at < raw.size(); at += frame_bytes)
        numbers.push_back(
            read_number(reinterpret_cast<const unsigned char*>(raw.data() + at), width));
    return numbers;
}

std::vector<double> beep_times(const std::filesystem::path& clip, int track) {
    const std::string raw = output_of(
        "ffmpeg -v error -xerror -i 'file:" + clip.string() + "' -map 0:a:" +
        std::to_string(track) + " -af aresample=async=1:first_pts=0 -ac 1 -ar 48000 -f f32le -");
    std::vector<float> samples(raw.size() / sizeof(float));
    std::memcpy(samples.data(), raw.data(), samples.size() * sizeof(float));
    std::vector<double> times;
    std::size_t quiet = kBeepSamples;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (std::abs(samples[i]) < 0.2f) {
            ++quiet;
            continue;
        }
        if (quiet > kSampleRate / 20)
            times.push_back(static_cast<double>(i) / kSampleRate);
        quiet = 0;
    }
    return times;
}

}  // namespace hindsight::testing
