#pragma once

// Whether somebody who is to speak regularly has fallen silent. Only time in which the watch itself
// was asked regularly counts: a service that stood still (a stopped process, a machine that swaps)
// has not heard what was said meanwhile, and makes nobody look dead.

#include <hindsight/core/time.hpp>

namespace hindsight::service {

/// [control]
class StaleWatch {
public:
    /// The next word is due within `limit`, counted from the next tick().
    void expect_within(Duration limit) {
        limit_ = limit;
        silent_ = Duration::zero();
    }

    /// Call about once a second. True: it is overdue. The count then begins anew.
    [[nodiscard]] bool tick(MonoTime now);

private:
    Duration limit_ = Duration::zero();
    Duration silent_ = Duration::zero();
    MonoTime last_tick_ = MonoTime::max();
};

}  // namespace hindsight::service
