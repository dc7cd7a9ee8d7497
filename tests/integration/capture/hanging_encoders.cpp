// Preloaded into hindsight-capture: when libobs' x264 plugin registers its encoder, encoders are
// registered beside it that do the same work and then never return, as hung drivers do. The one
// sound encoder that is used is made faulty in its place, as the environment says.

#include "hanging_encoders.hpp"

#include <dlfcn.h>
#include <obs.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

// Processes without libobs load this as well.
#pragma weak obs_data_set_string

namespace {

constexpr int kFramesBeforeHanging = 60;
constexpr int kFramesBeforeStall = 120;

/// Three seconds of sound, in frames of AAC.
constexpr int kFramesBeforeSound = 141;

obs_encoder_info x264;
obs_encoder_info aac;
int frames;
int sound_frames;

[[noreturn]] void hang() {
    for (;;)
        ::pause();
}

/// The plugin looks ahead unless it is told not to, and hindsight-capture does not know us for it.
void* create(obs_data_t* settings, obs_encoder_t* encoder) {
    obs_data_set_string(settings, "preset", "ultrafast");
    obs_data_set_string(settings, "tune", "zerolatency");
    return x264.create(settings, encoder);
}

void* hang_when_created(obs_data_t* /*settings*/, obs_encoder_t* /*encoder*/) {
    hang();
}

bool hang_later(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    if (++frames > kFramesBeforeHanging)
        hang();
    return x264.encode(data, frame, packet, received);
}

bool stall_once(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    if (++frames == kFramesBeforeStall)
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
    return x264.encode(data, frame, packet, received);
}

bool give_nothing(
    void* /*data*/, encoder_frame* /*frame*/, encoder_packet* /*packet*/, bool* received) {
    *received = false;
    return true;
}

bool hang_at_once(
    void* /*data*/, encoder_frame* /*frame*/, encoder_packet* /*packet*/, bool* /*received*/) {
    hang();
}

bool begin_late(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    return ++sound_frames > kFramesBeforeSound ? aac.encode(data, frame, packet, received)
                                               : give_nothing(data, frame, packet, received);
}

bool fail_later(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    return ++sound_frames <= kFramesBeforeSound && aac.encode(data, frame, packet, received);
}

bool hang_later_in_sound(void* data, encoder_frame* frame, encoder_packet* packet, bool* received) {
    if (++sound_frames > kFramesBeforeSound)
        hang();
    return aac.encode(data, frame, packet, received);
}

void* refuse(obs_data_t* /*settings*/, obs_encoder_t* /*encoder*/) {
    return nullptr;
}

/// What `fault` makes of the sound encoder.
obs_encoder_info faulty(const obs_encoder_info& whole, std::string_view fault) {
    using namespace hindsight::test;
    aac = whole;
    obs_encoder_info info = whole;
    if (fault == kSoundRefused)
        info.create = refuse;
    else if (fault == kSoundHangsWhenCreated)
        info.create = hang_when_created;
    else if (fault == kSoundSilent)
        info.encode = give_nothing;
    else if (fault == kSoundHangs)
        info.encode = hang_at_once;
    else if (fault == kSoundHangsLater)
        info.encode = hang_later_in_sound;
    else if (fault == kSoundLate)
        info.encode = begin_late;
    else if (fault == kSoundFailsLater)
        info.encode = fail_later;
    return info;
}

using Register = void (*)(const obs_encoder_info*, std::size_t);

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libobs' name
extern "C" void obs_register_encoder_s(const obs_encoder_info* info, std::size_t size) {
    const auto next = reinterpret_cast<Register>(::dlsym(RTLD_NEXT, "obs_register_encoder_s"));
    const char* fault = std::getenv(hindsight::test::kSoundFault);
    if (fault != nullptr && std::strcmp(info->id, "ffmpeg_aac") == 0) {
        const obs_encoder_info sound = faulty(*info, fault);
        return next(&sound, sizeof sound);
    }
    next(info, size);
    if (std::strcmp(info->id, "obs_x264") != 0)
        return;
    x264 = *info;
    obs_encoder_info fake = *info;
    fake.create = create;
    fake.id = hindsight::test::kHangingEncoder;
    fake.encode = hang_later;
    next(&fake, sizeof fake);
    fake.id = hindsight::test::kStallingEncoder;
    fake.encode = stall_once;
    next(&fake, sizeof fake);
    fake.id = hindsight::test::kHangingInCreateEncoder;
    fake.create = hang_when_created;
    next(&fake, sizeof fake);
}
