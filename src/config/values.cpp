#include "values.hpp"

#include "chords.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace hindsight::config {

namespace {

tl::unexpected<Error> wrong_type(const Entry& entry) {
    return fail(Errc::InvalidArgument, type_sentence(entry));
}

template <class T>
tl::unexpected<Error> out_of_range(const Entry& entry, T value) {
    return fail(
        Errc::InvalidArgument,
        fmt::format("{} is out of range; allowed is {}.", value, allowed_values(entry)));
}

std::string quoted_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\u{:04X}", byte);
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// Takes the quotes off a one-line TOML string, in case somebody typed them.
std::string unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back() ||
        (text.front() != '"' && text.front() != '\''))
        return std::string{text};
    const bool basic = text.front() == '"';
    text = text.substr(1, text.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (basic && text[i] == '\\' && i + 1 < text.size() &&
            (text[i + 1] == '"' || text[i + 1] == '\\'))
            ++i;
        out += text[i];
    }
    return out;
}

std::string number_text(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos)
        text += ".0";
    return text;
}

/// The whole of `text` as a number.
template <class T>
bool read_number(std::string_view text, T& value) {
    if (text.starts_with('+'))
        text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::string type_sentence(const Entry& entry) {
    struct Words {
        std::string_view type;
        std::string_view words;
    };

    static constexpr std::array kWords{
        Words{"boolean", "The value must be true or false."},
        Words{"integer", "The value must be a whole number; allowed is {}."},
        Words{"number", "The value must be a number; allowed is {}."},
        Words{"text", "The value must be text in quotes; allowed is {}."},
    };
    for (const Words& words : kWords) {
        if (words.type == type_name(entry))
            return fmt::format(fmt::runtime(words.words), allowed_values(entry));
    }
    return {};
}

Result<> assign(Config& config, const Entry& entry, bool value) {
    const auto* rule = std::get_if<BoolRule>(&entry.rule);
    if (rule == nullptr)
        return wrong_type(entry);
    rule->member(config) = value;
    return {};
}

Result<> assign(Config& config, const Entry& entry, std::int64_t value) {
    if (std::holds_alternative<NumberRule>(entry.rule))
        return assign(config, entry, static_cast<double>(value));
    const auto* rule = std::get_if<IntRule>(&entry.rule);
    if (rule == nullptr)
        return wrong_type(entry);
    const bool allowed = (value >= rule->min && value <= rule->max) || (rule->zero && value == 0);
    if (!allowed)
        return out_of_range(entry, value);
    rule->member(config) = static_cast<int>(value);
    return {};
}

Result<> assign(Config& config, const Entry& entry, double value) {
    const auto* rule = std::get_if<NumberRule>(&entry.rule);
    if (rule == nullptr)
        return wrong_type(entry);
    // Written so that "not a number" fails.
    if (!(value >= rule->min && value <= rule->max))
        return out_of_range(entry, value);
    rule->member(config) = value;
    return {};
}

Result<> assign(Config& config, const Entry& entry, std::string_view value) {
    const auto* rule = std::get_if<TextRule>(&entry.rule);
    if (rule == nullptr)
        return wrong_type(entry);
    const bool chosen =
        rule->choices.empty() ||
        std::find(rule->choices.begin(), rule->choices.end(), value) != rule->choices.end();
    if (!chosen || (rule->valid != nullptr && !rule->valid(value)))
        return fail(
            Errc::InvalidArgument,
            fmt::format("This value is not possible; allowed is {}.", allowed_values(entry)));
    rule->member(config) = std::string{value};
    return {};
}

Result<> assign_typed(Config& config, const Entry& entry, std::string_view typed) {
    if (std::holds_alternative<TextRule>(entry.rule))
        return assign(config, entry, std::string_view{unquoted(typed)});
    if (std::holds_alternative<BoolRule>(entry.rule)) {
        for (const std::string_view yes : {"true", "yes", "on", "1"}) {
            if (typed == yes)
                return assign(config, entry, true);
        }
        for (const std::string_view no : {"false", "no", "off", "0"}) {
            if (typed == no)
                return assign(config, entry, false);
        }
        return wrong_type(entry);
    }
    if (std::int64_t number = 0; read_number(typed, number))
        return assign(config, entry, number);
    if (double number = 0; read_number(typed, number))
        return assign(config, entry, number);
    return wrong_type(entry);
}

std::string toml_text(const Config& config, const Entry& entry) {
    Config copy = config;  // the members are reached through a mutable Config
    if (const auto* rule = std::get_if<BoolRule>(&entry.rule))
        return rule->member(copy) ? "true" : "false";
    if (const auto* rule = std::get_if<IntRule>(&entry.rule))
        return std::to_string(rule->member(copy));
    if (const auto* rule = std::get_if<NumberRule>(&entry.rule))
        return number_text(rule->member(copy));
    return quoted_text(std::get<TextRule>(entry.rule).member(copy));
}

Conflict find_conflict(const Config& config) {
    struct Owner {
        std::string_view key;
        std::string chord;
    };

    static constexpr std::string_view kTalkKey = "hotkeys.push_to_talk";
    const auto& keys = config.hotkeys;
    std::vector<Owner> owners{
        {"hotkeys.save", keys.save},
        {"hotkeys.save_pad", keys.save_pad},
        {"hotkeys.save_new", keys.save_new},
        {"hotkeys.marker", keys.marker},
        {"hotkeys.microphone", keys.microphone},
        {"hotkeys.screenshot", keys.screenshot},
        {kTalkKey, keys.push_to_talk}};
    if (const auto more = parse_save_keys(keys.save_lengths)) {
        for (const SaveKey& key : *more)
            owners.push_back({"hotkeys.save_lengths", key.chord});
    }
    for (auto later = owners.begin(); later != owners.end(); ++later) {
        const auto first = std::find_if(owners.begin(), later, [&](const Owner& owner) {
            // The talk key counts from the press on, whatever else it may become.
            const bool talk = owner.key == kTalkKey || later->key == kTalkKey;
            return talk ? same_chord(owner.chord, later->chord)
                        : same_shortcut(owner.chord, later->chord);
        });
        if (first == later)
            continue;
        if (later->key == "hotkeys.save_lengths")
            return {
                later->key,
                fmt::format("{} is a key of {} already; use another.", later->chord, first->key)};
        return {
            later->key, fmt::format("These keys are those of {} already; use others.", first->key)};
    }
    return {};
}

}  // namespace hindsight::config
