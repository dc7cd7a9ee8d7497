#pragma once

// What people and programs see on standard output.

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::ctl {

using Json = nlohmann::json;

/// One line, or many, to standard output.
void print(std::string_view text);

/// Indented, valid UTF-8 whatever the strings hold, and a newline.
void print_json(const Json& value);

/// To standard error: begins with a capital, ends with a full stop, has no line breaks.
void complain(std::string_view sentence);

/// The same, as text.
[[nodiscard]] std::string as_sentence(std::string_view text);

/// Columns as wide as their widest cell; the last one is not padded. Empty without rows.
[[nodiscard]] std::string
table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// `value[key]` as text for people; empty when it is missing or null.
[[nodiscard]] std::string text_of(const Json& value, std::string_view key);

/// `value[key]` as a number, 0 when it is missing or none.
[[nodiscard]] double number_of(const Json& value, std::string_view key);

[[nodiscard]] bool flag_of(const Json& value, std::string_view key);

/// `value[key]` when it is an object or an array, an empty one otherwise.
[[nodiscard]] const Json& part_of(const Json& value, std::string_view key);

/// "0:30", "1:02:03".
[[nodiscard]] std::string length_text(double seconds);

/// "71 MB".
[[nodiscard]] std::string size_text(double bytes);

}  // namespace hindsight::ctl
