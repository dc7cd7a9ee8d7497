#include "clip_source.hpp"
#include "overlay_picture.hpp"
#include "picture_encoder.hpp"

#include <hindsight/render/burn_in.hpp>

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>
#include <ffmpeg/part_file.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

extern "C" {
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
}

namespace hindsight::render {

namespace {

namespace fs = std::filesystem;

constexpr AVRational kMilliseconds{1, 1'000};
constexpr auto kProgressDistance = std::chrono::milliseconds{100};
constexpr const char* kDescribing = "describing the overlay video";

bool is_plain_420(int format) {
    return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P;
}

/// At most ten calls a second, never backwards.
class Progress {
public:
    explicit Progress(const std::function<void(double)>& tell) : tell_{tell} {}

    void at(double part) {
        const auto now = std::chrono::steady_clock::now();
        if (!tell_ || now - last_ < kProgressDistance)
            return;
        last_ = now;
        highest_ = std::max(highest_, std::clamp(part, 0.0, 1.0));
        tell_(highest_);
    }

    void done() {
        if (tell_)
            tell_(1.0);
    }

private:
    const std::function<void(double)>& tell_;
    std::chrono::steady_clock::time_point last_{};
    double highest_ = 0;
};

/// One run over one clip.
class BurnIn {
public:
    BurnIn(const BurnInRequest& request, const Log& log) : request_{request}, log_{log} {}

    Result<> open(const std::string& script) {
        HINDSIGHT_ASSIGN(auto source, ClipSource::open(request_.clip, request_.threads));
        source_.emplace(std::move(source));
        const AVCodecContext& decoder = source_->decoder();
        HINDSIGHT_ASSIGN(
            auto overlay,
            OverlayPicture::create(
                script, decoder.width, decoder.height, ColourSpace::of(decoder), log_));
        overlay_.emplace(std::move(overlay));
        HINDSIGHT_ASSIGN(
            auto encoder,
            PictureEncoder::create(
                decoder,
                {.preset = request_.preset,
                 .crf = request_.crf,
                 .threads = request_.threads,
                 .frame_rate = source_->video()->avg_frame_rate,
                 .time_base = source_->video()->time_base},
                [this](AVPacket* packet) { return write_picture(packet); }));
        encoder_.emplace(std::move(encoder));
        return {};
    }

    Result<> write(PartFile& part, const std::stop_token& stop, Progress& progress) {
        HINDSIGHT_ASSIGN(output_, AvOutputFile::create(part.fd(), part.path(), "mp4"));
        HINDSIGHT_TRY(describe_streams());
        HINDSIGHT_TRY(describe_file());
        AvOptions options;
        options.set("movflags", "+faststart");
        HINDSIGHT_TRY(output_->write_header(options));
        HINDSIGHT_TRY(transcode(stop, progress));
        return output_->finish();
    }

    [[nodiscard]] std::int64_t frames() const { return frames_; }

private:
    Result<AVStream*> new_stream(const AVStream* like) {
        AVStream* stream = avformat_new_stream(output_->context(), nullptr);
        if (stream == nullptr)
            return fail_av(kDescribing, AVERROR(ENOMEM));
        stream->disposition = like->disposition;
        stream->time_base = like->time_base;
        if (const int error = av_dict_copy(&stream->metadata, like->metadata, 0); error < 0)
            return fail_av(kDescribing, error);
        return stream;
    }

    Result<> describe_streams() {
        const AVFormatContext* input = source_->container();
        targets_.assign(input->nb_streams, nullptr);
        for (unsigned i = 0; i < input->nb_streams; ++i) {
            const AVStream* stream = input->streams[i];
            const bool video = stream == source_->video();
            if (!video && stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
                continue;
            HINDSIGHT_ASSIGN(targets_[i], new_stream(stream));
            const int error =
                video ? avcodec_parameters_from_context(targets_[i]->codecpar, &encoder_->context())
                      : avcodec_parameters_copy(targets_[i]->codecpar, stream->codecpar);
            if (error < 0)
                return fail_av(kDescribing, error);
            targets_[i]->codecpar->codec_tag = 0;
            if (video)
                targets_[i]->avg_frame_rate = stream->avg_frame_rate;
        }
        return {};
    }

    Result<> describe_file() {
        const AVFormatContext* input = source_->container();
        AVFormatContext* output = output_->context();
        if (const int error = av_dict_copy(&output->metadata, input->metadata, 0); error < 0)
            return fail_av(kDescribing, error);
        if (input->nb_chapters == 0)
            return {};
        output->chapters =
            static_cast<AVChapter**>(av_calloc(input->nb_chapters, sizeof(AVChapter*)));
        if (output->chapters == nullptr)
            return fail_av(kDescribing, AVERROR(ENOMEM));
        for (unsigned i = 0; i < input->nb_chapters; ++i) {
            const AVChapter* from = input->chapters[i];
            auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
            if (chapter == nullptr)
                return fail_av(kDescribing, AVERROR(ENOMEM));
            output->chapters[output->nb_chapters++] = chapter;
            chapter->id = from->id;
            chapter->time_base = from->time_base;
            chapter->start = from->start;
            chapter->end = from->end;
            if (const int error = av_dict_copy(&chapter->metadata, from->metadata, 0); error < 0)
                return fail_av(kDescribing, error);
        }
        return {};
    }

    Result<> transcode(const std::stop_token& stop, Progress& progress) {
        const FrameHandle frame{av_frame_alloc()};
        const PacketHandle packet{av_packet_alloc()};
        if (!frame || !packet)
            return fail_av(kDescribing, AVERROR(ENOMEM));
        for (;;) {
            if (stop.stop_requested())
                return fail(Errc::Cancelled, "the overlay video was cancelled");
            HINDSIGHT_ASSIGN(const auto kind, source_->next(frame.get(), packet.get()));
            if (kind == ClipSource::Kind::End)
                return encoder_->encode(nullptr);
            if (kind == ClipSource::Kind::Packet) {
                HINDSIGHT_TRY(copy_packet(packet.get()));
                continue;
            }
            HINDSIGHT_TRY(draw_and_encode(frame.get()));
            const std::int64_t whole = source_->container()->duration;
            if (whole > 0) {
                const AVRational base = source_->video()->time_base;
                const auto now = av_rescale_q(frame->pts - *first_pts_, base, av_get_time_base_q());
                progress.at(static_cast<double>(now) / static_cast<double>(whole));
            }
            av_frame_unref(frame.get());
        }
    }

    Result<> draw_and_encode(AVFrame* decoded) {
        decoded->pts = decoded->best_effort_timestamp;
        if (decoded->pts == AV_NOPTS_VALUE)
            return fail(Errc::Corrupt, "a picture of the clip has no time");
        if (!first_pts_)
            first_pts_ = decoded->pts;
        AVFrame* frame = decoded;
        if (!is_plain_420(decoded->format)) {
            HINDSIGHT_TRY(convert(decoded));
            frame = converted_.get();
        } else if (const int error = av_frame_make_writable(frame); error < 0) {
            return fail_av("drawing the overlay", error);
        }
        const std::int64_t ms = av_rescale_q_rnd(
            frame->pts - *first_pts_, source_->video()->time_base, kMilliseconds, AV_ROUND_DOWN);
        if (overlay_->prepare(ms))
            overlay_->draw(frame);
        // The encoder chooses its own kinds of pictures.
        frame->pict_type = AV_PICTURE_TYPE_NONE;
        ++frames_;
        return encoder_->encode(frame);
    }

    /// For clips of encoders with another pixel format than ours.
    Result<> convert(const AVFrame* decoded) {
        converted_.reset(av_frame_alloc());
        if (!converted_)
            return fail_av("drawing the overlay", AVERROR(ENOMEM));
        converted_->format = AV_PIX_FMT_YUV420P;
        converted_->width = decoded->width;
        converted_->height = decoded->height;
        if (const int error = av_frame_get_buffer(converted_.get(), 0); error < 0)
            return fail_av("drawing the overlay", error);
        if (!scaler_) {
            scaler_.reset(sws_getContext(
                decoded->width,
                decoded->height,
                static_cast<AVPixelFormat>(decoded->format),
                decoded->width,
                decoded->height,
                AV_PIX_FMT_YUV420P,
                SWS_BICUBIC | SWS_ACCURATE_RND,
                nullptr,
                nullptr,
                nullptr));
        }
        if (!scaler_)
            return fail(
                Errc::Unsupported, "the clip's pictures have a form that cannot be drawn on");
        sws_scale(
            scaler_.get(),
            decoded->data,
            decoded->linesize,
            0,
            decoded->height,
            converted_->data,
            converted_->linesize);
        if (const int error = av_frame_copy_props(converted_.get(), decoded); error < 0)
            return fail_av("drawing the overlay", error);
        return {};
    }

    Result<> write_picture(AVPacket* packet) {
        AVStream* target = targets_[static_cast<std::size_t>(source_->video()->index)];
        av_packet_rescale_ts(packet, encoder_->context().time_base, target->time_base);
        packet->stream_index = target->index;
        return output_->write(packet);
    }

    /// Sound before the first shown picture is left out, but for the packet that the decoder of the
    /// next one starts from.
    Result<> copy_packet(AVPacket* packet) {
        AVStream* target = targets_[static_cast<std::size_t>(packet->stream_index)];
        if (target == nullptr || packet->pts == AV_NOPTS_VALUE ||
            packet->pts + 2 * packet->duration <= 0)
            return {};
        const AVStream* from = source_->container()->streams[packet->stream_index];
        packet->flags &= ~AV_PKT_FLAG_DISCARD;
        av_packet_rescale_ts(packet, from->time_base, target->time_base);
        packet->stream_index = target->index;
        packet->pos = -1;
        return output_->write(packet);
    }

    const BurnInRequest& request_;
    const Log& log_;
    std::optional<ClipSource> source_;
    std::optional<OverlayPicture> overlay_;
    std::optional<PictureEncoder> encoder_;
    std::unique_ptr<AvOutputFile> output_;
    std::vector<AVStream*> targets_;  ///< by the clip's stream; null: not copied
    std::optional<std::int64_t> first_pts_;
    FrameHandle converted_;
    ScalerHandle scaler_;
    std::int64_t frames_ = 0;
};

}  // namespace

Result<BurnInResult> burn_in(
    const BurnInRequest& request,
    const std::stop_token& stop,
    const std::function<void(double)>& progress,
    const Log& log) {
    std::error_code ignored;
    if (request.existing == Existing::Fail && fs::exists(request.target, ignored)) {
        return fail(
            Errc::AlreadyExists,
            "there is already a file named " + request.target.filename().string());
    }
    BurnIn job{request, log};
    HINDSIGHT_TRY(job.open(request.ass));
    HINDSIGHT_ASSIGN(PartFile part, PartFile::create(request.target));
    Progress teller{progress};
    HINDSIGHT_TRY(job.write(part, stop, teller));
    HINDSIGHT_TRY(part.sync());
    HINDSIGHT_ASSIGN(const std::int64_t counted, count_shown_frames(part.path()));
    if (counted != job.frames()) {
        return fail(
            Errc::Corrupt,
            "the overlay video came out with a wrong number of pictures; the clip itself is safe");
    }
    HINDSIGHT_ASSIGN(
        const Published published,
        part.publish(
            request.existing == Existing::Replace ? NameClash::Replace : NameClash::Number));
    teller.done();
    log.info("burned the overlay into {} pictures", counted);
    const std::uintmax_t bytes = fs::file_size(published.path, ignored);
    return BurnInResult{published.path, counted, ignored ? 0 : bytes};
}

}  // namespace hindsight::render
