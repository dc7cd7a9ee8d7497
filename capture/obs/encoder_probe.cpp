#include "encoder_choice.hpp"
#include "frame_feed.hpp"
#include "packet_output.hpp"
#include "stall_guard.hpp"

#include <hindsight/obs/obs_runtime.hpp>

#include <obs.h>
#include <util/platform.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr direct::PictureSize kProbeSize{640, 360};
constexpr int kProbeFps = 30;
constexpr int kPacketsWanted = 3;
constexpr int kTurns = 60;  ///< frames of patience: 2 s
constexpr unsigned kTurnMs = 33;
/// Drivers take their time to load, then the turns; one that takes longer never comes back.
constexpr Duration kTrialLimit = Duration::from_ms(6'000);

/// Counts what an encoder delivers, without a ring.
class PacketCounter final : public PacketReceiver {
public:
    void deliver(std::size_t stream, const encoder_packet* packet) noexcept override {
        if (packet == nullptr)
            report_stop(stream);
        else
            packets_.fetch_add(1, std::memory_order_relaxed);
    }

    void report_stop(std::size_t /*stream*/) noexcept override {
        failed_.store(true, std::memory_order_relaxed);
    }

    [[nodiscard]] bool enough() const {
        return packets_.load(std::memory_order_relaxed) >= kPacketsWanted;
    }

    [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }

private:
    std::atomic<int> packets_{0};
    std::atomic<bool> failed_{false};
};

/// Runs `encoder` until it has delivered; `feed` (if any) gets a frame a turn.
Result<> try_encoder(obs_encoder_t* encoder, VideoFeed* feed) {
    PacketCounter counter;
    HINDSIGHT_ASSIGN(const auto output, PacketOutput::start(encoder, counter, 0));
    const FrameGrid grid{.origin = SystemClock{}.now(), .fps = {kProbeFps, 1}};
    for (int turn = 0; turn < kTurns; ++turn) {
        if (counter.failed())
            return fail(Errc::External, "it failed at its first pictures");
        if (counter.enough())
            return {};
        if (feed != nullptr)
            feed->show(grid.time_of(turn), {}, FrameFeed::Change::Same);
        os_sleep_ms(kTurnMs);
    }
    return fail(Errc::Timeout, "it delivers nothing");
}

Result<> try_video(ObsRuntime& runtime, const char* id) {
    const SettingsHandle settings = encoder_settings({}, id);
    const EncoderHandle encoder{obs_video_encoder_create(id, "probe", settings.get(), nullptr)};
    if (!encoder)
        return fail(Errc::External, "it could not be created");
    if ((obs_get_encoder_caps(id) & OBS_ENCODER_CAP_PASS_TEXTURE) != 0) {
        if (runtime.gl().software)
            return fail(Errc::Unsupported, "it needs a GPU that draws the picture");
        HINDSIGHT_TRY(runtime.set_canvas(
            {.width = kProbeSize.width, .height = kProbeSize.height, .fps = kProbeFps}));
        obs_encoder_set_video(encoder.get(), obs_get_video());
        return try_encoder(encoder.get(), nullptr);
    }
    FrameGaps gaps;
    HINDSIGHT_ASSIGN(const auto feed, VideoFeed::open(kProbeSize, kProbeFps, gaps));
    obs_encoder_set_video(encoder.get(), feed->video());
    return try_encoder(encoder.get(), feed.get());
}

Result<> try_audio(const char* id) {
    const EncoderHandle encoder{obs_audio_encoder_create(id, "probe", nullptr, 0, nullptr)};
    if (!encoder)
        return fail(Errc::External, "it could not be created");
    obs_encoder_set_audio(encoder.get(), obs_get_audio());
    return try_encoder(encoder.get(), nullptr);
}

Result<> try_out(ObsRuntime& runtime, const char* id, StallGuard& guard) {
    const auto trying = guard.watch(id, kTrialLimit);
    return obs_get_encoder_type(id) == OBS_ENCODER_VIDEO ? try_video(runtime, id) : try_audio(id);
}

}  // namespace

ipc::EncoderList ObsRuntime::probe_encoders(
    const std::vector<std::string>& avoid, std::function<void(const std::string& encoder)> stuck) {
    StallGuard guard{std::move(stuck)};
    ipc::EncoderList list;
    list.gl_renderer = gl().renderer;
    list.gl_software = gl().software;
    list.libobs_version = version();
    const char* id = nullptr;
    for (std::size_t i = 0; obs_enum_encoder_types(i, &id); ++i) {
        if ((obs_get_encoder_caps(id) & OBS_ENCODER_CAP_INTERNAL) != 0)
            continue;
        ipc::EncoderInfo info;
        info.id = id;
        const char* name = obs_encoder_get_display_name(id);
        info.name = name != nullptr ? name : id;
        const char* codec = obs_get_encoder_codec(id);
        info.codec = codec != nullptr ? codec : "";
        info.hardware = is_hardware_encoder(info.id);
        const bool hung = std::find(avoid.begin(), avoid.end(), id) != avoid.end();
        const auto tried = hung ? Result<>{fail(Errc::Timeout, "it hung when it was tried")}
                                : try_out(*this, id, guard);
        info.works = tried.has_value();
        if (!tried)
            info.reason = tried.error().what;
        list.encoders.push_back(std::move(info));
    }
    return list;
}

}  // namespace hindsight::obs
