#pragma once

// The only way out of this process. The list below is closed: what is not on it cannot be sent, and
// nothing on it has room for a key. tests/unit/input/outgoing_test.cpp reads the declarations and
// holds them to that.

#include <hindsight/ipc/messages.hpp>

#include <concepts>
#include <string>

namespace hindsight::input {

template <class T, class... Ts>
concept OneOf = (std::same_as<T, Ts> || ...);

template <class T>
concept Outgoing = OneOf<
    T,
    ipc::FocusChanged,
    ipc::WindowClosed,
    ipc::HotkeyPressed,
    ipc::HotkeyReleased,
    ipc::HotkeyState,
    ipc::ActionBatch,
    ipc::HeldState,
    ipc::ModeChanged,
    ipc::InputUpTo,
    ipc::WindowList,
    ipc::ControllerState,
    ipc::InputHealth>;

/// Takes encoded messages; implementations: the channel to hindsightd, and a list in tests.
class Outbox {
public:
    virtual ~Outbox() = default;

    template <Outgoing T>
    void send(const T& message) {
        send_text(ipc::encode(message));
    }

protected:
    virtual void send_text(std::string text) = 0;
};

}  // namespace hindsight::input
