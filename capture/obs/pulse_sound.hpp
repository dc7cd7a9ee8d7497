#pragma once

// Sound from PulseAudio (or PipeWire in its place) into a libobs source, each sample at the time it
// is heard. libobs' own PulseAudio source takes the arrival of its first block for the time of the
// sound and keeps that error for good: tens of milliseconds, different at every start.

#include <hindsight/core/log.hpp>

#include <obs.h>

#include <memory>
#include <string>

namespace hindsight::obs {

struct PulseSoundOptions {
    enum class Kind { Desktop, Microphone };
    Kind kind = Kind::Desktop;
    std::string device = "default";  ///< name of the sink's monitor or of the source
};

/// Reconnects for as long as it lives when the server goes, and follows the default device.
/// Until there is sound, the source is silent.
class PulseSound {
public:
    virtual ~PulseSound() = default;  ///< no sound is delivered any more

    /// `source` outlives this. Null: PulseAudio's library does not start.
    [[nodiscard]] static std::unique_ptr<PulseSound>
    start(PulseSoundOptions options, obs_source_t* source, Log log);
};

/// Tells libobs of the source type "hindsight_sound". Once, after obs_startup.
void register_sound_source();

inline constexpr const char* kSoundSource = "hindsight_sound";

}  // namespace hindsight::obs
