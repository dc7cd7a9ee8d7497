#pragma once

// FFmpeg has one log for the whole process; this leads it into ours.

#include <hindsight/core/log.hpp>

namespace hindsight {

/// Sends FFmpeg's messages to `log` from now on. Its info is our debug: it talks about every file.
/// [any-thread]
void bridge_av_log(Log log);

}  // namespace hindsight
