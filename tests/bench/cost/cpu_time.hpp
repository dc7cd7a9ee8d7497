#pragma once

// What processes have used of the processor, from /proc.

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace hindsight::bench {

/// Seconds of processor time so far: its own and that of children it has waited for; 0 when there
/// is no such process.
[[nodiscard]] double cpu_seconds(pid_t pid);

/// Seconds so far by name of thread; threads of one name are taken together.
[[nodiscard]] std::map<std::string, double> cpu_seconds_by_thread(pid_t pid);

/// Our own children of that program name.
[[nodiscard]] std::vector<pid_t> children_named(const std::string& program);

/// True when the process has that library mapped.
[[nodiscard]] bool has_library(pid_t pid, const std::string& name);

}  // namespace hindsight::bench
