// Changing one key in a file that a person wrote: everything else stays as it is, byte for byte.
#include "replace_file.hpp"
#include "toml.hpp"
#include "values.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace hindsight::config {

namespace {

/// Byte offset of a position in `text`; toml++ counts lines and characters from 1.
std::size_t offset_of(std::string_view text, toml::source_position position) {
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < position.line && at < text.size(); ++line) {
        const std::size_t newline = text.find('\n', at);
        at = newline == std::string_view::npos ? text.size() : newline + 1;
    }
    for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U)
            ++at;
    }
    return at;
}

/// Offset of the start of the line after `line` (counted from 1); the end if there is none.
std::size_t after_line(std::string_view text, std::uint32_t line) {
    return offset_of(text, {line + 1, 1});
}

std::string_view line_end(std::string_view text) {
    return text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
}

/// The last line that any value below `node` reaches to.
std::uint32_t last_line(const toml::node& node) {
    std::uint32_t line = node.source().begin.line;
    if (const toml::table* table = node.as_table(); table != nullptr && !table->is_inline()) {
        for (const auto& [key, child] : *table)
            line = std::max(line, last_line(child));
        return line;
    }
    return std::max(line, node.source().end.line);
}

void insert_line(std::string& text, std::size_t at, const std::string& line) {
    const std::string newline{line_end(text)};
    const bool open_end = at == text.size() && !text.empty() && text.back() != '\n';
    text.insert(at, (open_end ? newline : "") + line + newline);
}

/// Does the line on which `section` begins open it with "[section]"?
bool has_header(std::string_view text, const toml::table& section) {
    const std::size_t start = offset_of(text, {section.source().begin.line, 1});
    const std::size_t first = text.find_first_not_of(" \t", start);
    return first != std::string_view::npos && text[first] == '[';
}

std::string
edited(std::string text, const toml::table& root, std::string_view key, const std::string& value) {
    const std::size_t dot = key.find('.');
    const std::string_view section_name = key.substr(0, dot);
    const std::string name{key.substr(dot + 1)};
    const toml::table* section = root[section_name].as_table();
    if (section == nullptr) {
        const std::string newline{line_end(text)};
        if (!text.empty() && text.back() != '\n')
            text += newline;
        if (!text.empty())
            text += newline;
        return text + "[" + std::string{section_name} + "]" + newline + name + " = " + value +
               newline;
    }
    if (const toml::node* old = section->get(name)) {
        const std::size_t begin = offset_of(text, old->source().begin);
        const std::size_t end = offset_of(text, old->source().end);
        text.replace(begin, end - begin, value);
    } else if (section->is_inline()) {
        const std::size_t brace = offset_of(text, section->source().begin);
        text.insert(brace + 1, " " + name + " = " + value + (section->empty() ? " " : ","));
    } else {
        const bool dotted = !has_header(text, *section);
        insert_line(
            text,
            after_line(text, last_line(*section)),
            (dotted ? std::string{section_name} + "." : "") + name + " = " + value);
    }
    return text;
}

Result<std::string> read_text(const std::filesystem::path& file) {
    errno = 0;
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        const int error = errno;
        if (error == ENOENT)
            return std::string{};
        return fail_errno("The settings cannot be read", error);
    }
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

Result<>
set_in_file(const std::filesystem::path& file, std::string_view key, std::string_view value) {
    Config wanted;
    const Entry* entry = find_entry(key);
    // `set` on the defaults says what is wrong with key or value; conflicts between keys are
    // judged below, with what the file says.
    if (auto valid = set(wanted, key, value); !valid && entry == nullptr)
        return valid;
    if (const auto valid = assign_typed(wanted, *entry, value); !valid)
        return set(wanted, key, value);
    const std::string value_text = toml_text(wanted, *entry);

    HINDSIGHT_ASSIGN(std::string text, read_text(file));
    const ParsedToml parsed = parse_toml(text);
    if (!parsed.table) {
        // Says where it is broken; nothing is changed in a file that cannot be understood.
        return tl::unexpected(parse(text, file.string()).error());
    }
    text = edited(std::move(text), *parsed.table, key, value_text);
    // The new text is read as the service will read it before it replaces the old one.
    HINDSIGHT_ASSIGN(const Config config, parse(text, file.string()));
    if (toml_text(config, *entry) != value_text)
        return fail(
            Errc::InvalidArgument,
            "This setting is written in an unusual way; change it in an editor: " + file.string());
    return replace_file(file, text);
}

}  // namespace hindsight::config
