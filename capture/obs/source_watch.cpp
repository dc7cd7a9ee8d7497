#include "source_watch.hpp"

#include <algorithm>

namespace hindsight::obs {

namespace {

constexpr Duration kPatience = Duration::from_ms(3'000);
constexpr Duration kLongestPause = Duration::from_ms(60'000);
/// For how long people are told that something is over.
constexpr Duration kTold = Duration::from_ms(60'000);

}  // namespace

bool SourceWatch::judge(const Look& look, TroubleList& troubles) {
    judge_frames(look, troubles);
    if (look.renewals > renewals_)
        troubles.tell(
            "picture",
            {.severity = "info",
             .text = "The picture of the window had stopped; it was taken hold of anew.",
             .mend = ""},
            look.now + kTold);
    renewals_ = look.renewals;
    if (look.alive && look.cropped)
        troubles.tell(
            "crop",
            {.severity = "info",
             .text = "A part of what is recorded lies outside the screen; the rest is recorded.",
             .mend = "Choose another region with `hindsightctl start`."});
    else
        troubles.clear("crop");
    if (look.alive) {
        gone_since_ = MonoTime::max();
        troubles.clear("source");
        return false;
    }
    if (gone_since_ == MonoTime::max()) {
        gone_since_ = look.now;
        pause_ = kPatience;
        next_try_ = look.now + pause_;
    }
    if (look.now < next_try_)
        return false;
    troubles.tell(
        "source",
        {.severity = "info",
         .text = "What is recorded shows nothing: the window is minimised, without a size or "
                 "closed, or the region lies outside the screen. The recording goes on with its "
                 "last picture.",
         .mend = "Bring it back, or choose something else with `hindsightctl start`."});
    pause_ = std::min(pause_ + pause_, kLongestPause);
    next_try_ = look.now + pause_;
    return true;
}

/// No frame at all for some seconds: whoever is to give the picture does not answer.
void SourceWatch::judge_frames(const Look& look, TroubleList& troubles) {
    if (look.frames != frames_ || last_frame_ == MonoTime::max()) {
        frames_ = look.frames;
        last_frame_ = look.now;
        troubles.clear("display");
    } else if (look.now - last_frame_ > kPatience) {
        troubles.tell(
            "display",
            {.severity = "warning",
             .text = "The display server does not answer; the recording waits for it.",
             .mend = ""});
    }
}

}  // namespace hindsight::obs
