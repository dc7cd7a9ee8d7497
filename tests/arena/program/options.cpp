#include "program/options.hpp"

#include "strip/strip.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace hindsight::arena {

const char* const kHelp =
    "hindsight-arena [options]\n"
    "a small game whose every frame tells what it did: in a strip along its upper edge, and in a "
    "log\n"
    "\n"
    "  --seed N         levels and chance (1)\n"
    "  --size WxH       of the window (640x360)\n"
    "  --fps N          30 or 60 (60); one step of the game each frame\n"
    "  --delay N        frames from a step to its picture (0)\n"
    "  --phase N        thousandths of a frame from the clock's grid to the look at the input "
    "(500)\n"
    "  --no-strip       the picture alone\n"
    "  --headless       no window, as fast as it goes; with --bot or --script\n"
    "  --frames N       ends after so many\n"
    "\n"
    "  --bot[=SEED]     the bot plays, straight into the engine\n"
    "  --bot=x11[:SEED] the bot plays with keys and mouse through the X server\n"
    "  --rate N         presses of the bot in a second (6)\n"
    "  --script FILE    plays the inputs of a log, or of a file with such lines\n"
    "  --state LOG      begins with the first snapshot of that log at or after --start-at\n"
    "  --start-at N     (0)\n"
    "  --log FILE       inputs and events of each frame, a snapshot each second\n"
    "\n"
    "W A S D walk, mouse or arrows look and turn, left button fires, E opens doors, Space jumps,\n"
    "Shift runs, 1 2 3 or the wheel choose a weapon, T writes, Escape pauses.\n";

namespace {

template <class T>
bool read(std::string_view text, T& value, T low, T high) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= low &&
           value <= high;
}

bool read_size(std::string_view text, Options& options) {
    const std::size_t cross = text.find('x');
    return cross != std::string_view::npos &&
           read(text.substr(0, cross), options.width, 4 * kStripColumns, 8192) &&
           read(text.substr(cross + 1), options.height, 180, 8192);
}

bool read_bot(std::string_view how, Options& options) {
    options.hands = Hands::Bot;
    if (how.substr(0, 3) == "x11") {
        options.hands = Hands::X11Bot;
        how.remove_prefix(3);
        if (how.empty())
            return true;
        if (how.front() != ':')
            return false;
        how.remove_prefix(1);
    }
    return read<std::uint64_t>(how, options.bot_seed, 0, UINT64_MAX);
}

using ReadValue = std::function<bool(std::string_view, Options&)>;

const std::map<std::string_view, ReadValue>& values() {
    const auto number = [](auto Options::*member, auto low, auto high) -> ReadValue {
        return [=](std::string_view text, Options& options) {
            return read(text, options.*member, low, high);
        };
    };
    const auto file = [](std::filesystem::path Options::*member) -> ReadValue {
        return [=](std::string_view text, Options& options) {
            options.*member = text;
            return !text.empty();
        };
    };
    static const std::map<std::string_view, ReadValue> known{
        {"--seed", number(&Options::seed, std::uint64_t{0}, UINT64_MAX)},
        {"--size", read_size},
        {"--fps",
         [](std::string_view text, Options& options) {
             return read(text, options.fps, 30, 60) && options.fps % 30 == 0;
         }},
        {"--delay", number(&Options::delay, 0, 60)},
        {"--phase", number(&Options::phase, 0, 999)},
        {"--rate", number(&Options::rate, 1, 30)},
        {"--frames", number(&Options::frames, std::uint64_t{1}, UINT64_MAX)},
        {"--start-at", number(&Options::start_at, std::uint64_t{0}, UINT64_MAX)},
        {"--script", file(&Options::script)},
        {"--log", file(&Options::log)},
        {"--state", file(&Options::state)},
    };
    return known;
}

bool read_flag(std::string_view name, Options& options) {
    if (name == "--headless")
        options.headless = true;
    else if (name == "--no-strip")
        options.strip = false;
    else if (name == "--help")
        options.help = true;
    else if (name == "--bot")
        options.hands = Hands::Bot;
    else
        return false;
    return true;
}

Result<Options> checked(Options options) {
    if (!options.script.empty()) {
        if (options.hands != Hands::Player)
            return fail(Errc::InvalidArgument, "--script and --bot cannot play at the same time");
        options.hands = Hands::Script;
    }
    const bool plays_alone = options.hands == Hands::Bot || options.hands == Hands::Script;
    if (options.headless && !plays_alone && !options.help)
        return fail(Errc::InvalidArgument, "--headless needs --bot or --script to play");
    if (options.headless && options.hands == Hands::Bot && options.frames == 0)
        return fail(Errc::InvalidArgument, "--headless with --bot needs --frames to end");
    return options;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
    constexpr std::string_view kBot = "--bot=";
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (read_flag(name, options))
            continue;
        if (name.substr(0, kBot.size()) == kBot) {
            if (!read_bot(name.substr(kBot.size()), options))
                return fail(
                    Errc::InvalidArgument, "--bot takes a number, x11, or x11: and a number");
            continue;
        }
        const auto known = values().find(name);
        if (known == values().end())
            return fail(Errc::InvalidArgument, "unknown option " + std::string{name});
        if (++i == argc)
            return fail(Errc::InvalidArgument, std::string{name} + " needs a value");
        if (!known->second(argv[i], options))
            return fail(
                Errc::InvalidArgument,
                std::string{name} + " does not take \"" + std::string{argv[i]} + "\"");
    }
    return checked(std::move(options));
}

}  // namespace hindsight::arena
