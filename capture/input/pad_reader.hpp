#pragma once

// Controllers through SDL2, on a thread of their own. SDL finds new controllers only while it is
// polled, so it is not even initialised while there is none: the thread then sleeps on a watch of
// /dev/input and tries SDL when a device appears. While controllers are connected they are polled
// every 4 ms when a game has the focus and every 100 ms otherwise, for shortcuts and to notice that
// one is unplugged.

#include <hindsight/core/log.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/hotkey/control_names.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hindsight::input {

using hotkey::Control;

struct PadEvent {
    enum class Kind : std::uint8_t { Button, Trigger, Stick, Count };

    Kind kind = Kind::Button;
    Control control = 0;
    bool down = false;
    float x = 0;  ///< trigger 0–1, stick −1–1; Count: connected controllers
    float y = 0;  ///< grows downwards
    MonoTime t = MonoTime::from_ns(0);
};

/// Starts in the constructor, ends in the destructor (within one poll).
class PadReader {
public:
    /// `clock` outlives this.
    PadReader(const Clock& clock, Log log);
    ~PadReader();
    PadReader(const PadReader&) = delete;
    PadReader& operator=(const PadReader&) = delete;

    /// Readable when take() has something. [any-thread]
    [[nodiscard]] int fd() const { return ready_fd_; }

    /// What came since the last call, in order. [any-thread]
    [[nodiscard]] std::vector<PadEvent> take();

    /// A game has the focus: poll often, and tell where everything stands. [any-thread]
    void set_active(bool active);

    /// False when SDL's controller part cannot run here at all. [any-thread]
    [[nodiscard]] bool works() const { return works_.load(std::memory_order_relaxed); }

private:
    class Pads;

    void run(const std::stop_token& stop);
    void poll_while_connected(const std::stop_token& stop);
    void sleep_until_device(const std::stop_token& stop, int watch_fd);
    bool wait(int milliseconds, int watch_fd);
    void post(const PadEvent& event);
    void wake() const;

    const Clock& clock_;
    Log log_;
    int ready_fd_ = -1;
    int wake_fd_ = -1;
    std::atomic<bool> active_{false};  // relaxed: a hint for the pace, read every round
    std::atomic<bool> resend_{false};  // relaxed: acted on in the next round, which wake() brings
    std::atomic<bool> works_{true};    // relaxed: for the health report only
    std::mutex mutex_;
    std::vector<PadEvent> events_;  // guarded by mutex_
    std::jthread thread_;           // last: uses everything above
};

}  // namespace hindsight::input
