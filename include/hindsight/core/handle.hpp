#pragma once

// Owning pointers for objects of C libraries: `UniqueHandle<sqlite3_stmt, sqlite3_finalize>`.

#include <unistd.h>

#include <memory>
#include <utility>

namespace hindsight {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};

/// For libraries that free through a pointer to the pointer (FFmpeg).
template <auto Free>
struct FreeByRef {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(&p);
    }
};

template <class T, auto Free>
using UniqueHandle = std::unique_ptr<T, FreeWith<Free>>;
template <class T, auto Free>
using UniqueHandleByRef = std::unique_ptr<T, FreeByRef<Free>>;

/// A file descriptor that closes itself; -1 is "none".
class UniqueFd {
public:
    UniqueFd() = default;

    explicit UniqueFd(int fd) : fd_{fd} {}

    UniqueFd(UniqueFd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

    UniqueFd& operator=(UniqueFd&& other) noexcept {
        if (this != &other)
            reset(std::exchange(other.fd_, -1));
        return *this;
    }

    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;

    ~UniqueFd() { reset(); }

    [[nodiscard]] int get() const { return fd_; }

    [[nodiscard]] int release() { return std::exchange(fd_, -1); }

    explicit operator bool() const { return fd_ >= 0; }

    void reset(int fd = -1) {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = fd;
    }

private:
    int fd_ = -1;
};

}  // namespace hindsight
