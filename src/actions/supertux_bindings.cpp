#include "game_bindings.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace hindsight::actions {

namespace {

/// One atom of an s-expression: `(`, `)`, a text in quotes, or a word.
std::optional<std::string> next_atom(std::string_view& rest) {
    for (;;) {
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
        if (rest.empty())
            return std::nullopt;
        if (rest.front() != ';')
            break;
        rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
    }
    std::size_t size = 1;
    if (rest.front() == '"') {
        rest.remove_prefix(1);
        size = std::min(rest.find('"'), rest.size());
        std::string text{rest.substr(0, size)};
        rest.remove_prefix(std::min(size + 1, rest.size()));
        return text;
    }
    if (rest.front() != '(' && rest.front() != ')')
        size = std::min(rest.find_first_of(" \t\r\n()\""), rest.size());
    std::string atom{rest.substr(0, size)};
    rest.remove_prefix(size);
    return atom;
}

/// Reads `(name value)` pairs up to the end of the list that was opened before.
std::map<std::string, std::string> read_pairs(std::string_view& rest) {
    std::map<std::string, std::string> pairs;
    std::vector<std::string> words;
    int depth = 1;
    while (depth > 0) {
        const auto atom = next_atom(rest);
        if (!atom)
            break;
        if (*atom == "(") {
            ++depth;
            words.clear();
        } else if (*atom == ")") {
            if (--depth == 1 && words.size() == 2)
                pairs[words[0]] = words[1];
            words.clear();
        } else {
            words.push_back(*atom);
        }
    }
    return pairs;
}

}  // namespace

Result<GameBindings> read_supertux_bindings(std::string_view text) {
    const std::size_t keymap = text.find("(keymap");
    if (keymap == std::string_view::npos)
        return fail(
            Errc::InvalidArgument, "this holds no bindings of SuperTux ((keymap (map (key 32) …");
    std::string_view rest = text.substr(keymap + 1);
    GameBindings all;
    all.complete = true;
    int depth = 1;
    std::string before;
    bool sdl2 = false;
    while (depth > 0) {
        const auto atom = next_atom(rest);
        if (!atom)
            break;
        if (*atom == "map" && before == "(") {
            const auto pairs = read_pairs(rest);
            --depth;
            int code = 0;
            const auto key = pairs.find("key");
            const auto control = pairs.find("control");
            // Further players play in front of the same screen; the first one is recorded.
            const auto player = pairs.find("player");
            const bool first = player == pairs.end() || player->second == "0";
            if (first && control != pairs.end() && key != pairs.end() &&
                parse_number(key->second, code)) {
                const std::string name = control_of_sdl_keycode(code);
                all.bindings.push_back(
                    {control->second,
                     key->second,
                     name.empty() ? std::vector<std::string>{} : std::vector{name}});
            }
        } else if (*atom == "(") {
            ++depth;
        } else if (*atom == ")") {
            --depth;
        }
        sdl2 = sdl2 || (before == "sdl2" && *atom == "#t");
        before = *atom;
    }
    if (!sdl2)
        return fail(
            Errc::InvalidArgument,
            "this was written by a SuperTux older than 0.3.5, whose numbers of keys are others");
    if (all.bindings.empty())
        return fail(Errc::InvalidArgument, "the keymap of SuperTux in this file is empty");
    return all;
}

}  // namespace hindsight::actions
