#pragma once

// A secret that is typed, and the search for it: as letters and as every code that keys have, in
// numbers of 8, 16 and 32 bits, at any fixed distance from each other (so that records are found in
// which a code is one field of many), and written out as numbers in a text.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::test {

class Canary {
public:
    /// A fresh one of `length` different letters and digits, no two neighbours in order.
    static Canary random(std::size_t length);

    /// Letters and digits as typed.
    [[nodiscard]] const std::string& text() const { return text_; }

    /// linux/input-event-codes.h, in the order of typing.
    [[nodiscard]] const std::vector<std::uint8_t>& evdev_codes() const { return evdev_; }

    struct Form {
        std::string name;   ///< "keysyms, 32 bit"
        std::string bytes;  ///< as it would lie in memory, for planting
    };

    /// Every form that is searched.
    [[nodiscard]] std::vector<Form> forms() const;

    /// Names of the forms that `data` contains, whole or in part (see kEnough).
    [[nodiscard]] std::vector<std::string> find_in(std::string_view data) const;

    /// So many characters in a row count as found; fewer occur by chance in videos.
    static constexpr std::size_t kEnough = 8;

private:
    struct Numbers {
        std::string name;
        std::vector<std::uint32_t> values;
    };

    [[nodiscard]] std::vector<Numbers> codings() const;

    std::string text_;
    std::vector<std::uint8_t> evdev_;
};

}  // namespace hindsight::test
