#include "profile_table.hpp"

#include <hindsight/actions/profile.hpp>
#include <hindsight/core/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hindsight::actions {

namespace {

constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestList = 64;

bool is_control_character(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

bool is_word(std::string_view text, char extra) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [extra](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == extra;
    });
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kShown = 60;
    std::string line{text.substr(0, kShown)};
    std::replace_if(line.begin(), line.end(), is_control_character, ' ');
    return fmt::format("'{}{}'", line, text.size() > kShown ? "…" : "");
}

std::string meant(std::string_view word, std::span<const std::string> known) {
    const std::string_view near = nearest_word(word, known);
    return near.empty() ? std::string{} : fmt::format("; did you mean '{}'?", near);
}

tl::unexpected<Error> ProfileTable::bad(const toml::node& node, std::string_view what) const {
    return fail(
        Errc::InvalidArgument,
        fmt::format("{}:{}: {}", file_, std::max(node.source().begin.line, 1U), what));
}

tl::unexpected<Error> ProfileTable::bad(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    return bad(node == nullptr ? table_ : *node, what);
}

Result<> ProfileTable::only_keys(std::span<const std::string> allowed) const {
    for (const auto& [key, value] : table_) {
        if (std::find(allowed.begin(), allowed.end(), key.str()) != allowed.end())
            continue;
        std::string hint = meant(key.str(), allowed);
        if (hint.empty())
            hint = fmt::format("; allowed are {}", fmt::join(allowed, ", "));
        return bad(
            value, fmt::format("{} is not a key of {}{}", in_quotes(key.str()), place_, hint));
    }
    return {};
}

Result<> ProfileTable::text(std::string_view key, std::size_t longest, std::string& value) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return {};
    if (!node->is_string())
        return bad(*node, fmt::format("'{}' must be a text", key));
    value = *node->value<std::string>();
    if (value.size() > longest)
        return bad(*node, fmt::format("'{}' must be no longer than {} bytes", key, longest));
    if (std::any_of(value.begin(), value.end(), is_control_character))
        return bad(*node, fmt::format("'{}' must be one line of plain text", key));
    return {};
}

Result<> ProfileTable::flag(std::string_view key, bool& value) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return {};
    if (!node->is_boolean())
        return bad(*node, fmt::format("'{}' must be true or false", key));
    value = *node->value<bool>();
    return {};
}

Result<> ProfileTable::integer(std::string_view key, int least, int most, int& value) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return {};
    const auto found = node->value<std::int64_t>();
    if (!node->is_integer() || *found < least || *found > most)
        return bad(*node, fmt::format("'{}' must be a number from {} to {}", key, least, most));
    value = static_cast<int>(*found);
    return {};
}

Result<>
ProfileTable::number(std::string_view key, double least, double most, double& value) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return {};
    const auto found = node->is_number() ? node->value<double>() : std::nullopt;
    // Not a number compares with nothing.
    if (!found || !(*found >= least && *found <= most))
        return bad(*node, fmt::format("'{}' must be a number from {} to {}", key, least, most));
    value = *found;
    return {};
}

Result<> ProfileTable::texts(std::string_view key, std::vector<std::string>& values) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return {};
    const toml::array* array = node->as_array();
    if (array == nullptr)
        return bad(*node, fmt::format("'{}' must be a list of texts", key));
    if (array->size() > kLongestList)
        return bad(*node, fmt::format("'{}' must have no more than {} entries", key, kLongestList));
    values.clear();
    for (const toml::node& element : *array) {
        const auto value = element.is_string() ? element.value<std::string>() : std::nullopt;
        if (!value || value->empty() || value->size() > kLongestText)
            return bad(element, fmt::format("'{}' must be a list of texts", key));
        if (std::find(values.begin(), values.end(), *value) != values.end())
            return bad(element, fmt::format("{} stands twice in '{}'", in_quotes(*value), key));
        values.push_back(*value);
    }
    return {};
}

Result<> ProfileTable::controls(std::string_view key, std::vector<std::string>& values) const {
    HINDSIGHT_TRY(texts(key, values));
    const auto& known = known_controls();
    for (std::size_t i = 0; has(key) && i < values.size(); ++i) {
        if (std::find(known.begin(), known.end(), values[i]) != known.end())
            continue;
        std::string hint = meant(values[i], known);
        if (hint.empty())
            hint = "; the names are listed in docs/profiles.md";
        return bad(
            *get(key)->as_array()->get(i),
            fmt::format("{} is no control{}", in_quotes(values[i]), hint));
    }
    return {};
}

}  // namespace hindsight::actions
