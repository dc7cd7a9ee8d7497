#pragma once

// The inside of the service: its parts and the wires between them. [control] only.

#include "capture_host.hpp"
#include "library_desk.hpp"
#include "microphone_gate.hpp"
#include "pressure_watch.hpp"
#include "screenshot_taker.hpp"
#include "spill.hpp"

#include <hindsight/service/action_recorder.hpp>
#include <hindsight/service/doctor.hpp>
#include <hindsight/service/executor.hpp>
#include <hindsight/service/job_runner.hpp>
#include <hindsight/service/memory_allowance.hpp>
#include <hindsight/service/save_queue.hpp>
#include <hindsight/service/service.hpp>
#include <hindsight/service/session_recorder.hpp>

#include <QObject>
#include <QTimer>
#include <map>
#include <optional>
#include <set>

namespace hindsight::service {

struct Service::Impl {
    Impl(ServicePorts p, ServiceOptions o, DesktopFacts d, ServiceEvents e, Log l);
    ~Impl();

    // ---- life (service.cpp)
    Result<> run();
    Result<> prepare_ring();
    [[nodiscard]] std::uint64_t wished_memory() const;
    void memory_is_short(MemoryPressure how);
    void obey_allowance();  ///< tells everybody the memory limit that counts now
    void make_parts();
    void tick();
    void spill_changed();
    void quit_step();
    void finish_quit();

    // ---- wires (service_wires.cpp)
    [[nodiscard]] ChildProcess::Events capture_events();
    [[nodiscard]] ChildProcess::Events input_events();
    [[nodiscard]] RecordingController::Events recording_events();
    [[nodiscard]] SaveEvents save_events();
    [[nodiscard]] SessionEvents session_events();
    [[nodiscard]] JobRunner::Events job_events();
    [[nodiscard]] LibraryDesk::Events library_events();
    void capture_message(const ipc::Message& message);
    void input_message(const ipc::Message& message);
    void action_message(const ipc::Message& message);
    void hotkey(const ipc::HotkeyPressed& pressed);
    void window_list(const ipc::WindowList& list);
    void tell_input();  ///< the window, profile and grid that count now
    void tell_hotkeys();
    void drop_segments(const char* prefix) const;
    void drop_pictures();  ///< of the ring, wherever they lie
    void job_finished(const JobResult& result);
    void drop_unfinished(const Job& job);
    void announce(const Clip& clip, bool added);
    void clip_gone(const std::string& id);

    // ---- sessions (service_session.cpp)
    [[nodiscard]] bool is_failed_session(const std::string& id) const;
    void rescue_recordings();
    void rescue(const std::vector<std::filesystem::path>& found);
    void drop_actions(std::vector<std::filesystem::path> alone);
    void rescued(const Job& job, const Json& facts);

    // ---- what is asked (service_requests.cpp)
    Result<std::string> save(const SaveOptions& options, MonoTime press);
    Result<SaveOptions> save_options(const Json& json) const;
    [[nodiscard]] Footage footage() const;
    [[nodiscard]] MonoTime frame_time(MonoTime t) const;
    void start_window(std::uint32_t window, const std::string& source, Reply<> reply);
    void ask_windows(Reply<ipc::WindowList> reply);
    void probe_encoders(Reply<ipc::EncoderList> reply);
    void set_display(const Json& options);
    void load_environment();
    void apply_config(const config::Config& fresh);
    void apply_holds();
    void add_thumbnail_job(const Clip& clip);
    std::string add_overlay_job(const Clip& clip, const Json& options);

    [[nodiscard]] std::string variable(const char* name) const;

    // ---- what works here (service_doctor.cpp)
    [[nodiscard]] MachineFacts machine_facts() const;

    // ---- the microphone (service_microphone.cpp)
    void remember_mute();
    Result<> mute_microphone(bool muted, MonoTime from);
    void mute_key(MonoTime press);
    void talk_key_up();
    [[nodiscard]] const char* microphone_state() const;

    // ---- taking back (service_forget.cpp)
    void forget_footage();
    void forgotten();

    // ---- single pictures (service_screenshot.cpp)
    void take_screenshot(MonoTime press, Reply<std::string> reply);

    // ---- what is told (service_status.cpp)
    [[nodiscard]] Json status() const;
    [[nodiscard]] Json health() const;
    [[nodiscard]] MonoTime oldest_footage() const;
    [[nodiscard]] Json ring_status() const;
    [[nodiscard]] std::string why_shorter() const;
    [[nodiscard]] Json failed_saves() const;
    [[nodiscard]] Json recovered_list() const;
    void changed();  ///< soon a StateChanged, if the status differs
    void emit_state();

    struct Recovered {
        std::string id;
        SaveWindow window;
        Subject subject;
    };

    struct Forgetting {
        MonoTime from;
        Reply<Json> reply;
    };

    struct WindowQuestion {
        Reply<ipc::WindowList> reply;
        MonoTime deadline = MonoTime::max();
    };

    ServicePorts ports;
    ServiceOptions options;
    DesktopFacts desktop;
    ServiceEvents events;
    Log log;
    config::Config config;
    std::string config_problem;
    std::filesystem::path ring_folder;
    std::filesystem::path pins_folder;
    MemoryAllowance allowance;  // of the ring
    std::unique_ptr<PressureWatch> pressure;
    ChildEnvironment environment;

    std::optional<ipc::CaptureStarted> capture_facts;
    ipc::CaptureStatus capture_status;
    std::optional<MonoTime> capture_hung;  // when it was ended because it did not answer
    RingContent ring_content;              // while nothing captures
    std::optional<Recovered> recovered;
    std::optional<Forgetting> forgetting;  // until its answer is given
    std::optional<ipc::InputHealth> input_health;
    std::map<std::string, ipc::HotkeyState> hotkey_states;
    std::string input_mode;
    std::string input_problem;
    std::uint32_t told_window = 0;
    std::string told_profile;
    ipc::SetProfile told_controls;
    std::map<std::string, WindowQuestion> window_questions;
    bool saved_something = false;
    bool locked = false;
    bool on_battery = false;
    std::string session_problem;  // how the last session ended, until the next one begins

    bool quitting = false;
    bool spill_retiring = false;
    bool spill_retired = false;
    std::function<void()> quit_done;
    MonoTime quit_deadline = MonoTime::max();

    Json last_status;
    QObject context;
    QTimer tick_timer;
    QTimer state_timer;

    LoopExecutor control;
    std::unique_ptr<ActionRecorder> recorder;
    std::unique_ptr<CaptureHost> capture;
    MicrophoneGate microphone{
        [this](bool open, MonoTime from) { capture->mute_microphone(!open, from); }};
    std::unique_ptr<ChildProcess> input;
    std::unique_ptr<ChildProcess> probe;
    std::unique_ptr<RecordingController> recording;
    std::unique_ptr<SaveQueue> saves;
    std::unique_ptr<SessionRecorder> sessions;
    std::unique_ptr<Spill> spill;
    std::unique_ptr<JobRunner> jobs;
    std::unique_ptr<ScreenshotTaker> screenshots;
    std::unique_ptr<LibraryDesk> library;
    // Last: their tasks use what is above, so they are joined first.
    std::unique_ptr<Worker> exporter;
    std::unique_ptr<Worker> session_worker;
    std::unique_ptr<Worker> spill_worker;
    std::unique_ptr<Worker> storer;
};

}  // namespace hindsight::service
