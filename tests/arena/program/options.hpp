#pragma once

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hindsight::arena {

enum class Hands : std::uint8_t {
    Player,  ///< keyboard, mouse and controllers
    Bot,     ///< the bot, straight into the engine
    X11Bot,  ///< the bot, through the X server and back in as a player
    Script,
};

struct Options {
    std::uint64_t seed = 1;
    int width = 640;
    int height = 360;
    int fps = 60;
    int delay = 0;    ///< frames from a step to its picture
    int phase = 500;  ///< thousandths of a frame from the clock's grid to the look at the input
    bool headless = false;
    bool strip = true;
    Hands hands = Hands::Player;
    std::uint64_t bot_seed = 1;
    int rate = 6;
    std::uint64_t frames = 0;  ///< 0: until it is closed, or the script ends
    std::filesystem::path script;
    std::filesystem::path log;
    std::filesystem::path state;
    std::uint64_t start_at = 0;
    bool help = false;
};

extern const char* const kHelp;

/// Errors: InvalidArgument, with a sentence.
Result<Options> parse_options(int argc, char** argv);

}  // namespace hindsight::arena
