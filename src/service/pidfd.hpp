#pragma once

// Process descriptors by system call: glibc 2.36's header for them lacks C linkage.

#include <hindsight/core/handle.hpp>

#include <sys/syscall.h>
#include <unistd.h>

namespace hindsight::service {

/// Readable when the process has ended; empty when there is none or the kernel knows no such thing.
[[nodiscard]] inline UniqueFd open_pidfd(int pid) {
    return UniqueFd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

inline void send_signal(const UniqueFd& process, int number) {
    (void)::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
}

}  // namespace hindsight::service
