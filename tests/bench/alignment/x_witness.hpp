#pragma once

// A second listener to the X server's raw input, who keeps both times of every press: the server's,
// and when the message reached us.

#include "engine/inputs.hpp"

#include <hindsight/core/time.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace hindsight::input {
class XDisplay;
}

namespace hindsight::bench {

struct SeenPress {
    arena::Action action = arena::Action::Count;
    MonoTime server = MonoTime::min();  ///< of the X server, on our clock
    MonoTime arrival = MonoTime::min();
};

class XWitness {
public:
    /// Listens to the display that this process is in, until stop().
    XWitness();
    ~XWitness();
    XWitness(const XWitness&) = delete;
    XWitness& operator=(const XWitness&) = delete;

    /// All presses, in order. No more come.
    [[nodiscard]] const std::vector<SeenPress>& stop();

private:
    void run();

    std::unique_ptr<input::XDisplay> display_;
    std::atomic<bool> stop_{false};
    std::vector<SeenPress> presses_;
    std::thread thread_;
};

}  // namespace hindsight::bench
