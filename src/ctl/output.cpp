#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace hindsight::ctl {

namespace {

/// Characters, not bytes: good enough to align what people name their clips.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

}  // namespace

void print(std::string_view text) {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout));
    if (text.empty() || text.back() != '\n')
        static_cast<void>(std::fputc('\n', stdout));
}

void print_json(const Json& value) {
    print(value.dump(2, ' ', false, Json::error_handler_t::replace));
}

std::string as_sentence(std::string_view text) {
    std::string sentence{text};
    std::replace(sentence.begin(), sentence.end(), '\n', ' ');
    while (!sentence.empty() && sentence.back() == ' ')
        sentence.pop_back();
    if (sentence.empty())
        return "Something went wrong; the log of the service says more.";
    if (sentence.front() >= 'a' && sentence.front() <= 'z' &&
        sentence.find_first_of(".:/") > sentence.find(' '))
        sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
    if (const char last = sentence.back(); last != '.' && last != '?' && last != '!')
        sentence += '.';
    return sentence;
}

void complain(std::string_view sentence) {
    const std::string text = as_sentence(sentence) + '\n';
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

std::string
table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
    if (rows.empty())
        return {};
    std::vector<std::size_t> widths;
    widths.reserve(header.size());
    for (const std::string& title : header)
        widths.push_back(width(title));
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    const auto add = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size())
                line.append(widths[i] - width(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    };
    add(header);
    for (const auto& row : rows)
        add(row);
    return text;
}

std::string text_of(const Json& value, std::string_view key) {
    const auto found = value.is_object() ? value.find(key) : value.end();
    if (found == value.end() || found->is_null())
        return {};
    if (found->is_string())
        return found->get<std::string>();
    return found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

double number_of(const Json& value, std::string_view key) {
    const auto found = value.is_object() ? value.find(key) : value.end();
    return found != value.end() && found->is_number() ? found->get<double>() : 0;
}

bool flag_of(const Json& value, std::string_view key) {
    const auto found = value.is_object() ? value.find(key) : value.end();
    return found != value.end() && found->is_boolean() && found->get<bool>();
}

const Json& part_of(const Json& value, std::string_view key) {
    static const Json nothing = Json::array();
    const auto found = value.is_object() ? value.find(key) : value.end();
    return found != value.end() && found->is_structured() ? *found : nothing;
}

std::string length_text(double seconds) {
    const auto total = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
    const std::int64_t hours = total / 3'600;
    const std::int64_t minutes = total / 60 % 60;
    if (hours > 0)
        return fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60);
    return fmt::format("{}:{:02}", minutes, total % 60);
}

std::string size_text(double bytes) {
    static constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
        bytes /= 1'000;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", bytes, bytes < 9.95 && unit > 0 ? 1 : 0, kUnits[unit]);
}

}  // namespace hindsight::ctl
