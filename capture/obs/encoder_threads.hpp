#pragma once

// The threads in which the running encoder works: that of libobs' video output, and those that the
// encoder began itself. Whether they have work for the processor tells an encoder that hangs from
// one that the machine does not let run. [control]

#include <vector>

namespace hindsight::obs {

class EncoderThreads {
public:
    /// Before an encoder is created.
    void before();

    /// When it has been started: what came since then is its.
    void after();

    /// One of them runs, or would run if it were let. A look at this moment.
    [[nodiscard]] bool busy() const;

private:
    std::vector<int> before_;
    std::vector<int> threads_;
};

}  // namespace hindsight::obs
