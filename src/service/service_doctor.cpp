#include "hotkeys.hpp"
#include "machine_probe.hpp"
#include "service_impl.hpp"

#include <hindsight/service/clip_name.hpp>

#include <utility>

namespace hindsight::service {

namespace {

/// A disk that sleeps takes its time. [export]
void add_clip_folder(MachineFacts& facts, const std::string& configured) {
    if (const auto folder = clip_folder(configured)) {
        facts.clip_folder = folder->string();
        facts.clip_folder_error = why_not_writable(*folder);
        facts.clip_folder_free = free_bytes(*folder);
    } else {
        facts.clip_folder_error = folder.error().what + ".";
        facts.clip_folder_error.front() = 'T';
    }
}

}  // namespace

MachineFacts Service::Impl::machine_facts() const {
    MachineFacts facts;
    facts.display = variable("DISPLAY");
    facts.wayland_display = variable("WAYLAND_DISPLAY");
    facts.input = input_health;
    for (const auto& [id, state] : hotkey_states)
        facts.hotkeys.push_back(state);
    for (const ipc::Hotkey& hotkey : hotkeys_of(config))
        facts.chords[hotkey.id] = hotkey.chord;
    facts.sound_server = sound_server_answers();
    facts.tray_host = desktop.tray_host && desktop.tray_host();
    facts.notification_service = desktop.notification_service && desktop.notification_service();
    facts.ring_folder = ring_folder.string();
    facts.ring_free = free_bytes(ring_folder) + scan_ring(ring_folder).bytes;
    facts.ring_limit = allowance.limit();
    facts.pressure = pressure ? pressure->source() : PressureSource::Nothing;
    return facts;
}

void Service::diagnose(Reply<Json> reply) {
    Impl* d = impl_.get();
    d->probe_encoders([d, reply = std::move(reply)](const Result<ipc::EncoderList>& list) {
        MachineFacts facts = d->machine_facts();
        if (list)
            facts.encoders = *list;
        else
            facts.capture_error = "The encoders cannot be tried: " + list.error().what + ".";
        const bool queued = d->exporter->post(
            [d, reply, facts = std::move(facts), folder = d->config.clips.folder]() mutable {
                add_clip_folder(facts, folder);
                Json result = Json::array();
                for (const Finding& finding : service::diagnose(facts))
                    result.push_back(to_json(finding));
                (void)d->control.post([reply, result = std::move(result)] { reply(result); });
            });
        if (!queued)
            reply(fail(Errc::Busy, "too many clips are being saved at once"));
    });
}

}  // namespace hindsight::service
