#pragma once

// Steps the recording down before footage suffers, and up again when there is room. Pure
// decisions: it is given counters and says which rung of the ladder is to be stood on.

#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::obs {

/// What a rung asks of the machine; the first one is what the user asked for.
struct Rung {
    std::string preset;
    int fps = 60;
    int max_width = 0;
    int max_height = 0;

    bool operator==(const Rung&) const = default;
};

/// From what was asked down to what every machine can do: faster presets where `has_presets`
/// (x264), then half the frame rate, then smaller pictures. Never empty.
[[nodiscard]] std::vector<Rung>
make_ladder(const ipc::StartCapture& request, bool has_presets, int width, int height);

class Governor {
public:
    struct Load {
        MonoTime now = MonoTime::min();
        std::uint64_t frames = 0;  ///< of the grid so far
        std::uint64_t missed = 0;  ///< of them skipped by the encoder or lagged
        double queue = 0;          ///< share of the encoder's queue that is full, 0–1 and more
    };

    explicit Governor(std::size_t rungs) : rungs_{rungs} {}

    /// Begins to count anew, on the rung it stands on: the encoder was restarted.
    void restart(MonoTime now);

    /// Asked a few times a second. Returns the new rung when it has to be changed: at most one step
    /// in two seconds, down after a second of trouble, up after at least 30 s without any; a step
    /// up that did not hold doubles that time, up to ten minutes. [control]
    [[nodiscard]] std::optional<std::size_t> judge(const Load& load);

    [[nodiscard]] std::size_t rung() const { return rung_; }

private:
    [[nodiscard]] bool in_trouble() const;
    std::optional<std::size_t> step_down(MonoTime now);
    std::optional<std::size_t> step_up(MonoTime now);

    std::size_t rungs_;
    std::size_t rung_ = 0;
    std::deque<Load> recent_;  ///< the last second, oldest first
    MonoTime settled_at_ = MonoTime::min();
    MonoTime calm_since_ = MonoTime::min();
    std::optional<MonoTime> stepped_up_at_;
    Duration hold_ = Duration::from_ms(30'000);
};

}  // namespace hindsight::obs
