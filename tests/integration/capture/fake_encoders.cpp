#include "fake_encoders.hpp"

#include <obs.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <thread>

namespace hindsight::test {

namespace {

constexpr int kFramesBeforeDeath = 30;
constexpr int kFramesHeldBack = 25;

struct Fake {
    int frames = 0;
    std::array<std::uint8_t, 8> payload{0, 0, 0, 1, 0x65, 1, 2, 3};
};

const char* fake_name(void* /*type_data*/) {
    return "Fake";
}

void* refuse(obs_data_t* /*settings*/, obs_encoder_t* encoder) {
    obs_encoder_set_last_error(encoder, "no such device");
    return nullptr;
}

void* create(obs_data_t* /*settings*/, obs_encoder_t* /*encoder*/) {
    return new Fake;
}

void destroy(void* data) {
    delete static_cast<Fake*>(data);
}

bool fail_at_once(
    void* /*data*/, encoder_frame* /*frame*/, encoder_packet* /*packet*/, bool* /*received*/) {
    return false;
}

bool give_nothing(
    void* /*data*/, encoder_frame* /*frame*/, encoder_packet* /*packet*/, bool* received) {
    *received = false;
    return true;
}

bool deliver(Fake* fake, const encoder_frame* frame, encoder_packet* packet, bool* received) {
    packet->data = fake->payload.data();
    packet->size = fake->payload.size();
    packet->type = OBS_ENCODER_VIDEO;
    packet->pts = packet->dts = frame->pts;
    packet->keyframe = true;
    *received = true;
    return true;
}

bool die_later(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    auto* fake = static_cast<Fake*>(data);
    return ++fake->frames <= kFramesBeforeDeath && deliver(fake, frame, packet, received);
}

bool fall_silent(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    auto* fake = static_cast<Fake*>(data);
    *received = false;
    return ++fake->frames > kFramesBeforeDeath || deliver(fake, frame, packet, received);
}

/// What a driver that is busy with something else for a moment looks like.
bool stand_still_once(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    auto* fake = static_cast<Fake*>(data);
    if (++fake->frames == kFramesBeforeDeath)
        std::this_thread::sleep_for(std::chrono::seconds{1});
    return deliver(fake, frame, packet, received);
}

/// Forty pictures a second, whatever the machine.
bool take_long(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    std::this_thread::sleep_for(std::chrono::milliseconds{25});
    return deliver(static_cast<Fake*>(data), frame, packet, received);
}

/// As one does that works on many pictures at once.
bool hold_back(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    auto* fake = static_cast<Fake*>(data);
    *received = false;
    if (++fake->frames <= kFramesHeldBack)
        return true;
    encoder_frame held = *frame;
    held.pts -= kFramesHeldBack;
    return deliver(fake, &held, packet, received);
}

using Encode = bool (*)(void*, encoder_frame*, encoder_packet*, bool*);

void add(const char* id, Encode encode, void* (*make)(obs_data_t*, obs_encoder_t*) = create) {
    obs_encoder_info info{};
    info.id = id;
    info.type = OBS_ENCODER_VIDEO;
    info.codec = "h264";
    info.get_name = fake_name;
    info.create = make;
    info.destroy = destroy;
    info.encode = encode;
    obs_register_encoder(&info);
}

}  // namespace

void register_fake_encoders() {
    add(kRefusingEncoder, give_nothing, refuse);
    add(kFailingEncoder, fail_at_once);
    add(kSilentEncoder, give_nothing);
    add(kDyingEncoder, die_later);
    add(kMuteEncoder, fall_silent);
    add(kGaspingEncoder, stand_still_once);
    add(kSlowEncoder, take_long);
    add(kHoldingEncoder, hold_back);
}

}  // namespace hindsight::test
