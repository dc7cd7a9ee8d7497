#include "game_bindings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace hindsight::actions {

namespace {

tl::unexpected<Error> no_bindings(std::string_view what) {
    return fail(Errc::InvalidArgument, fmt::format("this holds no bindings of {}", what));
}

std::vector<std::string> one_or_none(std::string control) {
    if (control.empty())
        return {};
    return {std::move(control)};
}

/// A word, a quoted text, or one of `{ } ;` and a line's end, as Quake and Source write them.
struct Token {
    enum class Kind : std::uint8_t { Word, Open, Close, End };
    Kind kind = Kind::End;
    std::string text = {};
};

class QuakeTokens {
public:
    explicit QuakeTokens(std::string_view text) : rest_{text} {}

    /// Nothing at the end of the text. `End` stands for a line's end and for a semicolon.
    std::optional<Token> next() {
        skip_blanks();
        if (rest_.empty())
            return std::nullopt;
        const char c = rest_.front();
        if (c == '"')
            return quoted_text();
        if (c == '\n' || c == ';' || c == '{' || c == '}') {
            rest_.remove_prefix(1);
            if (c == '{')
                return Token{Token::Kind::Open};
            return Token{c == '}' ? Token::Kind::Close : Token::Kind::End};
        }
        const std::size_t end = std::min(rest_.find_first_of(" \t\r\n;"), rest_.size());
        Token word{Token::Kind::Word, std::string{rest_.substr(0, end)}};
        rest_.remove_prefix(end);
        return word;
    }

private:
    void skip_blanks() {
        for (;;) {
            const std::size_t begin = std::min(rest_.find_first_not_of(" \t\r"), rest_.size());
            rest_.remove_prefix(begin);
            if (!rest_.starts_with("//"))
                return;
            rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
        }
    }

    Token quoted_text() {
        rest_.remove_prefix(1);
        const std::size_t end = std::min(rest_.find_first_of("\"\n"), rest_.size());
        Token text{Token::Kind::Word, std::string{rest_.substr(0, end)}};
        rest_.remove_prefix(end);
        if (rest_.starts_with('"'))
            rest_.remove_prefix(1);
        return text;
    }

    std::string_view rest_;
};

/// What the keys do at the end of a file: later bindings of a key replace earlier ones.
class QuakeKeys {
public:
    /// Without a command the key does nothing.
    void bind(const std::string& key, std::string command) {
        if (command == "<unbound>")
            command.clear();
        const auto [place, is_new] = places_.try_emplace(small_letters(key), rows_.size());
        if (is_new)
            rows_.push_back({std::move(command), key, one_or_none(control_of_quake_key(key))});
        else
            rows_[place->second].command = std::move(command);
    }

    void unbind_all() {
        places_.clear();
        rows_.clear();
        complete_ = true;
    }

    [[nodiscard]] bool empty() const { return rows_.empty(); }

    [[nodiscard]] GameBindings take() && {
        GameBindings all;
        all.complete = complete_;
        for (GameBinding& row : rows_) {
            if (row.command.empty())
                all.freed.insert(all.freed.end(), row.controls.begin(), row.controls.end());
            else
                all.bindings.push_back(std::move(row));
        }
        return all;
    }

private:
    std::unordered_map<std::string, std::size_t> places_;  ///< key in small letters → row
    std::vector<GameBinding> rows_;
    bool complete_ = false;
};

/// `bind KEY COMMAND` and its kin, one statement a line.
void apply_statement(QuakeKeys& keys, const std::vector<std::string>& words, bool& any) {
    if (words.empty())
        return;
    const std::string verb = small_letters(words[0]);
    if (verb == "unbindall" || verb == "unbindallmousekeyboard") {
        keys.unbind_all();
    } else if (verb == "unbind" && words.size() == 2) {
        keys.bind(words[1], {});
    } else if (verb == "bind" && words.size() >= 3) {
        any = true;
        // Without quotes the rest of the line is the command.
        keys.bind(words[1], fmt::format("{}", fmt::join(words.begin() + 2, words.end(), " ")));
    }
}

/// What Source 2 calls the old commands now.
std::string old_command(const std::string& command) {
    static const std::map<std::string, std::string, std::less<>> kOld{
        {"+left", "+moveleft"},
        {"+right", "+moveright"},
        {"+turnleft", "+left"},
        {"+turnright", "+right"},
        {"+sprint", "+speed"}};
    const auto found = kOld.find(command);
    return found == kOld.end() ? command : found->second;
}

/// The "bindings" { "key" "command" … } of Source 2; nothing when there is no such block.
std::optional<QuakeKeys> read_bindings_block(std::string_view text) {
    QuakeTokens tokens{text};
    QuakeKeys keys;
    bool named = false;
    bool inside = false;
    std::optional<std::string> key;
    while (const auto token = tokens.next()) {
        if (token->kind == Token::Kind::End)
            continue;
        if (!inside) {
            inside = named && token->kind == Token::Kind::Open;
            named = token->kind == Token::Kind::Word && small_letters(token->text) == "bindings";
            continue;
        }
        if (token->kind != Token::Kind::Word)
            return keys;
        if (!key) {
            key = token->text;
        } else {
            keys.bind(*key, old_command(token->text));
            key.reset();
        }
    }
    return inside ? std::optional{keys} : std::nullopt;
}

struct NamedValue {
    std::string_view name;
    std::string_view value;
};

std::optional<NamedValue> named_value(std::string_view line, std::string_view separators) {
    line = trimmed(line);
    const std::size_t end = line.find_first_of(separators);
    if (end == std::string_view::npos || line.starts_with('#'))
        return std::nullopt;
    return NamedValue{line.substr(0, end), trimmed(line.substr(end + 1))};
}

/// The keys that Doom does not tell apart.
std::vector<std::string> doom_controls(int code) {
    switch (code) {
    case 29:
        return {"Left Ctrl", "Right Ctrl"};
    case 42:
    case 54:
        return {"Left Shift", "Right Shift"};
    case 56:
        return {"Left Alt", "Right Alt"};
    case 69:
        return {"Pause"};
    case 71:
        return {"Home"};
    case 72:
        return {"Up"};
    case 73:
        return {"Page Up"};
    case 74:
        return {"-"};
    case 75:
        return {"Left"};
    case 77:
        return {"Right"};
    case 79:
        return {"End"};
    case 80:
        return {"Down"};
    case 81:
        return {"Page Down"};
    case 82:
        return {"Insert"};
    case 83:
        return {"Delete"};
    default:
        return one_or_none(control_of_scan_code(code));
    }
}

std::vector<std::string> doom_buttons(int button) {
    static const std::vector<std::string> kButtons{
        "Mouse1", "Mouse2", "Mouse3", "WheelUp", "WheelDown"};
    if (button < 0 || static_cast<std::size_t>(button) >= kButtons.size())
        return {};
    return {kButtons[static_cast<std::size_t>(button)]};
}

}  // namespace

