#include <hindsight/core/nearest.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

namespace hindsight {

namespace {

std::string lowered(std::string_view text) {
    std::string result{text};
    for (char& c : result)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t change = diagonal + (a[i] == b[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, change});
        }
    }
    return row.back();
}

bool is_near(std::size_t distance, std::string_view word) {
    return distance <= std::max<std::size_t>(2, word.size() / 4);
}

std::string_view nearest_word(std::string_view word, std::span<const std::string> known) {
    constexpr std::size_t kLongestWord = 64;
    if (word.size() > kLongestWord)
        return {};
    const std::string wanted = lowered(word);
    std::string_view best;
    std::size_t best_distance = std::numeric_limits<std::size_t>::max();
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(wanted, lowered(candidate));
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    // Of a short word, two slips leave nothing.
    return is_near(best_distance, word) && best_distance < word.size() ? best : std::string_view{};
}

}  // namespace hindsight
