#pragma once

// The way to one of the children, as its users see it: messages can be sent while it is there.

#include <hindsight/core/result.hpp>
#include <hindsight/ipc/messages.hpp>

#include <string>

namespace hindsight::service {

class MessageLink {
public:
    virtual ~MessageLink() = default;

    /// The child runs and its channel is open.
    [[nodiscard]] virtual bool connected() const = 0;

    /// Errors: DeviceLost (not connected), Busy. [control]
    virtual Result<> send_text(const std::string& text) = 0;

    template <class T>
    Result<> send(const T& message) {
        return send_text(ipc::encode(message));
    }
};

}  // namespace hindsight::service
