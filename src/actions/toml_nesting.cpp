#include "toml_nesting.hpp"

#include <algorithm>

namespace hindsight::actions {

namespace {

/// The length of the quoted text that `text` begins with, both quotes included. The end of a line
/// ends those of one line as well, since the parser stops there.
std::size_t length_of_quoted(std::string_view text) {
    const char quote = text.front();
    const bool long_text = text.size() >= 3 && text[1] == quote && text[2] == quote;
    const std::string_view closing = text.substr(0, long_text ? 3 : 1);
    std::size_t at = closing.size();
    while (at < text.size()) {
        if (!long_text && text[at] == '\n')
            return at;
        if (text.substr(at).starts_with(closing)) {
            at += closing.size();
            // Quotes right before the three that close belong to the text.
            while (long_text && at < text.size() && text[at] == quote)
                ++at;
            return at;
        }
        at += quote == '"' && text[at] == '\\' ? 2 : 1;
    }
    return text.size();
}

}  // namespace

std::optional<std::size_t> line_that_nests_too_deep(std::string_view text) {
    std::size_t line = 1;
    std::size_t dots = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"' || c == '\'') {
            const std::string_view quoted = text.substr(at, length_of_quoted(text.substr(at)));
            line += static_cast<std::size_t>(std::count(quoted.begin(), quoted.end(), '\n'));
            at += quoted.size();
            continue;
        }
        if (c == '#') {
            at = std::min(text.find('\n', at), text.size());
            continue;
        }
        if (c == '\n') {
            ++line;
            dots = 0;
        } else if (c == '.' && ++dots > kMostDots) {
            return line;
        }
        ++at;
    }
    return std::nullopt;
}

}  // namespace hindsight::actions
