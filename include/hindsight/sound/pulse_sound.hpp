#pragma once

// Sound from PulseAudio (or PipeWire in its place), each sample laid on a time line at the moment
// it is heard.

#include <hindsight/core/log.hpp>
#include <hindsight/sound/sound_timeline.hpp>

#include <memory>
#include <string>

namespace hindsight::sound {

struct PulseSoundOptions {
    enum class Kind { Desktop, Microphone, Application };
    Kind kind = Kind::Desktop;
    /// Name of the sink, of the source, or of the application's program.
    std::string device = "default";
};

/// Reconnects for as long as it lives when the server goes, follows the default device, and finds
/// the device or the application by its name whenever it comes back.
class PulseSound {
public:
    virtual ~PulseSound() = default;  ///< nothing is written any more

    /// `sink` outlives this. Null: PulseAudio's library does not start.
    [[nodiscard]] static std::unique_ptr<PulseSound>
    start(PulseSoundOptions options, SoundSink& sink, Log log);

    /// Blocks came within the last quarter of a second, so more are to be expected. [any-thread]
    [[nodiscard]] virtual bool flowing() const = 0;
};

}  // namespace hindsight::sound
