#pragma once

// Which stretch of time a save means. Fixed once, at the press.

#include <hindsight/core/time.hpp>

#include <optional>

namespace hindsight::service {

/// What the ring holds and what is going on, at the press.
struct Footage {
    bool capturing = false;
    bool starting = false;              ///< packets will come (again), none come now
    MonoTime oldest = MonoTime::max();  ///< max: empty
    MonoTime newest = MonoTime::min();
    MonoTime not_before = MonoTime::min();  ///< start of what is recorded now (another game's
                                            ///< footage is not reached by "the last 30 s")
    MonoTime last_saved = MonoTime::min();  ///< end of the newest save

    [[nodiscard]] bool empty() const {
        return newest == MonoTime::min() && !capturing && !starting;
    }
};

struct SaveWindow {
    MonoTime from = MonoTime::from_ns(0);
    MonoTime to = MonoTime::from_ns(0);
};

/// `[press − last, press + delay]`. When nothing is being captured the window ends with the newest
/// footage; while capture starts, it reaches back to that where it would hold nothing otherwise.
/// `new_only` moves the start to the end of the last save. Empty: there is nothing in it.
[[nodiscard]] std::optional<SaveWindow>
save_window(MonoTime press, Duration last, Duration delay, bool new_only, const Footage& footage);

}  // namespace hindsight::service
