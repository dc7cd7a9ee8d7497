// bench_alignment: on which frame of a clip an action lies, beside the frame that shows it.
// docs/benchmarks.md says what each column means.

#include "recorded_play.hpp"
#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <numeric>

namespace {

using namespace hindsight;
using namespace hindsight::bench;

constexpr const char* kHelp =
    "bench_alignment [--only binding|latency] [--seconds N] [--phase N]\n"
    "                [--picture direct|canvas] [--fps 60,30]\n"
    "binding: lets the arena's bot play for --seconds (30) with each --fps, recorded directly and\n"
    "over the canvas, and compares the frames that actions were put on with those that show them.\n"
    "latency: measures the arena's latency from the motion of the pictures, with each of "
    "--delays.\n"
    "--phase (500) is when in a frame the arena looks at its input\n";

/// An onset further away than this from all that the engine was given is none of them.
constexpr std::int64_t kReach = 6;
/// Both ends of a clip are not looked at: half of an action may lie outside.
constexpr std::int64_t kMarginS = 1;

constexpr int kLongestDelay = 3;  ///< of the arena, frames, when its latency is measured

/// Frames of the clip, by action.
using Onsets = std::map<arena::Action, std::vector<std::int64_t>>;

struct Verdict {
    std::vector<double> errors;  ///< frames, positive: later than the picture
    std::size_t lost = 0;        ///< of the engine's, that nothing was put on
    std::size_t invented = 0;
};

/// What the engine was given, each on the first picture of the clip that can show it.
Onsets true_onsets(const RecordedPlay& play) {
    std::map<std::uint32_t, std::int64_t> first_shown;
    for (std::size_t i = 0; i < play.frames.size(); ++i)
        if (const auto& mark = play.frames[i].mark)
            first_shown.emplace(mark->frame, static_cast<std::int64_t>(i));
    Onsets onsets;
    for (const arena::LoggedFrame& frame : play.engine.frames) {
        const auto shown = first_shown.lower_bound(static_cast<std::uint32_t>(frame.frame));
        if (shown == first_shown.end())
            break;
        if (frame.frame < first_shown.begin()->first)
            continue;
        for (std::size_t a = 0; a < arena::kActionNames.size(); ++a) {
            const auto action = static_cast<arena::Action>(a);
            if ((frame.inputs.down & bit(action)) != 0)
                onsets[action].push_back(shown->second);
        }
    }
    return onsets;
}

/// Each once: two presses within a frame are one to the engine.
void tidy(Onsets& onsets) {
    for (auto& [action, frames] : onsets) {
        std::sort(frames.begin(), frames.end());
        frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    }
}

/// Number in the clip of the frame at that time.
std::size_t frame_at(const RecordedPlay& play, Duration t) {
    const auto frame = std::lower_bound(
        play.frames.begin(), play.frames.end(), t, [](const ShownFrame& f, Duration wanted) {
            return f.t + Duration::from_ms(1) < wanted;
        });
    return static_cast<std::size_t>(frame - play.frames.begin());
}

Onsets sidecar_onsets(const RecordedPlay& play) {
    Onsets onsets;
    for (const actions::Onset& onset : actions::onsets(play.sidecar)) {
        const std::string& name = play.sidecar.actions.at(onset.action).name;
        const auto* const known =
            std::find(arena::kActionNames.begin(), arena::kActionNames.end(), name);
        if (known == arena::kActionNames.end())
            continue;
        onsets[static_cast<arena::Action>(known - arena::kActionNames.begin())].push_back(
            static_cast<std::int64_t>(frame_at(play, onset.t)));
    }
    tidy(onsets);
    return onsets;
}

/// By a time of the press: the first frame at or after it and the latency.
Onsets seen_onsets(
    const RecordedPlay& play,
    Duration latency,
    const std::function<MonoTime(const SeenPress&)>& time_of) {
    Onsets onsets;
    for (const SeenPress& press : play.seen) {
        const MonoTime t = time_of(press) + latency;
        if (t < play.frames.front().captured)
            continue;
        const auto frame = std::lower_bound(
            play.frames.begin(), play.frames.end(), t, [](const ShownFrame& f, MonoTime at) {
                return f.captured < at;
            });
        onsets[press.action].push_back(frame - play.frames.begin());
    }
    tidy(onsets);
    return onsets;
}

Verdict compare(const Onsets& found, const Onsets& truth, std::int64_t first, std::int64_t last) {
    Verdict verdict;
    const auto inside = [&](std::int64_t frame) { return frame >= first && frame < last; };
    for (std::size_t a = 0; a < arena::kActionNames.size(); ++a) {
        const auto action = static_cast<arena::Action>(a);
        const auto list_of = [&](const Onsets& all) {
            const auto list = all.find(action);
            return list == all.end() ? std::vector<std::int64_t>{} : list->second;
        };
        std::vector<std::int64_t> free = list_of(found);
        for (const std::int64_t shown : list_of(truth)) {
            const auto nearest =
                std::min_element(free.begin(), free.end(), [&](std::int64_t l, std::int64_t r) {
                    return std::abs(l - shown) < std::abs(r - shown);
                });
            const bool matched = nearest != free.end() && std::abs(*nearest - shown) <= kReach;
            if (inside(shown) && matched)
                verdict.errors.push_back(static_cast<double>(*nearest - shown));
            else if (inside(shown))
                ++verdict.lost;
            if (matched)
                free.erase(nearest);
        }
        verdict.invented +=
            static_cast<std::size_t>(std::count_if(free.begin(), free.end(), inside));
    }
    return verdict;
}

void add_row(Table& table, const std::string& what, const Verdict& verdict, int fps) {
    if (verdict.errors.empty())
        give_up(what + ": no action could be compared");
    const double ms = 1000.0 / fps;
    const auto count = static_cast<double>(verdict.errors.size());
    const double bias = std::accumulate(verdict.errors.begin(), verdict.errors.end(), 0.0) / count;
    double variance = 0;
    std::vector<double> distances;
    for (const double error : verdict.errors) {
        variance += (error - bias) * (error - bias) / count;
        distances.push_back(std::abs(error) * ms);
    }
    const auto right =
        static_cast<double>(std::count(verdict.errors.begin(), verdict.errors.end(), 0.0));
    const auto all = static_cast<double>(verdict.errors.size() + verdict.lost + verdict.invented);
    table.row(
        {what,
         number(all, 0),
         number(100 * right / all, 1),
         number(bias * ms, 2),
         number(std::sqrt(variance) * ms, 2),
         number(percentile(distances, 0.95), 1),
         std::to_string(verdict.lost),
         std::to_string(verdict.invented)});
}

void measure(const PlayOptions& options, Table& table) {
    const RecordedPlay play = record_play(options);
    const Onsets truth = true_onsets(play);
    const auto margin = kMarginS * options.fps;
    const auto last = static_cast<std::int64_t>(play.frames.size()) - margin;
    const auto row = [&](const std::string& what, const Onsets& found) {
        add_row(
            table,
            options.picture + " " + std::to_string(options.fps) + ": " + what,
            compare(found, truth, margin, last),
            options.fps);
    };
    const Duration latency =
        Duration::from_seconds(options.told_latency_frames / static_cast<double>(options.fps));
    const auto server = [](const SeenPress& press) { return press.server; };
    const auto arrival = [](const SeenPress& press) { return press.arrival; };
    row("Hindsight", sidecar_onsets(play));
    row("server's time", seen_onsets(play, latency, server));
    row("arrival", seen_onsets(play, latency, arrival));
    row("server's time, latency not known", seen_onsets(play, Duration::zero(), server));
    row("arrival, latency not known", seen_onsets(play, Duration::zero(), arrival));
}

/// Sideways counts by frame of the clip.
std::vector<float> look_of(const RecordedPlay& play) {
    std::vector<float> look(play.frames.size());
    for (const actions::LogRecord& record : play.sidecar.records) {
        if (record.kind != actions::ActionRecord::Kind::Value ||
            play.sidecar.actions.at(record.action).type != actions::ActionType::Look)
            continue;
        const std::size_t frame = frame_at(play, record.t);
        if (frame < look.size())
            look[frame] += record.x;
    }
    return look;
}

/// The latency that the pictures tell, beside that which the arena has.
void estimate(PlayOptions options, int delay, Table& table) {
    options.delay = delay;
    const RecordedPlay play = record_play(options);
    std::vector<std::optional<float>> motion;
    for (const ShownFrame& frame : play.frames)
        motion.push_back(frame.motion);
    const auto latency = actions::measure_latency(motion, look_of(play));
    if (!latency)
        give_up("the latency could not be measured");
    const double truth = delay + (1000 - options.phase) / 1000.0;
    table.row(
        {std::to_string(delay),
         number(truth, 2),
         number(latency->frames, 2),
         number(latency->frames - truth, 2),
         number(latency->residual, 2),
         number(latency->explained, 2)});
}

void compare_bindings(const Arguments& arguments, PlayOptions options) {
    options.told_latency_frames = (1000 - options.phase) / 1000.0;
    const std::string picture = arguments.text("--picture", "");
    Table table{
        {"picture and rate",
         "actions",
         "% right",
         "bias ms",
         "sd ms",
         "p95 ms",
         "lost",
         "invented"}};
    for (const char* way : {"direct", "canvas"}) {
        if (!picture.empty() && picture != way)
            continue;
        for (const double fps : arguments.list("--fps", {60, 30})) {
            options.picture = way;
            options.fps = static_cast<int>(fps);
            measure(options, table);
        }
    }
    table.print();
}

void estimate_latencies(const PlayOptions& options) {
    Table table{{"delay", "latency", "from motion", "error", "residual", "explained"}};
    for (int delay = 0; delay <= kLongestDelay; ++delay)
        estimate(options, delay, table);
    table.print();
}

void benchmark(const Arguments& arguments) {
    PlayOptions options;
    options.seconds = static_cast<int>(arguments.positive("--seconds", 30));
    options.phase = static_cast<int>(arguments.positive("--phase", 500));
    const std::string only = arguments.text("--only", "");
    std::printf("%s\n", machine().c_str());
    if (only != "latency")
        compare_bindings(arguments, options);
    if (only != "binding")
        estimate_latencies(options);
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments{
        argc, argv, {"--only", "--seconds", "--phase", "--picture", "--fps"}, kHelp};
    return run([&] { benchmark(arguments); });
}
