#pragma once

// Controls → actions. The only place that knows what is bound; a control that is not leaves no
// trace here: nothing is stored, counted or returned for it.

#include <hindsight/hotkey/control_names.hpp>
#include <hindsight/ipc/messages.hpp>

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

namespace hindsight::input {

using hotkey::Control;

/// What an event meant; how it joins others of its frame depends on the kind.
struct Mapped {
    enum class Kind : std::uint8_t {
        Edge,  ///< every one counts, in order
        Axis,  ///< the last one of a frame counts
        Look,  ///< summed per frame
    };

    Kind kind = Kind::Edge;
    std::uint16_t action = 0;
    float x = 0;
    float y = 0;

    bool operator==(const Mapped&) const = default;
};

/// Invariants: 1. an edge is told when the first control of an action goes down and when the last
/// one goes up; 2. repeats and duplicates tell nothing; 3. while suspended nothing is told, and
/// resume() tells what is held then. One thread; appends to `out`.
class ActionMapper {
public:
    using Out = std::vector<Mapped>;

    /// Bindings to controls that do not exist are left out. Everything is released before.
    void set_profile(const ipc::SetProfile& profile);

    [[nodiscard]] bool bound(Control control) const;

    void press(Control control, bool down, Out& out);
    void wheel(Control control, Out& out);
    void motion(float dx, float dy, Out& out);
    void trigger(Control control, float value, Out& out);     ///< 0–1
    void stick(Control control, float x, float y, Out& out);  ///< −1–1, y grows downwards

    /// Brings what is held among keys and mouse buttons in line with `held`.
    void sync(std::span<const Control> held, Out& out);

    void suspend();
    void resume(Out& out);

    /// Everything up, told as releases.
    void release_all(Out& out);

private:
    struct Bound {
        std::uint16_t action = 0;
        float value = 1;
        float dead_zone = 0;
        enum class Use : std::uint8_t { Digital, Pulse, Analog } use = Use::Digital;
    };

    struct ActionState {
        int held = 0;
        float x = 0;
        float y = 0;
    };

    [[nodiscard]] bool valid(Control control) const { return control < hotkey::controls::kEnd; }

    void apply(Control control, bool down, Out& out);
    void set_axis(std::uint16_t action, float x, float y, Out& out);
    void clear_states();

    std::array<std::vector<Bound>, hotkey::controls::kEnd> bound_;
    std::bitset<hotkey::controls::kEnd> down_;  ///< bound controls only
    std::vector<ActionState> states_;           ///< by action id
    bool suspended_ = false;
};

}  // namespace hindsight::input
