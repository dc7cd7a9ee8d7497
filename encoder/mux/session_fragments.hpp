#pragma once

// The fragments of a session file as bytes: where they lie, and whether the picture that one begins
// with can be decoded. For files whose end nobody has noted, and for those that are kept as they
// are.

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <vector>

namespace hindsight::mux {

struct Fragments {
    std::uint64_t head = 0;           ///< bytes before the first one
    std::vector<std::uint64_t> ends;  ///< of those that are complete, in order

    [[nodiscard]] std::uint64_t begin(std::size_t index) const {
        return index == 0 ? head : ends[index - 1];
    }
};

/// Up to the first thing that is no complete fragment. No fragments: also a file that is something
/// else. `fd` is borrowed. Errors: Io.
[[nodiscard]] Result<Fragments> find_fragments(int fd);

/// Where the first one begins. Errors: Corrupt (there is none), Io.
[[nodiscard]] Result<std::uint64_t> head_bytes(int fd);

/// The first picture of the fragment in [from, to) decodes; `head`: bytes of the file's head.
/// Errors: Corrupt, Io, NoSpace (memory).
[[nodiscard]] Result<>
check_fragment(int fd, std::uint64_t head, std::uint64_t from, std::uint64_t to);

}  // namespace hindsight::mux
