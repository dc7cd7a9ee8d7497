#pragma once

// One table of a profile's TOML text, read with the same care everywhere: unknown keys, wrong kinds
// of values and values out of range each give "<file>:<line>: <sentence>".

#include <hindsight/core/result.hpp>

#include <toml++/toml.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

inline constexpr std::size_t kLongestId = 64;     ///< of every id and name of an action, in bytes
inline constexpr std::size_t kLongestName = 100;  ///< of every text for people, in bytes

/// Small letters, digits and `extra`, at least one.
[[nodiscard]] bool is_word(std::string_view text, char extra);

[[nodiscard]] bool contains(const std::vector<std::string>& texts, std::string_view text);

/// `text` for a sentence: in quotes, on one line, and not endless.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "; did you mean 'Space'?", or nothing when no word of `known` is near.
[[nodiscard]] std::string meant(std::string_view word, std::span<const std::string> known);

class ProfileTable {
public:
    /// `place` names the table in messages: "a profile", "[match]". All must outlive this.
    ProfileTable(std::string_view file, const toml::table& table, std::string_view place)
        : file_{file}, table_{table}, place_{place} {}

    [[nodiscard]] bool has(std::string_view key) const { return table_.get(key) != nullptr; }

    [[nodiscard]] const toml::node* get(std::string_view key) const { return table_.get(key); }

    /// The sentence `what`, at the line of `node`.
    [[nodiscard]] tl::unexpected<Error> bad(const toml::node& node, std::string_view what) const;

    /// The sentence `what`, at the line of `key`; of the table when there is no such key.
    [[nodiscard]] tl::unexpected<Error> bad(std::string_view key, std::string_view what) const;

    [[nodiscard]] Result<> only_keys(std::span<const std::string> allowed) const;

    // Each leaves `value` alone when there is no such key.
    [[nodiscard]] Result<>
    text(std::string_view key, std::size_t longest, std::string& value) const;
    [[nodiscard]] Result<> flag(std::string_view key, bool& value) const;
    [[nodiscard]] Result<> integer(std::string_view key, int least, int most, int& value) const;
    [[nodiscard]] Result<>
    number(std::string_view key, double least, double most, double& value) const;

    /// A list without repetitions.
    [[nodiscard]] Result<> texts(std::string_view key, std::vector<std::string>& values) const;

    /// texts() of names of known_controls().
    [[nodiscard]] Result<> controls(std::string_view key, std::vector<std::string>& values) const;

private:
    std::string_view file_;
    const toml::table& table_;
    std::string_view place_;
};

}  // namespace hindsight::actions
