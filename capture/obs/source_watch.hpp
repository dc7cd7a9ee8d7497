#pragma once

// What to do about a source that shows nothing or whose picture had stopped: pure decisions.
// [control]

#include "trouble_list.hpp"

#include <hindsight/core/time.hpp>

#include <cstdint>

namespace hindsight::obs {

class SourceWatch {
public:
    struct Look {
        MonoTime now = MonoTime::min();
        bool alive = true;           ///< it has a size and a picture
        bool cropped = false;        ///< a part of it lies outside the screen
        std::uint64_t renewals = 0;  ///< times that a stopped picture was brought back
        std::uint64_t frames = 0;    ///< of the grid so far
    };

    /// Asked a few times a second; tells and takes back what concerns the source. True: open the
    /// source anew, which is said three seconds after it went and then less and less often.
    [[nodiscard]] bool judge(const Look& look, TroubleList& troubles);

private:
    void judge_frames(const Look& look, TroubleList& troubles);

    MonoTime gone_since_ = MonoTime::max();
    MonoTime next_try_ = MonoTime::max();
    Duration pause_ = Duration::zero();
    std::uint64_t renewals_ = 0;
    std::uint64_t frames_ = 0;
    MonoTime last_frame_ = MonoTime::max();
};

}  // namespace hindsight::obs
