#include "hotkeys.hpp"
#include "service_impl.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/core/program_names.hpp>
#include <hindsight/service/clip_json.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

ChildProcess::Events Service::Impl::capture_events() {
    ChildProcess::Events wires;
    wires.connected = [this] {
        capture_status = {};
        (void)write_file_atomically(
            options.ring_home / "capture.pid", std::to_string(capture->process().pid()));
        saves->capture_connected();
    };
    wires.message = [this](const ipc::Message& message) { capture_message(message); };
    wires.gone = [this](bool expected) {
        // What it wrote while it was being stopped goes, too.
        if (!recording->recorded() && !recording->subject())
            drop_pictures();
        ring_content = scan_ring(ring_folder);
        capture_status.newest_ns = 0;  // the folder says more now
        if (forgetting)
            forget_footage();
        recording->capture_gone(expected);
        changed();
    };
    wires.cannot_start = [this](const std::string& what) {
        const auto& recorded = recording->recorded();
        recording->capture_failed({errc_name(Errc::Io), what, recorded ? recorded->window : 0});
    };
    return wires;
}

void Service::Impl::capture_message(const ipc::Message& message) {
    // A process that is being replaced speaks of the order before.
    const bool counts = capture->process().connected();
    if (message.is<ipc::CaptureStarted>()) {
        if (const auto started = message.as<ipc::CaptureStarted>(); started && counts)
            recording->capture_started(*started);
    } else if (message.is<ipc::CaptureStatus>()) {
        if (const auto status = message.as<ipc::CaptureStatus>(); status && counts) {
            capture_status = *status;
            recording->capture_status(*status);
        }
    } else if (message.is<ipc::Reached>()) {
        if (const auto reached = message.as<ipc::Reached>()) {
            saves->reached(reached->request);
            sessions->reached(reached->request);
            screenshots->reached(reached->request);
        }
    } else if (message.is<ipc::CaptureFailed>()) {
        if (const auto failed = message.as<ipc::CaptureFailed>(); failed && counts)
            recording->capture_failed(*failed);
    }
}

RecordingController::Events Service::Impl::recording_events() {
    RecordingController::Events wires;
    wires.changed = [this] {
        // The controller tells while it is still being set up, too.
        if (recording && input)
            tell_input();
        if (sessions && recording) {
            const auto& recorded = recording->recorded();
            sessions->subject_is(recorded ? &recorded->game : nullptr);
        }
        changed();
    };
    wires.started = [this](const ipc::CaptureStarted& started) {
        capture_facts = started;
        (void)input->send(ipc::SetGrid{started.grid_origin_ns, started.fps, 1});
    };
    wires.forget = [this] {
        if (saves)
            saves->ring_goes();
        // After a long pause it goes on: what it has linked is not the ring's any more.
        if (sessions && !recording->recorded())
            (void)sessions->stop();
        drop_pictures();
        recorder->clear();
        ring_content = {};
        recovered.reset();
        capture_facts.reset();
    };
    return wires;
}

void Service::Impl::drop_segments(const char* prefix) const {
    std::error_code error;
    for (const fs::path& file : ring::list_segments(ring_folder, prefix))
        fs::remove(file, error);
}

void Service::Impl::drop_pictures() {
    drop_segments("av");
    if (spill)
        spill->clear();
}

ChildProcess::Events Service::Impl::input_events() {
    ChildProcess::Events wires;
    wires.connected = [this] {
        input_problem.clear();
        told_window = 0;
        told_profile.clear();
        tell_hotkeys();
        if (capture_facts)
            (void)input->send(ipc::SetGrid{capture_facts->grid_origin_ns, capture_facts->fps, 1});
        tell_input();
        for (const auto& [id, question] : window_questions)
            (void)input->send(ipc::ListWindows{id});
    };
    wires.message = [this](const ipc::Message& message) { input_message(message); };
    wires.gone = [this](bool expected) {
        input_health.reset();
        talk_key_up();
        if (!expected)
            input_problem = "The input program ended unexpectedly and is started again.";
        changed();
    };
    wires.cannot_start = [this](const std::string& what) {
        input_problem = what;
        changed();
    };
    return wires;
}

