#include "governor.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hindsight::obs {

namespace {

/// After a start nothing is judged for so long: encoders need some frames to find their pace.
constexpr Duration kSettle = Duration::from_ms(2'000);
constexpr Duration kStep = Duration::from_ms(200);
constexpr Duration kWindow = Duration::from_ms(1'000);
/// A share of missed frames in the window that is trouble, and one that is none.
constexpr double kTroubleShare = 0.05;
/// The queue of the encoder counts as filling when it never was emptier than this in the window.
constexpr double kFullQueue = 0.6;
constexpr double kEasyQueue = 0.3;
constexpr Duration kFirstHold = Duration::from_ms(30'000);
constexpr Duration kLongestHold = Duration::from_ms(600'000);
/// A step up that needs to be taken back within this was too early.
constexpr Duration kRelapse = Duration::from_ms(60'000);

/// From slow to fast; only these two are worth the restart.
constexpr std::array<std::string_view, 2> kFasterPresets{"superfast", "ultrafast"};
constexpr int kSmoothFps = 48;
constexpr int kSmallestHeight = 360;

bool is_faster(std::string_view candidate, std::string_view asked) {
    if (asked == "ultrafast")
        return false;
    return asked != "superfast" || candidate == "ultrafast";
}

}  // namespace

std::vector<Rung>
make_ladder(const ipc::StartCapture& request, bool has_presets, int width, int height) {
    Rung rung{
        .preset = request.preset,
        .fps = request.fps,
        .max_width = request.max_width,
        .max_height = request.max_height};
    std::vector<Rung> ladder{rung};
    for (const std::string_view preset : kFasterPresets) {
        if (!has_presets || !is_faster(preset, request.preset))
            continue;
        rung.preset = preset;
        ladder.push_back(rung);
    }
    while (rung.fps >= kSmoothFps) {
        rung.fps /= 2;
        ladder.push_back(rung);
    }
    // Two thirds and half of the picture's sides.
    for (const auto& [part, whole] : {std::pair{2, 3}, std::pair{1, 2}}) {
        if (height * part / whole < kSmallestHeight)
            break;
        rung.max_width = width * part / whole;
        rung.max_height = height * part / whole;
        ladder.push_back(rung);
    }
    return ladder;
}

void Governor::restart(MonoTime now) {
    recent_.clear();
    settled_at_ = now + kSettle;
    calm_since_ = settled_at_;
}

std::optional<std::size_t> Governor::judge(const Load& load) {
    if (load.now < settled_at_)
        return std::nullopt;
    if (!recent_.empty() && load.now - recent_.back().now < kStep)
        return std::nullopt;
    recent_.push_back(load);
    while (recent_.size() > 2 && load.now - recent_[1].now >= kWindow)
        recent_.pop_front();
    const bool calm = recent_.front().missed == load.missed && load.queue <= kEasyQueue;
    if (!calm)
        calm_since_ = load.now;
    if (load.now - recent_.front().now < kWindow)
        return std::nullopt;
    if (in_trouble())
        return step_down(load.now);
    if (load.now - calm_since_ >= hold_)
        return step_up(load.now);
    return std::nullopt;
}

bool Governor::in_trouble() const {
    const Load& first = recent_.front();
    const Load& last = recent_.back();
    const auto frames = static_cast<double>(last.frames - first.frames);
    const auto missed = static_cast<double>(last.missed - first.missed);
    if (missed > frames * kTroubleShare)
        return true;
    return std::all_of(
        recent_.begin(), recent_.end(), [](const Load& load) { return load.queue >= kFullQueue; });
}

std::optional<std::size_t> Governor::step_down(MonoTime now) {
    if (rung_ + 1 >= rungs_)
        return std::nullopt;
    if (stepped_up_at_ && now - *stepped_up_at_ < kRelapse)
        hold_ = std::min(hold_ + hold_, kLongestHold);
    stepped_up_at_.reset();
    restart(now);
    return ++rung_;
}

std::optional<std::size_t> Governor::step_up(MonoTime now) {
    if (rung_ == 0) {
        // All is well for long enough: what was learned is forgotten.
        hold_ = kFirstHold;
        return std::nullopt;
    }
    stepped_up_at_ = now;
    restart(now);
    return --rung_;
}

}  // namespace hindsight::obs
