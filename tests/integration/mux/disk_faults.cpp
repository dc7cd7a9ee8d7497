#include "disk_faults.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string_view>

namespace hindsight::testing {

namespace {

std::atomic<std::size_t> counted{0};
std::atomic<std::size_t> failing{0};
std::atomic<int> failing_error{0};

std::atomic<const char*> faulty_ending{".part"};
std::atomic<bool> reads_count{false};

bool is_faulty(int fd) {
    char link[64];
    (void)std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    char target[1024];
    const ssize_t size = ::readlink(link, target, sizeof target);
    return size > 0 &&
           std::string_view{target, static_cast<std::size_t>(size)}.ends_with(faulty_ending.load());
}

enum class Fate { Works, FailsHalfway, Fails };

Fate next_call() {
    const std::size_t number = ++counted;
    const std::size_t bad = failing;
    if (bad == 0 || number < bad)
        return Fate::Works;
    return number == bad ? Fate::FailsHalfway : Fate::Fails;
}

}  // namespace

void fail_call(std::size_t nth, int error, const char* ending) {
    faulty_ending = ending;
    reads_count = false;
    failing = nth;
    failing_error = error;
    counted = 0;
}

void fail_reads_too() {
    reads_count = true;
}

std::size_t calls() {
    return counted;
}

}  // namespace hindsight::testing

// Found before libc's by everything that this program links.
extern "C" ssize_t write(int fd, const void* data, size_t size) {
    using namespace hindsight::testing;
    if (is_faulty(fd)) {
        switch (next_call()) {
        case Fate::Works:
            break;
        case Fate::FailsHalfway:
            if (size < 2)
                break;
            return ::syscall(SYS_write, fd, data, size / 2);
        case Fate::Fails:
            errno = failing_error;
            return -1;
        }
    }
    return ::syscall(SYS_write, fd, data, size);
}

namespace {

/// All or nothing.
long whole(int fd, long (*call)(int fd, long argument), long argument) {
    using namespace hindsight::testing;
    if (is_faulty(fd) && next_call() != Fate::Works) {
        errno = failing_error;
        return -1;
    }
    return call(fd, argument);
}

}  // namespace

extern "C" int fsync(int fd) {
    return static_cast<int>(whole(
        fd, [](int f, long) { return ::syscall(SYS_fsync, f); }, 0));
}

extern "C" int fdatasync(int fd) {
    return static_cast<int>(whole(
        fd, [](int f, long) { return ::syscall(SYS_fdatasync, f); }, 0));
}

extern "C" int ftruncate(int fd, off_t size) noexcept {
    return static_cast<int>(whole(
        fd, [](int f, long bytes) { return ::syscall(SYS_ftruncate, f, bytes); }, size));
}

extern "C" ssize_t read(int fd, void* data, size_t size) {
    using namespace hindsight::testing;
    if (is_faulty(fd) && reads_count && next_call() != Fate::Works) {
        errno = failing_error;
        return -1;
    }
    return ::syscall(SYS_read, fd, data, size);
}