void Service::Impl::tell_input() {
    std::uint32_t window = 0;
    std::string profile;
    const auto& recorded = recording->recorded();
    if (recorded && config.actions.keep && recording->state() != RecordingState::Paused) {
        window = recorded->window;
        profile = recorded->profile;
    }
    if (profile != told_profile) {
        told_controls = ports.games.controls(profile);
        if (input->send(told_controls))
            told_profile = profile;
    }
    if (window != told_window && input->send(ipc::SetGame{window}))
        told_window = window;
}

void Service::Impl::tell_hotkeys() {
    hotkey_states.clear();
    microphone.set_talk_key(!config.hotkeys.push_to_talk.empty(), ports.clock.now());
    (void)input->send(ipc::SetHotkeys{hotkeys_of(config), program_names(config.hotkeys.never_in)});
}

void Service::Impl::input_message(const ipc::Message& message) {
    if (message.is<ipc::FocusChanged>()) {
        if (const auto focus = message.as<ipc::FocusChanged>())
            recording->focus_changed(*focus);
    } else if (message.is<ipc::WindowClosed>()) {
        if (const auto closed = message.as<ipc::WindowClosed>())
            recording->window_closed(closed->window);
    } else if (message.is<ipc::HotkeyPressed>()) {
        if (const auto pressed = message.as<ipc::HotkeyPressed>())
            hotkey(*pressed);
    } else if (message.is<ipc::HotkeyReleased>()) {
        talk_key_up();  // no other one is held
    } else if (message.is<ipc::HotkeyState>()) {
        if (const auto state = message.as<ipc::HotkeyState>()) {
            hotkey_states[state->id] = *state;
            changed();
        }
    } else if (message.is<ipc::InputHealth>()) {
        if (const auto health = message.as<ipc::InputHealth>()) {
            input_health = *health;
            changed();
        }
    } else if (message.is<ipc::WindowList>()) {
        if (const auto list = message.as<ipc::WindowList>())
            window_list(*list);
    } else if (message.is<ipc::InputUpTo>()) {
        if (const auto up_to = message.as<ipc::InputUpTo>())
            saves->input_up_to(MonoTime::from_ns(up_to->t_ns));
    } else {
        action_message(message);
    }
}

void Service::Impl::action_message(const ipc::Message& message) {
    if (message.is<ipc::ActionBatch>()) {
        if (const auto batch = message.as<ipc::ActionBatch>())
            recorder->add(*batch);
    } else if (message.is<ipc::HeldState>()) {
        if (const auto held = message.as<ipc::HeldState>())
            recorder->add(*held);
    } else if (message.is<ipc::ModeChanged>()) {
        if (const auto mode = message.as<ipc::ModeChanged>()) {
            recorder->add(*mode);
            input_mode = mode->mode;
            changed();
        }
    }
}

void Service::Impl::window_list(const ipc::WindowList& list) {
    const auto at = window_questions.find(list.request);
    if (at == window_questions.end())
        return;
    const auto reply = std::move(at->second.reply);
    window_questions.erase(at);
    reply(list);
}

void Service::Impl::hotkey(const ipc::HotkeyPressed& pressed) {
    const MonoTime press = MonoTime::from_ns(pressed.t_ns);
    if (pressed.id == "marker") {
        // Nothing is kept of a key that marks nothing.
        if (recording->capturing())
            recorder->add_event(frame_time(press), "marker", "");
        return;
    }
    if (pressed.id == "microphone")
        return mute_key(press);
    if (pressed.id == "push_to_talk") {
        microphone.press(press);
        changed();
        return;
    }
    // Nobody waits for an answer to a key: the failure is told like that of a save.
    const auto tell = [this](const char* what, const auto& result) {
        if (result || !events.save_failed)
            return;
        Error error = result.error();
        error.what = what + error.what + ".";
        events.save_failed("", error);
    };
    if (pressed.id == "screenshot")
        return take_screenshot(
            press, [tell](const Result<std::string>& path) { tell("No screenshot: ", path); });
    if (const auto wish = save_of_hotkey(config, pressed.id))
        tell("Clip not saved: ", save(*wish, press));
}

