#pragma once

// An X display that passes everything on to another one and counts what clients ask for, as the
// server sees it: nothing in the client can hide from it. It can also keep events back.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hindsight::test {

class XProxy {
public:
    /// In front of `display` (":7"). Errors: Io.
    static Result<std::unique_ptr<XProxy>> start(const std::string& display);

    ~XProxy();
    XProxy(const XProxy&) = delete;
    XProxy& operator=(const XProxy&) = delete;

    [[nodiscard]] const std::string& display() const { return display_; }

    /// Requests with that major opcode so far, of all clients together.
    [[nodiscard]] std::uint64_t count(std::uint8_t opcode) const { return counts_.at(opcode); }

    [[nodiscard]] std::uint64_t clients() const { return clients_; }

    /// From now on no client hears of windows that are mapped, unmapped or changed in size.
    void keep_window_events_back() { keeping_back_ = true; }

private:
    struct Link;

    XProxy() = default;
    void run(const std::stop_token& stop);
    bool pass(Link& link, bool from_client);
    void count_requests(Link& link, const char* data, std::size_t size);
    [[nodiscard]] std::string filter_answers(Link& link, const char* data, std::size_t size) const;

    std::string display_;
    std::string socket_path_;
    std::string server_path_;
    UniqueFd listener_;
    std::vector<std::unique_ptr<Link>> links_;
    std::array<std::atomic<std::uint64_t>, 256> counts_{};
    std::atomic<std::uint64_t> clients_{0};
    std::atomic<bool> keeping_back_{false};
    std::jthread thread_;
};

}  // namespace hindsight::test
