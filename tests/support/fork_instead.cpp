// Under ThreadSanitizer children get memory of their own. Qt starts them with clone(CLONE_VM |
// CLONE_VFORK); ThreadSanitizer's hook of clone() then tells the child to ignore all locks from
// here on, as it does after a fork, but in memory that is the parent's, too: from the first child
// on the thread that started it acquires nothing any more, and every hand-over through it looks
// like a race.

#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdarg>

extern "C" int clone(int (*child)(void*), void* /*stack*/, int flags, void* argument, ...) {
    std::va_list more;
    va_start(more, argument);
    int* const pidfd = va_arg(more, int*);
    va_end(more);
    const pid_t pid = ::fork();
    if (pid == 0)
        ::_exit(child(argument));
    if (pid > 0 && (flags & CLONE_PIDFD) != 0)
        *pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    return pid;
}
