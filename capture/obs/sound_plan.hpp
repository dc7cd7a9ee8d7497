#pragma once

// What of the sound a recording asks for, and which tracks carry it.

#include "sound_output.hpp"

#include <hindsight/ipc/messages.hpp>
#include <hindsight/sound/pulse_sound.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hindsight::obs {

struct PlannedSound {
    sound::PulseSoundOptions options;
    std::string name;
    int volume_percent = 100;
};

struct SoundPlan {
    std::vector<PlannedSound> sounds;
    std::vector<std::pair<std::string, SoundOutput::Track>> tracks;  ///< with their names
};

/// The sounds that were asked for, and the tracks that carry them: each has one of its own, and
/// where there are several, a mix comes first, for players and sites that know one track only.
[[nodiscard]] SoundPlan plan_sounds(const ipc::StartCapture& request);

}  // namespace hindsight::obs
