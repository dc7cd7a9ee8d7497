// bench_cost: what recording takes of the processor, beside ffmpeg's x11grab and libobs' canvas,
// and what waiting for a game takes. docs/benchmarks.md says what each row means.

#include "cpu_time.hpp"
#include "recorder.hpp"
#include "report.hpp"

#include <hindsight/core/time.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>

namespace {

using namespace hindsight;
using namespace hindsight::bench;
using test::DesktopSession;
using test::Json;
using test::Recorder;

constexpr const char* kHelp =
    "bench_cost [--seconds N] [--rounds N] [--idle N] [--preset P] [--crf N]\n"
    "records a window for --seconds (12), --rounds (3) times each way and in turns, and prints\n"
    "the processor time; then waits for a game for --idle (20) seconds. x264 runs with --preset\n"
    "(ultrafast) and --crf (23) in all of them\n";

struct Size {
    int width;
    int height;
    int fps;
};

constexpr std::array kSizes{Size{1280, 720, 60}, Size{1920, 1080, 30}};
constexpr auto kWarmUp = std::chrono::seconds{3};

struct Settings {
    std::chrono::milliseconds measured{0};
    int rounds = 3;
    std::string preset;
    int crf = 23;
};

/// Processor seconds per recorded minute.
struct Cost {
    std::map<std::string, double> by_part;
    double x_server = 0;
    double frames_per_second = 0;

    [[nodiscard]] double total() const {
        double sum = 0;
        for (const auto& [part, seconds] : by_part)
            sum += seconds;
        return sum;
    }
};

/// What processes use between two looks.
class Watch {
public:
    void add(std::string name, pid_t pid) { parts_.push_back({std::move(name), pid, 0, {}}); }

    void begin() {
        begun_ = SystemClock{}.now();
        for (Part& part : parts_) {
            part.before = cpu_seconds(part.pid);
            part.threads_before = cpu_seconds_by_thread(part.pid);
        }
    }

    /// Adds to `cost`, per minute, and to `threads` ("program/thread"), when given.
    void end(Cost& cost, std::map<std::string, double>* threads) const {
        const double minutes = (SystemClock{}.now() - begun_).seconds() / 60;
        for (const Part& part : parts_) {
            const double used = (cpu_seconds(part.pid) - part.before) / minutes;
            (part.name == "X server" ? cost.x_server : cost.by_part[part.name]) += used;
            if (threads == nullptr || part.name == "X server")
                continue;
            for (const auto& [name, seconds] : cpu_seconds_by_thread(part.pid)) {
                const auto before = part.threads_before.find(name);
                (*threads)[part.name + "/" + name] +=
                    (seconds - (before == part.threads_before.end() ? 0 : before->second)) /
                    minutes;
            }
        }
    }

private:
    struct Part {
        std::string name;
        pid_t pid;
        double before;
        std::map<std::string, double> threads_before;
    };

    std::vector<Part> parts_;
    MonoTime begun_ = MonoTime::min();
};

/// The stage's own desktop is the only one that we have started.
void watch_x_server(Watch& watch) {
    for (const pid_t pid : children_named("Xvfb"))
        watch.add("X server", pid);
}

void watch_recorder(Watch& watch, Recorder& recorder) {
    watch.add("hindsightd", recorder.service().pid());
    for (const char* child : {"hindsight-capture", "hindsight-input"}) {
        for (const pid_t pid : recorder.children(child))
            watch.add(child, pid);
    }
}

/// One desktop with the window that is recorded.
class Stage {
public:
    Stage(Size size, Settings settings) : size_{size}, settings_{std::move(settings)} {
        desktop_ = need(
            DesktopSession::start({.width = size.width + 40, .height = size.height + 60}),
            "a desktop");
        pattern_ = need(
            desktop_->spawn_program(
                "hindsight-pattern",
                {"--size",
                 std::to_string(size.width) + "x" + std::to_string(size.height),
                 "--fps",
                 std::to_string(size.fps)}),
            "the recorded window");
        if (!test::wait_until([this] { return pattern_.out().ends_with('\n'); }))
            give_up("the recorded window does not appear");
        window_ = std::to_string(
            std::strtoul(pattern_.out().substr(pattern_.out().find(' ')).c_str(), nullptr, 10));
    }

