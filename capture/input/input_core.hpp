#pragma once

// Everything hindsight-input decides, without X11, SDL or a clock of its own: events in, messages
// out. Keys exist here as function arguments only.

#include "action_mapper.hpp"
#include "guard_queue.hpp"
#include "outbox.hpp"
#include "text_guard.hpp"

#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>

#include <span>
#include <string>
#include <vector>

namespace hindsight::input {

/// Invariants: 1. nothing leaves before the guard window has passed; 2. no time leaves that is not
/// one of the frame grid (InputUpTo included), and actions have that of the frame that shows them;
/// 3. without focus every event is dropped at once;
/// 4. what a text drops never leaves, and what it left held is released; 5. times never go back.
/// Times given must not be in the future of the next tick(). One thread; `outbox` outlives this.
class InputCore {
public:
    static constexpr Duration kGuardWindow = Duration::from_ms(2'000);
    static constexpr Duration kStatePeriod = Duration::from_ms(500);
    static constexpr Duration kTextRounding = Duration::from_ms(250);
    static constexpr Duration kTellEvery = Duration::from_ms(80);
    static constexpr std::size_t kMaxBatch = 500;

    explicit InputCore(Outbox& outbox);

    /// Another one, and nothing of the last may leave any more; or the same one with other
    /// controls, and what is held back, a text and a menu go on.
    void set_profile(const ipc::SetProfile& profile, MonoTime now);

    void set_grid(const FrameGrid& grid) { grid_ = grid; }

    /// The recorded window got the focus; `held` are the keys and buttons that are down.
    void focus_gained(MonoTime t, std::span<const Control> held);
    void focus_lost(MonoTime t);

    /// After an interruption of the stream (a device came or went).
    void resync(MonoTime t, std::span<const Control> held);

    [[nodiscard]] bool focused() const { return focused_; }

    [[nodiscard]] bool idle() const { return !focused_ && queue_.empty(); }

    void key(Control control, bool down, MonoTime t);
    void button(Control control, bool down, MonoTime t);
    void wheel(Control control, MonoTime t);
    void motion(float dx, float dy, MonoTime t);
    void trigger(Control control, float value, MonoTime t);
    void stick(Control control, float x, float y, MonoTime t);

    /// Sends what is due; call about ten times a second while there is anything to send.
    void tick(MonoTime now);

private:
    [[nodiscard]] MonoTime frame_of(MonoTime t) const;
    [[nodiscard]] MonoTime picture_of(MonoTime t) const;
    [[nodiscard]] MonoTime rounded_frame(MonoTime t) const;

    [[nodiscard]] Mode play_mode() const { return menu_ ? Mode::Menu : Mode::Gameplay; }

    void keep(MonoTime frame);
    void begin_text(MonoTime t);
    void end_text(MonoTime t);
    void finish_text(MonoTime now);
    void drop_and_release(MonoTime t);

    void emit_until(MonoTime limit);
    void emit_front(ipc::ActionBatch& batch);
    void emit_state();
    void flush(ipc::ActionBatch& batch);

    Outbox& outbox_;
    FrameGrid grid_;
    double latency_frames_ = 0;
    Duration latency_time_ = Duration::zero();
    ActionMapper mapper_;
    TextGuard text_;
    GuardQueue queue_;
    ActionMapper::Out mapped_;  ///< scratch of keep()
    std::string profile_;       ///< its id
    std::vector<Control> menu_controls_;
    std::vector<std::uint16_t> digital_;
    bool focused_ = false;
    bool menu_ = false;
    bool suspended_ = false;                ///< from the begin of a text to its rounded end
    MonoTime text_ends_ = MonoTime::max();  ///< rounded end, max while the text goes on

    // What has been told.
    MonoTime up_to_ = MonoTime::min();
    MonoTime next_state_ = MonoTime::max();
    std::vector<std::uint16_t> told_held_;  ///< sorted
    Mode told_mode_ = Mode::Unfocused;
};

}  // namespace hindsight::input
