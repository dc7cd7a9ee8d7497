// hindsight-arena: a game that tests play and record. See docs/arena.md.

#include "program/game.hpp"

#include <csignal>
#include <cstdio>

namespace {

volatile std::sig_atomic_t stop_asked = 0;

int complain(const hindsight::Error& error, int code) {
    std::fprintf(stderr, "hindsight-arena: %s\n", error.what.c_str());
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace hindsight;
    using namespace hindsight::arena;
    const auto options = parse_options(argc, argv);
    if (!options)
        return complain(options.error(), 2);
    if (options->help) {
        std::fputs(kHelp, stdout);
        return 0;
    }
    std::signal(SIGTERM, [](int) { stop_asked = 1; });
    std::signal(SIGINT, [](int) { stop_asked = 1; });
    auto game = Game::prepare(*options);
    if (!game)
        return complain(game.error(), 1);
    const Result<> played = options->headless ? play_headless(*game, stop_asked)
                                              : play_in_window(*game, *options, stop_asked);
    if (!played)
        return complain(played.error(), 1);
    std::printf("%s\n", game->result().c_str());
    return 0;
}
