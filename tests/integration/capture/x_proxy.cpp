#include "x_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hindsight::test {

namespace {

constexpr int kFirstNumber = 500;
constexpr int kNumbers = 500;
constexpr int kPollMs = 50;
constexpr std::size_t kBufferBytes = 1 << 16;
constexpr std::size_t kMostDescriptors = 16;
constexpr std::size_t kMessageBytes = 32;  ///< of events, errors and the least of replies
constexpr int kReply = 1;
constexpr int kGenericEvent = 35;
constexpr std::array kWindowEvents{18, 19, 22};  ///< unmapped, mapped, configured

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
}

std::string socket_of(const std::string& display) {
    return "/tmp/.X11-unix/X" + display.substr(1);
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
    std::uint32_t number = 0;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

std::size_t padded(std::size_t size) {
    return (size + 3) / 4 * 4;
}

}  // namespace

/// One client and its connection to the server.
struct XProxy::Link {
    UniqueFd client;
    UniqueFd server;
    bool set_up = false;  ///< the connection setup has been skipped
    std::string pending;  ///< bytes of requests not yet counted
    std::size_t skip = 0;
    bool welcomed = false;  ///< the server's answer to the setup has been passed on
    std::string answers;    ///< bytes of the server's messages that are not whole yet
};

Result<std::unique_ptr<XProxy>> XProxy::start(const std::string& display) {
    std::unique_ptr<XProxy> proxy{new XProxy};
    proxy->server_path_ = socket_of(display);
    proxy->listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    for (int number = kFirstNumber; number < kFirstNumber + kNumbers; ++number) {
        proxy->display_ = ":" + std::to_string(number);
        proxy->socket_path_ = socket_of(proxy->display_);
        const sockaddr_un address = address_of(proxy->socket_path_);
        if (::bind(
                proxy->listener_.get(),
                reinterpret_cast<const sockaddr*>(&address),
                sizeof address) == 0)
            break;
        proxy->socket_path_.clear();
    }
    if (proxy->socket_path_.empty() || ::listen(proxy->listener_.get(), 16) != 0)
        return fail_errno("listening as an X display", errno);
    proxy->thread_ = std::jthread{[&p = *proxy](const std::stop_token& stop) { p.run(stop); }};
    return proxy;
}

XProxy::~XProxy() {
    thread_ = {};
    ::unlink(socket_path_.c_str());
}

void XProxy::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::vector<pollfd> fds{{listener_.get(), POLLIN, 0}};
        for (const auto& link : links_) {
            fds.push_back({link->client.get(), POLLIN, 0});
            fds.push_back({link->server.get(), POLLIN, 0});
        }
        if (::poll(fds.data(), fds.size(), kPollMs) <= 0)
            continue;
        for (std::size_t i = 0; i < links_.size(); ++i)
            if ((fds[1 + 2 * i].revents != 0 && !pass(*links_[i], true)) ||
                (fds[2 + 2 * i].revents != 0 && !pass(*links_[i], false)))
                links_[i].reset();
        std::erase(links_, nullptr);
        if (fds[0].revents != 0) {
            auto link = std::make_unique<Link>();
            link->client.reset(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            link->server.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
            const sockaddr_un address = address_of(server_path_);
            if (::connect(
                    link->server.get(),
                    reinterpret_cast<const sockaddr*>(&address),
                    sizeof address) == 0) {
                links_.push_back(std::move(link));
                ++clients_;
            }
        }
    }
}

/// Moves what is there, with its file descriptors. False: one side is closed.
bool XProxy::pass(Link& link, bool from_client) {
    const int from = from_client ? link.client.get() : link.server.get();
    const int to = from_client ? link.server.get() : link.client.get();
    std::array<char, kBufferBytes> buffer;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control{};
    iovec vector{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(from, &message, MSG_CMSG_CLOEXEC);
    if (size <= 0)
        return false;
    std::string passed{buffer.data(), static_cast<std::size_t>(size)};
    if (from_client)
        count_requests(link, buffer.data(), static_cast<std::size_t>(size));
    else
        passed = filter_answers(link, buffer.data(), static_cast<std::size_t>(size));
    std::vector<UniqueFd> descriptors;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            descriptors.emplace_back(fd);
        }
    }
    if (descriptors.empty())
        message.msg_control = nullptr, message.msg_controllen = 0;
    std::size_t sent = 0;
    while (sent < passed.size()) {
        vector = {passed.data() + sent, passed.size() - sent};
        const ssize_t part = ::sendmsg(to, &message, MSG_NOSIGNAL);
        if (part < 0)
            return false;
        sent += static_cast<std::size_t>(part);
        message.msg_control = nullptr;
        message.msg_controllen = 0;
    }
    return true;
}

/// Walks over the server's byte stream message by message; returns what is to be passed on.
std::string XProxy::filter_answers(Link& link, const char* data, std::size_t size) const {
    link.answers.append(data, size);
    std::string passed;
    for (;;) {
        const std::string& rest = link.answers;
        std::size_t whole = kMessageBytes;
        bool kept = false;
        if (!link.welcomed) {
            if (rest.size() < 8)
                return passed;
            whole = 8 + (number_at(rest, 4) >> 16) * 4;
        } else {
            if (rest.size() < kMessageBytes)
                return passed;
            const int type = rest[0] & 0x7f;
            if (type == kReply || type == kGenericEvent)
                whole += std::size_t{number_at(rest, 4)} * 4;
            kept = keeping_back_ && std::find(kWindowEvents.begin(), kWindowEvents.end(), type) !=
                                        kWindowEvents.end();
        }
        if (rest.size() < whole)
            return passed;
        link.welcomed = true;
        if (!kept)
            passed += rest.substr(0, whole);
        link.answers.erase(0, whole);
    }
}

/// Walks over the client's byte stream request by request (little endian).
void XProxy::count_requests(Link& link, const char* data, std::size_t size) {
    link.pending.append(data, size);
    const auto u16 = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(link.pending[at])) |
               static_cast<std::size_t>(static_cast<unsigned char>(link.pending[at + 1])) << 8;
    };
    for (;;) {
        const std::size_t dropped = std::min(link.skip, link.pending.size());
        link.pending.erase(0, dropped);
        link.skip -= dropped;
        if (link.skip > 0)
            return;
        if (!link.set_up) {
            if (link.pending.size() < 12)
                return;
            link.skip = 12 + padded(u16(6)) + padded(u16(8));
            link.set_up = true;
            continue;
        }
        if (link.pending.size() < 8)
            // The shortest request has 4 bytes, but only NoOperation and its like end a burst so.
            if (link.pending.size() < 4 || u16(2) != 1)
                return;
        ++counts_[static_cast<unsigned char>(link.pending[0])];
        std::size_t words = u16(2);
        if (words == 0)  // BIG-REQUESTS
            words = u16(4) | u16(6) << 16;
        link.skip = words * 4;
    }
}

}  // namespace hindsight::test
