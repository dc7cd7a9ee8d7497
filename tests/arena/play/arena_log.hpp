#pragma once

// The engine's own account of a game, one JSON object a line, and its reader.
//
//   {"format":"hindsight.arena","version":1,"seed":7,"fps":60,...}          header
//   {"f":12,"p":81230000,"t":81234567,"held":5,"down":1,"look":[3,-1],"ev":["hit"]}      a frame as
//   shown
//   {"f":60,"state":"01a0…","hash":"9c0f…"}                                 after frame 60's step
//
// Numbers that are 0, and lists that are empty, are left out. The lines of frames are at the same
// time a script: played again from the same seed (or from a snapshot) they give the same game. What
// is typed into the chat is in none of them.

#include "engine/engine.hpp"

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::arena {

struct LogHeader {
    std::uint64_t seed = 1;
    int fps = 60;
    int width = 0;
    int height = 0;
    int delay = 0;  ///< frames from a step to its picture

    friend bool operator==(const LogHeader&, const LogHeader&) = default;
};

struct LoggedFrame {
    std::uint64_t frame = 0;
    std::int64_t polled_ns = 0;  ///< CLOCK_MONOTONIC when the input was looked at; 0 headless
    std::int64_t shown_ns = 0;   ///< the same when the server had the picture
    Inputs inputs = {};
    Mode mode = Mode::Gameplay;
    std::vector<Event> events = {};
};

struct LoggedState {
    std::uint64_t frame = 0;
    std::string snapshot;
    std::uint64_t hash = 0;
};

/// One line each, without its end.
[[nodiscard]] std::string header_line(const LogHeader& header);
[[nodiscard]] std::string frame_line(const LoggedFrame& frame);
[[nodiscard]] std::string state_line(const LoggedState& state);

/// A file that grows by lines, each written at once when a second is full.
class LogWriter {
public:
    /// Errors: Io.
    static Result<LogWriter> create(const std::filesystem::path& file);

    void line(const std::string& text);

    /// Errors: Io (a line of these or earlier ones could not be written).
    Result<> flush();

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    explicit LogWriter(std::FILE* file) : file_{file} {}

    std::unique_ptr<std::FILE, Close> file_;
};

/// A log in memory. A line that was cut off while the game was killed ends it.
struct ArenaLog {
    LogHeader header;
    std::vector<LoggedFrame> frames;
    std::vector<LoggedState> states;

    /// Errors: NotFound, Corrupt (with the line's number).
    static Result<ArenaLog> read(const std::filesystem::path& file);

    /// Errors: Corrupt.
    static Result<ArenaLog> parse(const std::string& text);

    /// The first snapshot at or after that frame; null when there is none.
    [[nodiscard]] const LoggedState* state_from(std::uint64_t frame) const;

    /// Null when it is not in the log.
    [[nodiscard]] const LoggedFrame* frame(std::uint64_t number) const;
};

/// Inputs by frame. A frame that is not named goes on holding what was held, and does nothing else.
class Script {
public:
    explicit Script(const ArenaLog& log);

    /// Frames are asked for in rising order.
    Inputs at(std::uint64_t frame);

    [[nodiscard]] std::uint64_t last_frame() const {
        return frames_.empty() ? 0 : frames_.rbegin()->first;
    }

private:
    std::map<std::uint64_t, Inputs> frames_;
    Actions held_ = 0;
};

}  // namespace hindsight::arena
