#include "hotkeys.hpp"
#include "recorded.hpp"
#include "service_impl.hpp"

#include <hindsight/config/quality_preset.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hindsight::service {

namespace {

/// `setting`: the key of the configuration that it is about, if it is about one.
Json entry(const char* severity, std::string text, std::string mend, std::string setting = {}) {
    return {
        {"severity", severity},
        {"text", std::move(text)},
        {"mend", std::move(mend)},
        {"setting", std::move(setting)}};
}

/// What people call it.
std::string codec_title(const std::string& codec) {
    if (codec == "h264")
        return "H.264";
    return codec == "hevc" ? "HEVC" : "AV1";
}

}  // namespace

Json Service::Impl::health() const {
    Json list = Json::array();
    if (!config_problem.empty())
        list.push_back(entry(
            "warning",
            config_problem,
            "Correct the line, or use `hindsightctl config set`; the defaults are used until "
            "then."));
    if (!recording->problem().empty())
        list.push_back(entry(
            "error",
            "The recording does not run: " + recording->problem() + ".",
            "Run `hindsightctl doctor` to see what is missing."));
    // For as long as what it has cost would be in reach.
    const Duration reach = Duration::from_ms(config.recording.buffer_seconds * 1000LL);
    if (capture_hung && ports.clock.now() - *capture_hung < reach)
        list.push_back(entry(
            "warning",
            "The capture program did not answer any more and was started again.",
            "Some seconds may be missing in clips from now; update the graphics driver if it comes "
            "back."));
    if (!input_problem.empty())
        list.push_back(
            entry("warning", input_problem, "Clips can still be saved with `hindsightctl save`."));
    if (input_health && input_health->wayland)
        list.push_back(entry(
            "info",
            "This is a Wayland session: only games that use X11 can be recorded.",
            "Start the game with X11, for example with SDL_VIDEODRIVER=x11."));
    for (const auto& [id, state] : hotkey_states)
        if (!state.available)
            list.push_back(entry(
                "warning",
                state.what.empty() ? "A hotkey is taken by another program." : state.what,
                "Choose another one in the settings or with `hindsightctl config set " +
                    setting_of_hotkey(id) + "`.",
                setting_of_hotkey(id)));
    if (allowance.reduced())
        list.push_back(entry(
            "info",
            fmt::format(
                "The computer is short of memory: the buffer takes {} MiB at most for now.",
                allowance.limit() >> 20),
            "It grows again by itself when there is memory."));
    if (const std::string problem = spill->problem(); !problem.empty())
        list.push_back(entry(
            "warning",
            problem,
            "It is tried again by itself; make room, or set recording.disk_folder to another "
            "folder.",
            "recording.disk_folder"));
    if (const std::string shorter = why_shorter(); !shorter.empty())
        list.push_back(entry(
            "info",
            shorter,
            "Raise recording.memory_mb, or give the older part recording.disk_mb of a disk.",
            "recording.memory_mb"));
    if (!session_problem.empty())
        list.push_back(entry(
            "warning",
            session_problem,
            "What was recorded until then is kept; make room and use `hindsightctl record "
            "start`."));
    const auto add_failed = [&](const std::string& text, const std::string& id, const char* to) {
        list.push_back(entry(
            "error",
            text,
            "Run `hindsightctl retry " + id + to + "`, or let go of it with `discard " + id +
                "`."));
    };
    for (const SaveRequest& failed : saves->failed())
        add_failed(failed.failure, failed.id, failed.files.empty() ? " --to DIR" : "");
    for (const FailedSession& failed : sessions->failed())
        add_failed(failed.text, failed.id, " --to DIR");
    const bool chosen_codec = config.recording.encoder == "auto" && recording->capturing() &&
                              capture_facts && capture_facts->codec != config.recording.codec;
    if (chosen_codec)
        list.push_back(entry(
            "warning",
            "No " + codec_title(config.recording.codec) + " encoder works here, so " +
                codec_title(capture_facts->codec) + " is recorded.",
            "Set recording.codec to one that `hindsightctl encoders` says works."));
    if (recording->capturing())
        for (const ipc::Trouble& trouble : capture_status.troubles)
            list.push_back(entry(trouble.severity.c_str(), trouble.text, trouble.mend));
    const std::uint64_t frames = capture_status.captured;
    if (recording->capturing() && !config.recording.adapt && frames > 600 &&
        capture_status.skipped * 20 > frames)
        list.push_back(entry(
            "warning",
            "The encoder is too slow, and pictures are missing.",
            "Lower recording.fps or the picture size.",
            "recording.fps"));
    return list;
}

