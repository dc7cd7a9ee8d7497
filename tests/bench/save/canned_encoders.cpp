#include "canned_encoders.hpp"

#include <obs.h>

#include <array>
#include <chrono>
#include <mutex>
#include <thread>

namespace hindsight::bench {

namespace {

constexpr std::size_t kSamplesPerPacket = 1'024;
constexpr Duration kLead = Duration::from_ms(20);

struct Canned {
    testing::RepeatedFootage* footage = nullptr;
    std::uint32_t stream = 0;
    std::int64_t number = 0;
    std::vector<std::byte> data;
};

testing::RepeatedFootage* all_footage = nullptr;
std::mutex footage_mutex;  // both encoders read it, on different threads
/// By stream; counts on their own, nothing is ordered by them.
std::array<std::atomic<std::int64_t>, 2> encoded{};
std::array<std::atomic<std::int64_t>, 2> lockstep_begin{};
std::atomic<bool> lockstep{false};

/// How long the packets are that the stream has given since the lockstep began.
Duration progress(std::uint32_t stream) {
    const StreamInfo& info = all_footage->streams()[stream];
    const std::int64_t ticks = info.kind == StreamKind::Audio ? info.frame_samples : 1;
    return to_duration((encoded[stream] - lockstep_begin[stream]) * ticks, info.time_base);
}

void wait_for_the_other(std::uint32_t stream) {
    while (lockstep && progress(stream) > progress(1 - stream) + kLead)
        std::this_thread::sleep_for(std::chrono::microseconds{20});
}

template <std::uint32_t Stream>
void* create(obs_data_t* /*settings*/, obs_encoder_t* /*encoder*/) noexcept {
    encoded[Stream] = 0;
    return new Canned{.footage = all_footage, .stream = Stream, .data = {}};
}

void destroy(void* data) noexcept {
    delete static_cast<Canned*>(data);
}

bool encode(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) noexcept {
    auto* canned = static_cast<Canned*>(data);
    bool keyframe = false;
    {
        const std::lock_guard guard{footage_mutex};
        const Packet next = canned->footage->packet(canned->stream, canned->number++);
        canned->data.assign(next.data.begin(), next.data.end());
        keyframe = next.keyframe;
    }
    packet->data = reinterpret_cast<std::uint8_t*>(canned->data.data());
    packet->size = canned->data.size();
    packet->type = canned->stream == 0 ? OBS_ENCODER_VIDEO : OBS_ENCODER_AUDIO;
    packet->pts = packet->dts = frame->pts;
    packet->keyframe = keyframe;
    *received = true;
    ++encoded[canned->stream];
    wait_for_the_other(canned->stream);
    return true;
}

bool extra_data(void* data, std::uint8_t** extra, std::size_t* size) noexcept {
    const auto* canned = static_cast<Canned*>(data);
    const auto& bytes = canned->footage->streams()[canned->stream].extradata;
    *extra = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(bytes.data()));
    *size = bytes.size();
    return true;
}

const char* name(void* /*type_data*/) noexcept {
    return "Encoded before";
}

}  // namespace

void register_canned_encoders(testing::RepeatedFootage& footage) {
    all_footage = &footage;
    obs_encoder_info video{};
    video.id = kCannedVideo;
    video.type = OBS_ENCODER_VIDEO;
    video.codec = "h264";
    video.get_name = name;
    video.create = create<0>;
    video.destroy = destroy;
    video.encode = encode;
    video.get_extra_data = extra_data;
    obs_register_encoder(&video);
    obs_encoder_info audio = video;
    audio.id = kCannedAudio;
    audio.type = OBS_ENCODER_AUDIO;
    audio.codec = "aac";
    audio.create = create<1>;
    audio.get_frame_size = [](void* /*data*/) noexcept { return kSamplesPerPacket; };
    obs_register_encoder(&audio);
}

std::int64_t pictures_encoded() {
    return encoded[0];
}

Lockstep::Lockstep() {
    for (std::size_t stream = 0; stream < encoded.size(); ++stream)
        lockstep_begin[stream] = encoded[stream].load();
    lockstep = true;
}

Lockstep::~Lockstep() {
    lockstep = false;
}

}  // namespace hindsight::bench
