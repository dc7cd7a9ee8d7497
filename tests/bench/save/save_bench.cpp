// bench_save: what a save takes, beside what it could take (copying the same bytes) and what it
// takes elsewhere (libobs' own replay buffer). docs/benchmarks.md says what each row means.

#include "canned_encoders.hpp"
#include "desktop_session.hpp"
#include "recording.hpp"
#include "replay_check.hpp"
#include "report.hpp"
#include "warped_clock.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/obs/obs_runtime.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <fcntl.h>
#include <mux/clip_verify.hpp>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

namespace {

using namespace hindsight;
using namespace hindsight::bench;
namespace fs = std::filesystem;

constexpr const char* kHelp =
    "bench_save [--lengths S,S,…] [--rounds N] [--folder DIR] [--bitrate-kbps N]\n"
    "measures saves of --lengths (30,120,600) seconds at --bitrate-kbps (20000) into --folder\n"
    "(/var/tmp), --rounds (5) times each way and in turns. Needs memory for three times, and\n"
    "--folder for once, the longest clip\n";
constexpr std::size_t kCopyBytes = 1u << 20;

double ms_since(MonoTime begun) {
    return (SystemClock{}.now() - begun).seconds() * 1e3;
}

UniqueFd open_file(const fs::path& file, int flags) {
    UniqueFd fd{::open(file.c_str(), flags | O_CLOEXEC, 0600)};
    if (!fd)
        give_up("cannot open " + file.string());
    return fd;
}

void sync_file(const UniqueFd& fd) {
    if (::fsync(fd.get()) != 0)
        give_up("cannot write to disk");
}

/// As `cp` would, and then fsync.
void copy_and_sync(const fs::path& from, const fs::path& to) {
    const UniqueFd in = open_file(from, O_RDONLY);
    const UniqueFd out = open_file(to, O_WRONLY | O_CREAT | O_TRUNC);
    std::vector<std::byte> buffer(kCopyBytes);
    while (const ssize_t got = ::read(in.get(), buffer.data(), buffer.size())) {
        if (got < 0 || ::write(out.get(), buffer.data(), static_cast<std::size_t>(got)) != got)
            give_up("cannot copy " + from.string());
    }
    sync_file(out);
}

/// The disk has nothing left to do.
void settle(const fs::path& folder) {
    const UniqueFd fd = open_file(folder, O_RDONLY | O_DIRECTORY);
    ::syncfs(fd.get());
}

struct Place {
    fs::path memory;  ///< on a tmpfs: the ring, pins, and what is copied
    fs::path disk;    ///< where clips go
};

/// The four ways, measured in milliseconds, for one length.
class LengthBench {
public:
    LengthBench(const Place& place, Duration length)
        : place_{place},
          length_{length},
          writer_{make_mp4_clip_writer(Log{"mux"})},
          recording_{{.length = length, .ring = place.memory / "ring", .replays = place.disk}} {
        recording_.fill();
        prepare();
    }

    ~LengthBench() {
        fs::remove_all(place_.memory / "ready");
        fs::remove_all(place_.memory / "clip");
        fs::remove_all(place_.memory / "ring");
    }

    LengthBench(const LengthBench&) = delete;
    LengthBench& operator=(const LengthBench&) = delete;

    void round() {
        const std::function<void()> ways[] = {
            [this] { copy(); }, [this] { ready(); }, [this] { replay(); }, [this] { press(); }};
        // Each goes first in turn.
        for (int i = 0; i < 4; ++i) {
            settle(place_.disk);
            ways[(i + rounds_) % 4]();
        }
        ++rounds_;
    }

    void report(Table& ratios, Table& times) const {
        const auto at = [this](const char* what) { return median(times_.at(what)); };
        const std::string name = number(length_.seconds(), 0) + " s";
        times.row(
            {name,
             number(static_cast<double>(clip_bytes_) / 1e6, 0),
             number(static_cast<double>(replay_bytes_) / 1e6, 0),
             number(at("copy"), 0),
             number(at("ready"), 0),
             number(at("press"), 0),
             number(at("replay"), 0),
             number(at("wait"), 0),
             number(at("snapshot"), 1)});
        ratios.row(
            {name,
             number(at("ready") / at("copy"), 2),
             number(at("replay") / at("press"), 2),
             number(100 * at("snapshot") / at("press"), 1)});
    }

private:
    /// The clip that is copied, and the pinned footage that is "ready".
    void prepare() {
        to_ = warped_now();
        recording_.wait_until_complete(to_);
        ready_ = pin("ready", to_);
        fs::create_directory(place_.memory / "clip");
        const auto clip = write(ready_, to_, place_.memory / "clip" / "clip.mp4");
        copied_ = clip.path;
        clip_bytes_ = clip.size_bytes;
    }

    std::vector<fs::path> pin(const std::string& name, MonoTime to) {
        return need(
            ring::pin_segments(
                place_.memory / "ring", "av", {to - length_, to}, place_.memory / name),
            "pinning");
    }

