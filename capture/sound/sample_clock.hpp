#pragma once

// When is sample n of a stream heard? A sound server answers that now and then. Its answers err on
// one side: samples that wait in a queue of the server make it believe that the next one is heard
// later than it is, by up to a block, and that error comes and goes. So the early answers of the
// last while are believed, and the stream is laid on the time line where they say. When the truth
// moves (clocks of two machines drift apart), the stream is stretched after it sample by sample,
// which nobody hears, and only a real jump is followed by one.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace hindsight::sound {

class SampleClock {
public:
    /// The server says that sample `position` of the stream is heard at `heard`.
    void answer(std::int64_t position, MonoTime heard);

    struct Placement {
        std::int64_t first = 0;    ///< sample of the time line that the block begins at
        std::int64_t stretch = 0;  ///< frames that are to be added (or, negative, left out) at its
                                   ///< end, so that the next block meets it
    };

    /// Where the block of `frames` frames that begins at `position` belongs; nothing before the
    /// first answer. Call for every block, in order.
    [[nodiscard]] std::optional<Placement> block(std::int64_t position, std::int64_t frames);

private:
    [[nodiscard]] std::int64_t believed() const;

    std::vector<std::int64_t> answers_;   ///< time line index of sample 0, by the last answers
    std::optional<std::int64_t> offset_;  ///< the one in use
    bool slewing_ = false;
    int strays_ = 0;  ///< answers in a row that are far from the believed one
};

}  // namespace hindsight::sound