Result<GameBindings> read_quake_bindings(std::string_view text) {
    constexpr const char* kGame = "a Quake or Source game (bind \"w\" \"+forward\")";
    if (auto block = read_bindings_block(text)) {
        if (block->empty())
            return no_bindings(kGame);
        return std::move(*block).take();
    }
    QuakeTokens tokens{text};
    QuakeKeys keys;
    bool any = false;
    std::vector<std::string> words;
    while (const auto token = tokens.next()) {
        if (token->kind == Token::Kind::Word) {
            words.push_back(token->text);
        } else if (token->kind == Token::Kind::End) {
            apply_statement(keys, words, any);
            words.clear();
        }
    }
    apply_statement(keys, words, any);
    if (!any)
        return no_bindings(kGame);
    return std::move(keys).take();
}

Result<GameBindings> read_doom_bindings(std::string_view text) {
    GameBindings all;
    for (const std::string_view line : lines_of(text)) {
        const auto entry = named_value(line, " \t");
        int code = 0;
        if (!entry || !parse_number(entry->value, code))
            continue;
        // Inside menus and while choosing whom to write to, keys mean something else.
        const bool in_game = !entry->name.starts_with("key_menu_") &&
                             !entry->name.starts_with("key_multi_msgplayer");
        if (!in_game && entry->name != "key_menu_activate")
            continue;
        const bool key = entry->name.starts_with("key_");
        if (!key && !entry->name.starts_with("mouseb_"))
            continue;
        if (key ? code == 0 : code == -1)
            all.unbound.emplace_back(entry->name);
        else
            all.bindings.push_back(
                {std::string{entry->name},
                 std::string{entry->value},
                 key ? doom_controls(code) : doom_buttons(code)});
    }
    if (all.bindings.empty())
        return no_bindings("chocolate-doom (key_fire 29)");
    return all;
}

Result<GameBindings> read_minecraft_bindings(std::string_view text) {
    GameBindings all;
    for (const std::string_view line : lines_of(text)) {
        const auto entry = named_value(line, ":");
        if (!entry || !entry->name.starts_with("key_"))
            continue;
        std::string command{entry->name};
        int code = 0;
        const bool old = parse_number(entry->value, code);
        // Mods write a modifier behind the key: "key.keyboard.g:CONTROL".
        const std::string_view key = entry->value.substr(0, entry->value.find(':'));
        if (old ? code == 0 : key == "key.keyboard.unknown") {
            all.unbound.push_back(std::move(command));
            continue;
        }
        GameBinding binding{std::move(command), std::string{entry->value}, {}};
        if (key != entry->value)
            binding.without_controls = "a key that counts with another one only cannot be told";
        else
            binding.controls =
                one_or_none(old ? control_of_lwjgl_code(code) : control_of_minecraft_key(key));
        all.bindings.push_back(std::move(binding));
    }
    if (all.bindings.empty())
        return no_bindings("Minecraft (key_key.forward:key.keyboard.w)");
    return all;
}

}  // namespace hindsight::actions
