#pragma once

// FFmpeg's error codes in our terms.

#include <hindsight/core/result.hpp>

#include <string>

namespace hindsight {

/// An error from an AVERROR: those of the operating system keep their category, the rest is
/// Corrupt (invalid data), Cancelled or External. Says "<doing>: <FFmpeg's words>".
[[nodiscard]] tl::unexpected<Error>
fail_av(const std::string& doing, int av_error, SourceLocation where = SourceLocation::current());

}  // namespace hindsight