SaveEvents Service::Impl::save_events() {
    SaveEvents wires;
    wires.started = [this](const std::string& id, const Json& details) {
        if (events.save_started)
            events.save_started(id, details);
    };
    wires.verified = [this](const std::string& id, const Json& clip) {
        if (events.save_verified)
            events.save_verified(id, clip);
    };
    wires.finished = [this](const std::string& id, const Json& clip) {
        if (events.save_finished)
            events.save_finished(id, clip);
    };
    wires.failed = [this](const std::string& id, const Error& error) {
        if (events.save_failed)
            events.save_failed(id, error);
    };
    wires.clip_added = [this](const Clip& clip) {
        announce(clip, true);
        add_thumbnail_job(clip);
    };
    wires.clip_changed = [this](const Clip& clip) { announce(clip, false); };
    wires.clip_removed = [this](const std::string& id) { clip_gone(id); };
    wires.overlay_ready = [this](const Clip& clip) {
        if (!jobs->has(clip.id, "burn-in"))
            (void)add_overlay_job(clip, Json::object());
    };
    wires.changed = [this] { changed(); };
    return wires;
}

LibraryDesk::Events Service::Impl::library_events() {
    LibraryDesk::Events wires;
    wires.added = [this](const Clip& clip) {
        announce(clip, true);
        add_thumbnail_job(clip);
    };
    wires.changed = [this](const Clip& clip) { announce(clip, false); };
    wires.removed = [this](const std::string& id) { clip_gone(id); };
    return wires;
}

void Service::Impl::clip_gone(const std::string& id) {
    jobs->cancel_clip(id);
    if (events.clip_removed)
        events.clip_removed(id);
}

void Service::Impl::announce(const Clip& clip, bool added) {
    const auto& event = added ? events.clip_added : events.clip_changed;
    if (event)
        event(clip.id, clip_to_json(clip));
}

JobRunner::Events Service::Impl::job_events() {
    JobRunner::Events wires;
    wires.progress = [this](const Job& job, double progress) {
        if (events.job_progress)
            events.job_progress(job.id, job.kind, progress);
    };
    wires.finished = [this](const JobResult& result) { job_finished(result); };
    wires.changed = [this] { changed(); };
    return wires;
}

/// A job that was cancelled or crashed leaves its unfinished file.
void Service::Impl::drop_unfinished(const Job& job) {
    const fs::path part = job.arguments.value("target", std::string{}) + ".part";
    if (part == ".part")
        return;
    (void)storer->post([part] {
        std::error_code error;
        fs::remove(part, error);
    });
}

void Service::Impl::job_finished(const JobResult& result) {
    const Job job = result.job;
    const std::string path = result.ok ? result.result.value("path", std::string{}) : std::string{};
    const auto tell = [this, result, job, path](const Result<>& noted) {
        if (!noted)
            log.warn("the result of job {} is not in the library: {}", job.id, noted.error().what);
        if (events.job_finished)
            events.job_finished(
                job.id,
                job.kind,
                {{"ok", result.ok},
                 {"clip", job.clip},
                 {"path", path},
                 {"what", result.ok ? std::string{} : result.error.what}});
    };
    if (!result.ok)
        drop_unfinished(job);
    else if (job.kind == "rescue")
        rescued(job, result.result);
    if (!result.ok || !job.arguments.value("library", true))
        return tell({});
    library->edit(
        job.clip,
        [kind = job.kind, path](Clip& clip) {
            if (kind == "thumbnail")
                clip.thumbnail_path = path;
            else
                clip.overlay_path = path;
        },
        tell);
}

}  // namespace hindsight::service