    Cost record(const std::string& picture, std::map<std::string, double>* threads) {
        const auto recorder = need(Recorder::start(*desktop_, config(picture)), "Hindsight");
        need(recorder->ctl({"start", "window:" + window_}), "recording");
        need(recorder->wait_for_state("buffering"), "recording");
        std::this_thread::sleep_for(kWarmUp);
        Watch watch;
        watch_recorder(watch, *recorder);
        watch_x_server(watch);
        const Json before = need(recorder->ctl({"status"}), "status");
        watch.begin();
        std::this_thread::sleep_for(settings_.measured);
        Cost cost;
        watch.end(cost, threads);
        const Json after = need(recorder->ctl({"status"}), "status");
        cost.frames_per_second = encoded(after, before);
        need(recorder->ctl({"quit"}), "ending");
        static_cast<void>(recorder->service().wait());
        return cost;
    }

    Cost grab_with_ffmpeg() {
        const std::string file = (desktop_->runtime() / "grabbed.mkv").string();
        auto ffmpeg = need(desktop_->spawn(ffmpeg_command(file), {}, "ffmpeg"), "ffmpeg");
        std::this_thread::sleep_for(kWarmUp);
        Watch watch;
        watch.add("ffmpeg", ffmpeg.pid());
        watch_x_server(watch);
        watch.begin();
        std::this_thread::sleep_for(settings_.measured);
        Cost cost;
        watch.end(cost, nullptr);
        if (!ffmpeg.running())
            give_up("ffmpeg ended: " + ffmpeg.err());
        ffmpeg.kill(SIGINT);
        static_cast<void>(ffmpeg.wait());
        cost.frames_per_second = frame_rate_of(file);
        std::filesystem::remove(file);
        return cost;
    }

private:
    [[nodiscard]] std::string config(const std::string& picture) const {
        return "[recording]\nstart = \"manual\"\npicture = \"" + picture + "\"\npreset = \"" +
               settings_.preset + "\"\nfps = " + std::to_string(size_.fps) +
               "\nmax_width = " + std::to_string(size_.width) +
               "\nmax_height = " + std::to_string(size_.height) +
               "\nencoder = \"obs_x264\"\nquality = " + std::to_string(settings_.crf) + "\n";
    }

    /// As encoder_choice.cpp and audio_track.cpp set their encoders.
    [[nodiscard]] std::vector<std::string> ffmpeg_command(const std::string& file) const {
        const std::string fps = std::to_string(size_.fps);
        return {
            "ffmpeg",
            "-v",
            "error",
            "-nostdin",
            "-y",
            "-f",
            "x11grab",
            "-framerate",
            fps,
            "-window_id",
            window_,
            "-i",
            desktop_->display(),
            "-f",
            "pulse",
            "-i",
            "default",
            "-c:v",
            "libx264",
            "-preset",
            settings_.preset,
            "-crf",
            std::to_string(settings_.crf),
            "-profile:v",
            "high",
            "-g",
            fps,
            "-keyint_min",
            fps,
            "-bf",
            "0",
            "-x264-params",
            "scenecut=0:rc-lookahead=0:sync-lookahead=0:open-gop=0",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-b:a",
            "160k",
            file};
    }

    [[nodiscard]] double encoded(const Json& after, const Json& before) const {
        const auto count = [](const Json& status) {
            const Json& frames = status["frames"];
            return frames.value("captured", 0.0) - frames.value("skipped", 0.0) -
                   frames.value("lagged", 0.0);
        };
        return (count(after) - count(before)) /
               std::chrono::duration<double>(settings_.measured).count();
    }

    double frame_rate_of(const std::string& file) {
        const auto output = need(
            desktop_->run(
                {"ffprobe",
                 "-v",
                 "error",
                 "-count_packets",
                 "-select_streams",
                 "v:0",
                 "-show_entries",
                 "stream=nb_read_packets:format=duration",
                 "-of",
                 "json",
                 file}),
            "ffprobe");
        const Json facts = Json::parse(output.out, nullptr, false);
        if (facts.is_discarded())
            give_up("ffprobe does not understand what ffmpeg wrote: " + output.err);
        return std::stod(facts["streams"][0]["nb_read_packets"].get<std::string>()) /
               std::stod(facts["format"]["duration"].get<std::string>());
    }

    Size size_;
    Settings settings_;
    std::unique_ptr<DesktopSession> desktop_;
    test::Process pattern_;
    std::string window_;
};

struct Way {
    const char* name;
    std::vector<Cost> costs;

    [[nodiscard]] double median_of(double (*value)(const Cost&)) const {
        std::vector<double> values;
        for (const Cost& cost : costs)
            values.push_back(value(cost));
        return median(std::move(values));
    }

