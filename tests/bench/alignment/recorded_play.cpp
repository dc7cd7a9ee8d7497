#include "recorded_play.hpp"

#include "pattern/clip_reading.hpp"
#include "recorder.hpp"
#include "report.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace hindsight::bench {

namespace {

namespace fs = std::filesystem;
using test::DesktopSession;
using test::Recorder;

std::string config_of(const PlayOptions& options) {
    return "[recording]\nstart = \"manual\"\npreset = \"ultrafast\"\nencoder = \"obs_x264\"\n"
           "picture = \"" +
           options.picture + "\"\nfps = " + std::to_string(options.fps) +
           "\nmax_width = 640\nmax_height = 360\n[overlay]\non_save = \"off\"\n";
}

/// The bundled profile and the latency, as a player would write it.
std::string profile_of(const PlayOptions& options) {
    return "id = \"arena\"\nname = \"Arena\"\nbase = \"arena\"\n[match]\n"
           "executable = [\"hindsight-arena\"]\nwm_class = [\"hindsight-arena\"]\n"
           "[latency]\nframes = " +
           std::to_string(options.told_latency_frames) + "\nmethod = \"strip\"\n";
}

/// Frame number of the arena → when the ring says that its picture was first there.
std::map<std::uint32_t, MonoTime> capture_times(const fs::path& ring) {
    std::vector<fs::path> segments = test::newest_epoch(ring);
    // The last one is still written.
    if (!segments.empty())
        segments.pop_back();
    std::map<std::uint32_t, MonoTime> times;
    need(
        test::read_segments(
            segments,
            {},
            [&](const test::Luma& luma, double t) {
                if (const auto mark = arena::read_strip(luma))
                    times.emplace(
                        mark->frame, MonoTime::from_ns(static_cast<std::int64_t>(t * 1e9)));
            }),
        "reading the ring");
    return times;
}

std::vector<ShownFrame> read_frames(const fs::path& clip) {
    std::vector<ShownFrame> frames;
    actions::MotionMeter meter;
    need(
        test::read_clip(
            clip,
            {},
            [&](const test::Luma& luma, double t) {
                const auto motion = meter.add({luma.data, luma.stride, luma.width, luma.height});
                // What precedes the first shown frame is there to be decoded only.
                if (t > -1e-6)
                    frames.push_back(
                        {.t = Duration::from_seconds(t),
                         .mark = arena::read_strip(luma),
                         .motion = motion});
            }),
        "reading the clip");
    if (frames.empty())
        give_up("the clip has no pictures");
    return frames;
}

/// Puts the clip on the clock: both it and the ring show the arena's numbers.
void put_on_clock(std::vector<ShownFrame>& frames, const std::map<std::uint32_t, MonoTime>& ring) {
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const auto& mark = frames[i].mark;
        if (!mark || !frames[i - 1].mark || frames[i - 1].mark->frame == mark->frame)
            continue;
        const auto found = ring.find(mark->frame);
        if (found == ring.end())
            continue;
        const MonoTime first = found->second - frames[i].t;
        for (ShownFrame& frame : frames)
            frame.captured = first + frame.t;
        return;
    }
    give_up("the clip shows nothing that is in the ring");
}

}  // namespace

RecordedPlay record_play(const PlayOptions& options) {
    const auto desktop = need(DesktopSession::start({}), "starting a desktop");
    need(
        test::write_text(
            desktop->home() / ".config/hindsight/profiles/arena.toml", profile_of(options)),
        "writing the profile");
    const fs::path log = desktop->root() / "arena.jsonl";
    test::Process game = need(
        desktop->spawn_program(
            "hindsight-arena",
            {"--bot=x11:4",
             "--seed",
             "4",
             "--fps",
             std::to_string(options.fps),
             "--phase",
             std::to_string(options.phase),
             "--delay",
             std::to_string(options.delay),
             "--rate",
             std::to_string(options.rate),
             "--log",
             log.string()}),
        "starting the arena");
    const auto window = need(desktop->wait_for_window("hindsight-arena"), "waiting for its window");
    const auto recorder = need(Recorder::start(*desktop, config_of(options)), "Hindsight");
    need(recorder->ctl({"start", "window:" + std::to_string(window)}), "recording");
    need(desktop->focus(window), "focusing the arena");
    // All that the witness needs; the rest of our environment must outlive this desktop.
    ::setenv("DISPLAY", desktop->display().c_str(), 1);
    XWitness witness;
    need(recorder->wait_for_footage(options.seconds + 2), "recording");
    const auto saved = need(
        recorder->ctl({"save", "--last", std::to_string(options.seconds) + "s", "--wait"}),
        "saving");
    RecordedPlay play;
    play.seen = witness.stop();
    const auto ring = capture_times(desktop->runtime() / "hindsight/ring");
    game.stop();
    play.engine = need(arena::ArenaLog::read(log), "reading the arena's log");
    play.sidecar = need(actions::read_jsonl(saved.value("actions_path", "")), "the sidecar");
    play.frames = read_frames(saved.value("path", ""));
    put_on_clock(play.frames, ring);
    return play;
}

}  // namespace hindsight::bench
