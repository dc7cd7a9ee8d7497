#include "search_terms.hpp"

#include <algorithm>
#include <cstddef>

namespace hindsight::library {

namespace {

// Bounds for pasted text; nobody searches for more.
constexpr std::size_t kMaxWords = 16;
constexpr std::size_t kMaxWordBytes = 64;

/// What the tokenizer may keep: letters and digits, and everything outside ASCII.
bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/// At most kMaxWordBytes, cut between UTF-8 characters.
std::string_view shorten(std::string_view word) {
    if (word.size() <= kMaxWordBytes)
        return word;
    std::size_t end = kMaxWordBytes;
    while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xc0U) == 0x80U)
        --end;
    return word.substr(0, end);
}

}  // namespace

std::string search_expression(std::string_view typed) {
    // Everything that is no word byte separates words, as in the tokenizer, so "half-life" finds
    // what "half life" finds, and no quote, operator or column filter can reach FTS5.
    std::string expression;
    std::size_t words = 0;
    auto at = typed.begin();
    while (words < kMaxWords) {
        at = std::find_if(at, typed.end(), is_word_byte);
        if (at == typed.end())
            break;
        const auto end = std::find_if_not(at, typed.end(), is_word_byte);
        const std::string_view word = shorten(std::string_view{at, end});
        if (!expression.empty())
            expression += ' ';
        expression += '"';
        expression += word;
        expression += "\"*";
        at = end;
        ++words;
    }
    return expression;
}

}  // namespace hindsight::library
