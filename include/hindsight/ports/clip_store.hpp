#pragma once

// The library of clips. Implemented in src/library with SQLite; one writer (the service's [store]
// thread), any number of read-only readers.

#include <hindsight/core/clip.hpp>
#include <hindsight/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hindsight {

struct ClipQuery {
    std::string game{};         ///< exact name, empty: any
    std::string search{};       ///< words, matched by prefix in title, game, tags and event labels
    std::int64_t since_ms = 0;  ///< Unix time
    bool favorites_only = false;
    int limit = 0;  ///< 0: all
    int offset = 0;
};

struct GameCount {
    std::string game;
    std::int64_t clips = 0;
};

class ClipReader {
public:
    virtual ~ClipReader() = default;

    /// Newest first. Errors: External, Busy (locked longer than 5 s).
    [[nodiscard]] virtual Result<std::vector<Clip>> list(const ClipQuery& query) = 0;

    /// Errors: NotFound. `id` may be a unique prefix of at least 4 characters.
    [[nodiscard]] virtual Result<Clip> find(const std::string& id) = 0;

    [[nodiscard]] virtual Result<std::vector<GameCount>> games() = 0;
};

class ClipStore : public ClipReader {
public:
    /// One transaction. Errors: AlreadyExists (same path), External, NoSpace, Busy.
    [[nodiscard]] virtual Result<>
    insert(const Clip& clip, const std::vector<ClipOnset>& onsets) = 0;

    /// Replaces everything but the onsets. Errors: NotFound, …
    [[nodiscard]] virtual Result<> update(const Clip& clip) = 0;

    /// Replaces the onsets of a clip.
    [[nodiscard]] virtual Result<>
    set_onsets(const std::string& id, const std::vector<ClipOnset>& onsets) = 0;

    /// Takes back the first consent: the onsets and the paths of what was made of the actions go,
    /// both consents are off, and nothing of it is left in the file's free pages or its journal.
    /// Errors: NotFound, Busy (it is forgotten, but a reader still holds the journal; call again),
    /// …
    [[nodiscard]] virtual Result<> forget_actions(const std::string& id) = 0;

    [[nodiscard]] virtual Result<> remove(const std::string& id) = 0;

    /// The clip stored for this file, if any: what a crash between rename and insert is repaired
    /// with.
    [[nodiscard]] virtual Result<std::optional<Clip>>
    find_by_path(const std::filesystem::path& path) = 0;
};

}  // namespace hindsight
