#pragma once

// hindsight-capture on a desktop of its own, with the pattern window before it and the test in the
// place of hindsightd.

#include "desktop_session.hpp"
#include "pattern/clip_reading.hpp"

#include <hindsight/ipc/messages.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::test {

class CaptureHarness {
public:
    static Result<std::unique_ptr<CaptureHarness>> start(const DesktopOptions& options = {});

    DesktopSession& desktop() { return *desktop_; }

    /// Opens a pattern window. Errors: as DesktopSession.
    Result<std::uint32_t> show_pattern(const std::string& size, int fps);

    /// Starts hindsight-capture (anew).
    Result<> spawn_capture(std::vector<std::string> arguments = {}, const Environment& extra = {});

    Process& capture() { return capture_; }

    /// What hindsight-capture wrote to its log so far.
    [[nodiscard]] std::string capture_log() const;

    Process& pattern() { return pattern_; }

    /// What a test usually asks for, filled in for this desktop.
    [[nodiscard]] ipc::StartCapture request(std::uint32_t window, int fps) const;

    template <class T>
    Result<> send(const T& message) {
        return channel_->send(message);
    }

    /// The next message of type T; others are dropped. Nothing when none comes, or the process
    /// closes its end.
    template <class T>
    std::optional<T> receive(milliseconds deadline = kPatience) {
        const auto message = receive_type(T::kType, deadline);
        if (!message)
            return std::nullopt;
        auto body = message->template as<T>();
        return body ? std::optional<T>{*body} : std::nullopt;
    }

    /// Starts capturing and waits for the answer; says what failed otherwise.
    Result<ipc::CaptureStarted> start_capture(const ipc::StartCapture& request);

    /// Waits until every stream has a packet `seconds` from now.
    bool record(double seconds);

    /// False: no answer.
    bool stop_capture();

    /// Closes the channel, as a service that died does.
    void close_channel() { channel_.reset(); }

    /// The newest status that came by.
    [[nodiscard]] const std::optional<ipc::CaptureStatus>& last_status() const {
        return last_status_;
    }

    [[nodiscard]] std::filesystem::path ring_folder() const;

    /// What the newest epoch in the ring shows.
    Result<ClipReading> read_ring(const MarkLayout& layout = {});

private:
    std::optional<ipc::Message> receive_type(const char* type, milliseconds deadline);

    std::unique_ptr<DesktopSession> desktop_;
    Process pattern_;
    Process capture_;
    std::optional<ipc::Channel> channel_;
    std::optional<ipc::CaptureStatus> last_status_;
    int spawned_ = 0;
};

}  // namespace hindsight::test
