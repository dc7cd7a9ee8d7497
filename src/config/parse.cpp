#include "toml.hpp"
#include "values.hpp"

#include <hindsight/core/paths.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>

namespace hindsight::config {

namespace {

/// Where a file is wrong, and how.
class Complaint {
public:
    explicit Complaint(std::string_view file_name) : file_name_{file_name} {}

    [[nodiscard]] tl::unexpected<Error>
    at(const toml::node& node, std::string_view key, std::string_view sentence) const {
        return at(node.source().begin.line, key, sentence);
    }

    [[nodiscard]] tl::unexpected<Error>
    at(std::uint32_t line, std::string_view key, std::string_view sentence) const {
        return fail(
            Errc::InvalidArgument, fmt::format("{}:{}: {}: {}", file_name_, line, key, sentence));
    }

    [[nodiscard]] tl::unexpected<Error> syntax(const ParsedToml& broken) const {
        return fail(
            Errc::InvalidArgument,
            fmt::format(
                "{}:{}: This is not valid TOML: {}.", file_name_, broken.line, broken.what));
    }

private:
    std::string_view file_name_;
};

Result<> assign_node(Config& config, const Entry& entry, const toml::node& node) {
    if (const auto* value = node.as_boolean())
        return assign(config, entry, value->get());
    if (const auto* value = node.as_integer())
        return assign(config, entry, value->get());
    if (const auto* value = node.as_floating_point())
        return assign(config, entry, value->get());
    if (const auto* value = node.as_string())
        return assign(config, entry, std::string_view{value->get()});
    return fail(Errc::InvalidArgument, type_sentence(entry));
}

bool is_section(std::string_view name) {
    return std::any_of(key_table().begin(), key_table().end(), [&](const Entry& entry) {
        return entry.name.substr(0, entry.name.find('.')) == name;
    });
}

/// Reads what lies in `table`; `lines` collects where each key is.
Result<> read_table(
    Config& config,
    const toml::table& table,
    const std::string& prefix,
    const Complaint& complaint,
    std::map<std::string, std::uint32_t>& lines) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string{key.str()};
        if (prefix.empty() && is_section(name)) {
            const toml::table* section = node.as_table();
            if (section == nullptr)
                return complaint.at(
                    node, name, "This is the name of a section; write it as [" + name + "].");
            HINDSIGHT_TRY(read_table(config, *section, name + ".", complaint, lines));
            continue;
        }
        const Entry* entry = find_entry(name);
        if (entry == nullptr)
            return complaint.at(key.source().begin.line, name, unknown_key_sentence(name));
        lines[name] = node.source().begin.line;
        if (const auto assigned = assign_node(config, *entry, node); !assigned)
            return complaint.at(node, name, assigned.error().what);
    }
    return {};
}

tl::unexpected<Error> with_key(std::string_view key, Error error) {
    error.what = fmt::format("{}: {}", key, error.what);
    return tl::unexpected(std::move(error));
}

}  // namespace

ParsedToml parse_toml(std::string_view text) {
    try {
        return {.table = toml::parse(text), .line = 0, .what = {}};
    } catch (const toml::parse_error& error) {
        // toml++'s own words may run over several lines.
        std::string words{error.description()};
        std::replace(words.begin(), words.end(), '\n', ' ');
        return {.table = {}, .line = error.source().begin.line, .what = std::move(words)};
    }
}

std::filesystem::path default_file() {
    return paths::config_dir() / "config.toml";
}

Result<Config> parse(std::string_view text, std::string_view file_name) {
    const Complaint complaint{file_name};
    const ParsedToml parsed = parse_toml(text);
    if (!parsed.table)
        return complaint.syntax(parsed);
    Config config;
    std::map<std::string, std::uint32_t> lines;
    HINDSIGHT_TRY(read_table(config, *parsed.table, "", complaint, lines));
    if (const Conflict conflict = find_conflict(config); !conflict.sentence.empty()) {
        // The key that is written there, should the other one be a default.
        const auto line = lines.find(std::string{conflict.key});
        return complaint.at(
            line != lines.end() ? line->second
            : lines.empty()     ? 1U
                                : lines.begin()->second,
            conflict.key,
            conflict.sentence);
    }
    return config;
}

Result<Config> load(const std::filesystem::path& file) {
    errno = 0;
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR)
            return Config{};
        return fail_errno("The settings cannot be read", error);
    }
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (in.bad())
        return fail(Errc::Io, "The settings cannot be read.");
    return parse(text, file.string());
}

std::vector<Key> keys() {
    std::vector<Key> all;
    for (const Entry& entry : key_table())
        all.push_back(
            {.name = std::string{entry.name},
             .type = std::string{type_name(entry)},
             .allowed = allowed_values(entry),
             .what = std::string{entry.what}});
    return all;
}

Result<std::string> get(const Config& config, std::string_view key) {
    const Entry* entry = find_entry(key);
    if (entry == nullptr)
        return with_key(key, {.code = Errc::NotFound, .what = unknown_key_sentence(key)});
    return toml_text(config, *entry);
}

Result<> set(Config& config, std::string_view key, std::string_view value) {
    const Entry* entry = find_entry(key);
    if (entry == nullptr)
        return with_key(key, {.code = Errc::NotFound, .what = unknown_key_sentence(key)});
    Config changed = config;
    if (const auto assigned = assign_typed(changed, *entry, value); !assigned)
        return with_key(key, assigned.error());
    if (const Conflict conflict = find_conflict(changed); !conflict.sentence.empty())
        return with_key(conflict.key, {.code = Errc::InvalidArgument, .what = conflict.sentence});
    config = std::move(changed);
    return {};
}

}  // namespace hindsight::config
