#include <hindsight/ipc/messages.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace hindsight::ipc {

namespace {

constexpr std::size_t kMaxDatagram = 128u << 10;

}  // namespace

Result<Message> decode(std::string_view datagram) {
    Json body = Json::parse(datagram, nullptr, /*allow_exceptions=*/false);
    if (!body.is_object() || !body.contains("type") || !body["type"].is_string())
        return fail(Errc::Corrupt, "a message is not a JSON object with a type");
    Message message;
    message.type = body["type"].get<std::string>();
    message.body = std::move(body);
    return message;
}

Channel::Channel(int fd) : fd_{fd} {}

Channel::~Channel() {
    if (fd_ >= 0)
        ::close(fd_);
}

Channel::Channel(Channel&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

Channel& Channel::operator=(Channel&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

int Channel::fd() const {
    return fd_;
}

Result<> Channel::send_text(const std::string& text) {
    HINDSIGHT_CHECK(text.size() <= kMaxDatagram);
    ssize_t sent = 0;
    do
        sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return {};
    if (errno == EAGAIN || errno == ENOBUFS)
        return fail(Errc::Busy, "the other process does not read its messages", errno);
    return fail(Errc::DeviceLost, "the other process is gone", errno);
}

Channel::ReceiveStatus Channel::receive(Message& message) {
    std::array<char, kMaxDatagram> buffer;
    for (;;) {
        const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && (errno == EAGAIN))
            return ReceiveStatus::Empty;
        if (size <= 0)
            return ReceiveStatus::Closed;
        auto decoded = decode({buffer.data(), static_cast<std::size_t>(size)});
        if (!decoded)
            continue;
        message = *std::move(decoded);
        return ReceiveStatus::Message;
    }
}

Result<ChannelPair> make_channel_pair() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds.data()) != 0)
        return fail_errno("cannot make a socketpair", errno);
    return ChannelPair{Channel{fds[0]}, fds[1]};
}

}  // namespace hindsight::ipc
