#pragma once

// hindsight-pattern on a desktop: the window whose recording can be read back.

#include "desktop_session.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace hindsight::test {

struct PatternSource {
    Process process;
    std::uint32_t window = 0;

    /// Starts it and waits until it is mapped. Errors: NotFound, Timeout.
    static Result<PatternSource> start(DesktopSession& session, int width, int height, int fps) {
        PatternSource source;
        HINDSIGHT_ASSIGN(
            source.process,
            session.spawn_program(
                "hindsight-pattern",
                {"--size",
                 std::to_string(width) + "x" + std::to_string(height),
                 "--fps",
                 std::to_string(fps)}));
        const auto mapped = [&] { return source.process.out().ends_with('\n'); };
        if (!wait_until(mapped))
            return fail(Errc::Timeout, "the pattern does not appear: " + source.process.err());
        const std::string said = source.process.out();
        source.window = static_cast<std::uint32_t>(
            std::strtoul(said.substr(said.find(' ')).c_str(), nullptr, 10));
        return source;
    }
};

}  // namespace hindsight::test
