#pragma once

// Sound from PulseAudio (or PipeWire in its place), each sample laid on a time line at the moment
// it is heard.

#include <hindsight/core/log.hpp>
#include <hindsight/sound/sound_timeline.hpp>

#include <memory>
#include <string>

namespace hindsight::sound {

struct PulseSoundOptions {
    enum class Kind { Desktop, Microphone };
    Kind kind = Kind::Desktop;
    std::string device = "default";  ///< name of the sink's monitor or of the source
};

/// Reconnects for as long as it lives when the server goes, and follows the default device.
class PulseSound {
public:
    virtual ~PulseSound() = default;  ///< nothing is written any more

    /// `timeline` outlives this. Null: PulseAudio's library does not start.
    [[nodiscard]] static std::unique_ptr<PulseSound>
    start(PulseSoundOptions options, SoundTimeline& timeline, Log log);

    /// Blocks came within the last quarter of a second, so more are to be expected. [any-thread]
    [[nodiscard]] virtual bool flowing() const = 0;
};

}  // namespace hindsight::sound