    WrittenFile write(const std::vector<fs::path>& segments, MonoTime to, const fs::path& target) {
        WriteRequest request;
        request.segments = segments;
        request.from = to - length_;
        request.to = to;
        request.target = target;
        const auto files = need(writer_->write(request, {}, {}), "saving");
        if (files.size() != 1)
            give_up("the footage has a hole");
        return files.front();
    }

    void note(const char* what, double ms) { times_[what].push_back(ms); }

    void copy() {
        const fs::path to = place_.disk / "copy.mp4";
        const MonoTime begun = SystemClock{}.now();
        copy_and_sync(copied_, to);
        note("copy", ms_since(begun));
        fs::remove(to);
    }

    void ready() {
        const MonoTime begun = SystemClock{}.now();
        const auto clip = write(ready_, to_, place_.disk / "ready.mp4");
        note("ready", ms_since(begun));
        fs::remove(clip.path);
    }

    void press() {
        const MonoTime begun = SystemClock{}.now();
        const MonoTime to = warped_now();
        recording_.wait_until_complete(to);
        const double waited = ms_since(begun);
        const auto segments = pin("pressed", to);
        const double pinned = ms_since(begun);
        const auto clip = write(segments, to, place_.disk / "press.mp4");
        note("press", ms_since(begun));
        note("wait", waited);
        note("snapshot", pinned - waited);
        fs::remove(clip.path);
        fs::remove_all(place_.memory / "pressed");
    }

    void replay() {
        const MonoTime begun = SystemClock{}.now();
        const fs::path file = recording_.save_replay();
        double taken = ms_since(begun);
        // Before the ring moves on: with what the file will be compared. Not libobs' time.
        const auto segments = need(
            ring::pin_segments(place_.memory / "ring", "av", {}, place_.memory / "replayed"),
            "pinning");

        const MonoTime syncing = SystemClock{}.now();
        sync_file(open_file(file, O_RDONLY));
        taken += ms_since(syncing);

        const ReplayPlan plan = plan_of_replay(segments, file);
        const MonoTime checking = SystemClock{}.now();
        need(mux::verify_mp4(plan.part, file, {}), "checking libobs' replay");
        taken += ms_since(checking);
        note("replay", taken);
        replay_bytes_ = fs::file_size(file);
        fs::remove(file);
        fs::remove_all(place_.memory / "replayed");
    }

    const Place& place_;
    const Duration length_;
    std::unique_ptr<ClipWriter> writer_;
    Recording recording_;
    MonoTime to_ = MonoTime::min();
    std::vector<fs::path> ready_;
    fs::path copied_;
    std::uint64_t clip_bytes_ = 0;
    std::uint64_t replay_bytes_ = 0;
    int rounds_ = 0;
    std::map<std::string, std::vector<double>> times_;
};

void measure(const Arguments& arguments) {
    const auto lengths = arguments.list("--lengths", {30, 120, 600});
    const int rounds = static_cast<int>(arguments.positive("--rounds", 5));
    const std::string folder = arguments.text("--folder", "/var/tmp");
    std::printf("bench_save: %s, clips in %s\n", machine().c_str(), folder.c_str());

    const TemporaryFolder memory{"/dev/shm"};
    const TemporaryFolder disk{folder};
    const Place place{memory.path(), disk.path()};
    const auto desktop =
        need(test::DesktopSession::start({.window_manager = false, .sound = false}), "a display");
    desktop->enter();
    const auto runtime = need(obs::ObsRuntime::start([] {}, Log{"obs"}), "starting libobs");
    // libobs' muxer takes the frame rate of the canvas for that of the recording.
    need(runtime->set_canvas({.fps = 60}), "starting libobs");
    testing::RepeatedFootage footage{
        {.width = 1280,
         .height = 720,
         .fps = 60,
         .gop = 60,
         .frames = 4 * 60,
         .bitrate_kbps = static_cast<int>(arguments.positive("--bitrate-kbps", 20'000)),
         .noise = true}};
    register_canned_encoders(footage);

    Table times{
        {"median [ms]",
         "clip MB",
         "replay MB",
         "copy+fsync",
         "ready->verified",
         "press->verified",
         "replay_buffer",
         "of it wait",
         "snapshot"}};
    Table ratios{{"ratio", "ready/copy (<= 2.0)", "replay_buffer/ours", "snapshot % (<= 5)"}};
    for (const double length : lengths) {
        LengthBench bench{place, Duration::from_seconds(length)};
        for (int round = 0; round < rounds; ++round) {
            std::fprintf(stderr, "%.0f s, round %d of %d\n", length, round + 1, rounds);
            bench.round();
        }
        bench.report(ratios, times);
    }
    times.print();
    std::printf("\n");
    ratios.print();
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments{
        argc, argv, {"--lengths", "--rounds", "--folder", "--bitrate-kbps"}, kHelp};
    return run([&] { measure(arguments); });
}
