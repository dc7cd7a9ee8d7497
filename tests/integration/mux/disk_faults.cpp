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

bool is_part_file(int fd) {
    char link[64];
    (void)std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    char target[1024];
    const ssize_t size = ::readlink(link, target, sizeof target);
    return size > 0 && std::string_view{target, static_cast<std::size_t>(size)}.ends_with(".part");
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

void fail_call(std::size_t nth, int error) {
    failing = nth;
    failing_error = error;
    counted = 0;
}

std::size_t calls() {
    return counted;
}

}  // namespace hindsight::testing

// Found before libc's by everything that this program links.
extern "C" ssize_t write(int fd, const void* data, size_t size) {
    using namespace hindsight::testing;
    if (is_part_file(fd)) {
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

extern "C" int fsync(int fd) {
    using namespace hindsight::testing;
    if (is_part_file(fd) && next_call() != Fate::Works) {
        errno = failing_error;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, fd));
}
