#pragma once

// The real hindsight-input with the test at the other end of its channel.

#include "desktop_session.hpp"
#include "process.hpp"

#include <hindsight/ipc/messages.hpp>

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::test {

class InputProgram {
public:
    /// `program`: the one that was built, or a copy of it. Errors: Io.
    static Result<std::unique_ptr<InputProgram>> start(
        const Environment& environment,
        const std::filesystem::path& program = DesktopSession::program("hindsight-input"));

    ~InputProgram();
    InputProgram(const InputProgram&) = delete;
    InputProgram& operator=(const InputProgram&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

    template <class T>
    void send(const T& message) {
        static_cast<void>(channel_->send(message));
    }

    /// Everything received so far of one type.
    template <class T>
    [[nodiscard]] std::vector<T> all() {
        receive();
        std::vector<T> found;
        for (const ipc::Message& message : messages_) {
            if (message.is<T>())
                found.push_back(*message.as<T>());
        }
        return found;
    }

    /// Waits until one of that type fulfils `predicate`.
    template <class T>
    [[nodiscard]] std::optional<T>
    wait_for(const std::function<bool(const T&)>& predicate = [](const T&) { return true; }) {
        std::optional<T> found;
        static_cast<void>(wait_until([&] {
            for (const T& message : all<T>()) {
                if (predicate(message)) {
                    found = message;
                    return true;
                }
            }
            return false;
        }));
        return found;
    }

    /// Values of all batches, in order.
    [[nodiscard]] std::vector<ipc::ActionValue> values();

    /// Waits until everything before now has been told (the guard window and a little).
    [[nodiscard]] bool wait_until_told();

    /// Raw text of all messages.
    [[nodiscard]] const std::string& traffic() const { return traffic_; }

    void forget() {
        receive();
        messages_.clear();
    }

    /// Closes the channel and waits. Nothing: it still runs.
    std::optional<int> close();

    [[nodiscard]] bool running() const;

private:
    InputProgram() = default;
    void receive();

    pid_t pid_ = 0;
    std::optional<ipc::Channel> channel_;
    std::vector<ipc::Message> messages_;
    std::string traffic_;
};

}  // namespace hindsight::test