    [[nodiscard]] double total() const {
        return median_of([](const Cost& cost) { return cost.total(); });
    }

    /// In ms: a busy machine makes each of them leave out frames of its own.
    [[nodiscard]] double per_frame() const {
        return median_of(
            [](const Cost& cost) { return 1e3 * cost.total() / 60 / cost.frames_per_second; });
    }
};

void bench_size(Size size, const Settings& settings, Table& table, Table& parts) {
    Stage stage{size, settings};
    std::array<Way, 3> ways{
        {{"Hindsight, direct", {}}, {"ffmpeg x11grab", {}}, {"Hindsight, canvas", {}}}};
    std::map<std::string, double> threads;
    for (int round = 0; round < settings.rounds; ++round) {
        std::fprintf(
            stderr, "%dx%d, round %d of %d\n", size.width, size.height, round + 1, settings.rounds);
        // Each goes first in turn.
        for (int i = 0; i < 3; ++i) {
            const int way = (i + round) % 3;
            ways[way].costs.push_back(
                way == 0   ? stage.record("direct", &threads)
                : way == 1 ? stage.grab_with_ffmpeg()
                           : stage.record("canvas", nullptr));
        }
    }
    const std::string name = std::to_string(size.height) + "p" + std::to_string(size.fps);
    for (const Way& way : ways) {
        table.row(
            {name + " " + way.name,
             number(way.total(), 2),
             number(way.total() / ways[1].total(), 2),
             number(way.per_frame(), 2),
             number(way.median_of([](const Cost& cost) { return cost.x_server; }), 2),
             number(way.median_of([](const Cost& cost) { return cost.frames_per_second; }), 1)});
    }
    double sum = 0;
    for (const auto& [thread, seconds] : threads)
        sum += seconds;
    for (const auto& [thread, seconds] : threads) {
        if (seconds > 0.005 * sum)
            parts.row(
                {name + " " + thread,
                 number(seconds / settings.rounds, 2),
                 number(100 * seconds / sum, 1)});
    }
}

/// No game, the configuration of a fresh installation.
void bench_idle(std::chrono::milliseconds measured) {
    const auto desktop = need(DesktopSession::start({}), "a desktop");
    const auto recorder = need(Recorder::start(*desktop, ""), "Hindsight");
    std::this_thread::sleep_for(kWarmUp);
    Watch watch;
    watch_recorder(watch, *recorder);
    watch.begin();
    std::this_thread::sleep_for(measured);
    Cost cost;
    watch.end(cost, nullptr);
    std::string libobs = "none";
    for (const char* program : {"hindsight-capture", "hindsight-input"}) {
        for (const pid_t pid : recorder->children(program))
            libobs = has_library(pid, "libobs.so") ? program : libobs;
    }
    Table table{{"idle, no game", "share of a core % (<= 0.5)", "process with libobs"}};
    for (const auto& [part, seconds] : cost.by_part)
        table.row({part, number(100 * seconds / 60, 2), ""});
    table.row({"all", number(100 * cost.total() / 60, 2), libobs});
    table.print();
    need(recorder->ctl({"quit"}), "ending");
    static_cast<void>(recorder->service().wait());
}

void measure(const Arguments& arguments) {
    const auto seconds = [&](const char* name, double otherwise) {
        return std::chrono::milliseconds{
            static_cast<std::int64_t>(1'000 * arguments.positive(name, otherwise))};
    };
    const Settings settings{
        .measured = seconds("--seconds", 12),
        .rounds = static_cast<int>(arguments.positive("--rounds", 3)),
        .preset = arguments.text("--preset", "ultrafast"),
        .crf = static_cast<int>(arguments.positive("--crf", 23))};
    std::printf("bench_cost: %s\n", machine().c_str());

    Table table{
        {"recording",
         "CPU s per minute",
         "/ ffmpeg (<= 1.0)",
         "CPU ms per frame",
         "X server, CPU s per minute",
         "frames/s"}};
    Table parts{{"where it goes (direct)", "CPU s per minute", "%"}};
    for (const Size size : kSizes)
        bench_size(size, settings, table, parts);
    table.print();
    std::printf("\n");
    parts.print();
    std::printf("\n");
    bench_idle(seconds("--idle", 20));
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments{
        argc, argv, {"--seconds", "--rounds", "--idle", "--preset", "--crf"}, kHelp};
    return run([&] { measure(arguments); });
}
