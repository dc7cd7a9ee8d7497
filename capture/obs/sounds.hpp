#pragma once

// What is heard in a recording: the sounds that are captured, and an encoder for each track of
// them. All functions [control].

#include "audio_track.hpp"
#include "packet_sink.hpp"
#include "sound_output.hpp"
#include "sound_plan.hpp"
#include "stall_guard.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/ipc/messages.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace hindsight::obs {

class Sounds {
public:
    /// Captures what the request asks for. `guard` outlives this; it watches the calls into
    /// encoders.
    Sounds(const ipc::StartCapture& request, StallGuard& guard, Log log);
    ~Sounds();
    Sounds(const Sounds&) = delete;
    Sounds& operator=(const Sounds&) = delete;

    /// The tracks, in their order. What is returned is used while this lives.
    [[nodiscard]] std::vector<StreamPlan> streams() const;

    /// Packets flow into the streams of `sink` (which outlives this) behind the video. A track
    /// whose encoder does not start is reported to it as stopped: without its sound a recording is
    /// still worth having.
    void start(PacketSink& sink);

    /// As CaptureSession's.
    void mute_microphone(bool muted, MonoTime from);

private:
    void capture(const PlannedSound& planned, const ipc::StartCapture& request);
    Result<> start_tracks(PacketSink& sink);

    StallGuard& guard_;
    Log log_;
    const SoundPlan plan_;
    bool encoder_avoided_;  ///< it hung before
    std::deque<SoundInput> inputs_;
    SoundInput* microphone_ = nullptr;  ///< of inputs_
    float microphone_gain_ = 1;
    std::unique_ptr<SoundOutput> output_;  ///< null: nothing is to be heard
    std::vector<AudioTrack> tracks_;
};

}  // namespace hindsight::obs
