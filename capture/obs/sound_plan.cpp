#include "sound_plan.hpp"

namespace hindsight::obs {

namespace {

using Kind = sound::PulseSoundOptions::Kind;

void add(
    SoundPlan& plan, Kind kind, const std::string& device, const std::string& name, int volume) {
    PlannedSound& sound = plan.sounds.emplace_back();
    sound.options.kind = kind;
    sound.options.device = device;
    sound.name = name;
    sound.volume_percent = volume;
}

}  // namespace

SoundPlan plan_sounds(const ipc::StartCapture& request) {
    SoundPlan plan;
    if (request.desktop_audio)
        add(plan, Kind::Desktop, request.desktop_device, "Desktop", request.desktop_volume);
    if (request.microphone)
        add(plan,
            Kind::Microphone,
            request.microphone_device,
            "Microphone",
            request.microphone_volume);
    if (!request.application.empty())
        add(plan,
            Kind::Application,
            request.application,
            request.application,
            request.application_volume);
    if (plan.sounds.size() > 1) {
        SoundOutput::Track mix;
        for (std::size_t i = 0; i < plan.sounds.size(); ++i)
            // What an application plays is heard on the desktop as well.
            if (!request.desktop_audio || plan.sounds[i].options.kind != Kind::Application)
                mix.push_back(i);
        plan.tracks.emplace_back("Mix", std::move(mix));
    }
    for (std::size_t i = 0; i < plan.sounds.size(); ++i)
        plan.tracks.emplace_back(plan.sounds[i].name, SoundOutput::Track{i});
    return plan;
}

}  // namespace hindsight::obs