Json Service::Impl::failed_saves() const {
    Json list = Json::array();
    for (const SaveRequest& failed : saves->failed())
        list.push_back(
            {{"id", failed.id},
             {"code", failed.failure_code},
             {"text", failed.failure},
             {"duration_s", (failed.to - failed.from).seconds()}});
    for (const FailedSession& failed : sessions->failed())
        list.push_back(
            {{"id", failed.id},
             {"code", failed.code},
             {"text", failed.text},
             {"duration_s", failed.duration.seconds()}});
    return list;
}

Json Service::Impl::recovered_list() const {
    Json list = Json::array();
    if (!recovered)
        return list;
    MonoTime from = recovered->window.from;
    if (recording->capturing() && capture_status.newest_ns > 0)
        from = std::max(from, oldest_footage());
    if (from < recovered->window.to)
        list.push_back(
            {{"id", recovered->id},
             {"duration_s", (recovered->window.to - from).seconds()},
             {"game", recovered->subject.game}});
    return list;
}

/// Of what capture has told of memory and the last look at the disk; max: there is none.
MonoTime Service::Impl::oldest_footage() const {
    const bool live = capture_status.newest_ns > 0;
    const MonoTime in_memory =
        live ? MonoTime::from_ns(capture_status.newest_ns - capture_status.buffered_ns)
             : ring_content.oldest;
    return std::min(in_memory, spill->state().oldest);
}

Json Service::Impl::ring_status() const {
    const bool live = capture_status.newest_ns > 0;
    const MonoTime newest =
        live ? MonoTime::from_ns(capture_status.newest_ns) : ring_content.newest;
    const MonoTime oldest = oldest_footage();
    return {
        {"buffered_s", oldest < newest ? (newest - oldest).seconds() : 0.0},
        {"buffered_bytes", live ? capture_status.buffered_bytes : ring_content.bytes},
        {"bytes_per_minute", live ? capture_status.bytes_per_minute : 0},
        {"pinned_bytes", saves->pinned_bytes()},
        {"disk_bytes", spill->state().bytes},
        {"limit_s", config.recording.buffer_seconds},
        {"limit_bytes", allowance.limit()},
        {"disk_limit_bytes", spill->state().limit_bytes},
        {"epoch", capture_facts ? capture_facts->epoch : ring_content.epoch}};
}

/// A sentence when the ring cannot be as long as wished at the rate of now; else empty.
std::string Service::Impl::why_shorter() const {
    const auto rate = static_cast<double>(capture_status.bytes_per_minute);
    if (!recording->capturing() || rate <= 0)
        return {};
    // The older half of memory is on the disk, too.
    const std::uint64_t disk = spill->state().limit_bytes;
    const auto room =
        static_cast<double>(disk > 0 ? allowance.limit() / 2 + disk : allowance.limit());
    const double wished = config.recording.buffer_seconds / 60.0;
    // What is recorded varies; a little less than wished is not worth a word.
    if (room / rate > 0.8 * wished)
        return {};
    return fmt::format(
        "There is room for about {:.0f} of the {} seconds that are to stay within reach.",
        60 * room / rate,
        config.recording.buffer_seconds);
}

Json Service::Impl::status() const {
    const auto& shown = recording->recorded();
    const std::string source = shown ? source_text(*shown) : std::string{};
    Json exports = saves->exports();
    for (const Json& job : jobs->list())
        exports.push_back(job);
    const bool runs = recording->capturing() && capture_facts;
    return {
        {"state", recording_state_name(recording->state())},
        {"paused_by", recording->paused_by()},
        {"start", config.recording.start},
        {"game", shown ? shown->game : std::string{}},
        {"source", source},
        {"encoder", runs ? capture_facts->encoder : std::string{}},
        {"codec", runs ? capture_facts->codec : std::string{}},
        {"picture", runs ? capture_facts->picture : std::string{}},
        {"microphone", microphone_state()},
        {"width", runs ? capture_facts->width : 0},
        {"height", runs ? capture_facts->height : 0},
        {"fps", runs ? capture_facts->fps : config::with_preset(config.recording).fps},
        {"ring", ring_status()},
        {"frames",
         {{"captured", capture_status.captured},
          {"skipped", capture_status.skipped},
          {"lagged", capture_status.lagged},
          {"unchanged", capture_status.unchanged}}},
        {"input",
         {{"profile", shown ? shown->profile : std::string{}},
          {"mode", shown ? input_mode : std::string{}}}},
        {"session", sessions->status()},
        {"exports", exports},
        {"failed", failed_saves()},
        {"health", health()},
        {"recovered", recovered_list()}};
}

void Service::Impl::emit_state() {
    Json now = status();
    if (now == last_status)
        return;
    last_status = std::move(now);
    if (events.state_changed)
        events.state_changed(last_status);
}

}  // namespace hindsight::service
