#include "canary.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <random>

namespace hindsight::test {

namespace {

/// evdev codes of a–z and 0–9.
constexpr std::array<std::uint8_t, 26> kLetters{30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50,
                                                49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45, 21, 44};
constexpr std::array<std::uint8_t, 10> kDigits{11, 2, 3, 4, 5, 6, 7, 8, 9, 10};

/// Records in which a key is one field are hardly longer than this.
constexpr std::size_t kLongestStride = 64;

std::uint8_t evdev_of(char c) {
    return c >= 'a' ? kLetters.at(static_cast<std::size_t>(c - 'a'))
                    : kDigits.at(static_cast<std::size_t>(c - '0'));
}

/// USB HID usage of the keyboard page.
std::uint32_t hid_of(char c) {
    if (c >= 'a')
        return 4u + static_cast<std::uint32_t>(c - 'a');
    return c == '0' ? 39u : 30u + static_cast<std::uint32_t>(c - '1');
}

void append(std::string& bytes, std::uint32_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

bool equal_at(std::string_view data, std::size_t at, std::uint32_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
        if (static_cast<unsigned char>(data[at + i]) != (value >> (8 * i) & 0xff))
            return false;
    }
    return true;
}

/// Whether kEnough of `values` in a row lie in `data`, each `width` bytes, at one distance.
bool find_numbers(
    std::string_view data, const std::vector<std::uint32_t>& values, std::size_t width) {
    const std::size_t enough = Canary::kEnough;
    for (std::size_t first = 0; first + enough <= values.size(); ++first) {
        const char start = static_cast<char>(values[first] & 0xff);
        for (std::size_t at = data.find(start); at != std::string_view::npos;
             at = data.find(start, at + 1)) {
            for (std::size_t stride = width; stride <= kLongestStride; ++stride) {
                if (at + stride * (enough - 1) + width > data.size())
                    break;
                std::size_t matched = 0;
                while (matched < enough &&
                       equal_at(data, at + stride * matched, values[first + matched], width))
                    ++matched;
                if (matched == enough)
                    return true;
            }
        }
    }
    return false;
}

/// The numbers written in a text, in order, decimal and hexadecimal after 0x.
std::vector<std::uint32_t> numbers_in(std::string_view data) {
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < data.size();) {
        if (std::isdigit(static_cast<unsigned char>(data[i])) == 0) {
            ++i;
            continue;
        }
        const bool hex = data.substr(i, 2) == "0x";
        std::uint64_t value = 0;
        i += hex ? 2 : 0;
        for (; i < data.size(); ++i) {
            const auto c = static_cast<unsigned char>(data[i]);
            if (hex ? std::isxdigit(c) == 0 : std::isdigit(c) == 0)
                break;
            const int digit = std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
            value = std::min<std::uint64_t>(
                value * (hex ? 16 : 10) + static_cast<std::uint64_t>(digit), 0xffffffff);
        }
        numbers.push_back(static_cast<std::uint32_t>(value));
    }
    return numbers;
}

/// Whether kEnough of `values` come in a row among `numbers`, with at most `kApart` others between.
bool find_written(
    const std::vector<std::uint32_t>& numbers, const std::vector<std::uint32_t>& values) {
    constexpr std::size_t kApart = 8;
    for (std::size_t first = 0; first + Canary::kEnough <= values.size(); ++first) {
        for (std::size_t stride = 1; stride <= kApart; ++stride) {
            for (std::size_t at = 0; at + stride * (Canary::kEnough - 1) < numbers.size(); ++at) {
                std::size_t matched = 0;
                while (matched < Canary::kEnough &&
                       numbers[at + stride * matched] == values[first + matched])
                    ++matched;
                if (matched == Canary::kEnough)
                    return true;
            }
        }
    }
    return false;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::toupper(c));
    });
    return text;
}

}  // namespace

Canary Canary::random(std::size_t length) {
    std::string alphabet = "abcdefghijklmnopqrsuvwxyz0123456789";  // t opens the chat of some games
    std::random_device device;
    std::mt19937 generator{device()};
    std::shuffle(alphabet.begin(), alphabet.end(), generator);
    Canary canary;
    canary.text_ = alphabet.substr(0, length);
    for (const char c : canary.text_)
        canary.evdev_.push_back(evdev_of(c));
    return canary;
}

std::vector<Canary::Numbers> Canary::codings() const {
    Numbers evdev{"evdev codes", {}};
    Numbers x11{"X11 key codes", {}};
    Numbers hid{"HID usages", {}};
    Numbers keysym{"keysyms", {}};
    Numbers keysym_upper{"keysyms of capitals", {}};
    for (const char c : text_) {
        evdev.values.push_back(evdev_of(c));
        x11.values.push_back(evdev_of(c) + 8u);
        hid.values.push_back(hid_of(c));
        keysym.values.push_back(static_cast<unsigned char>(c));
        keysym_upper.values.push_back(
            static_cast<std::uint32_t>(std::toupper(static_cast<unsigned char>(c))));
    }
    return {evdev, x11, hid, keysym, keysym_upper};
}

std::vector<Canary::Form> Canary::forms() const {
    std::vector<Form> all{{"text", text_}, {"text in capitals", upper(text_)}};
    for (const Numbers& coding : codings()) {
        for (const std::size_t width : {1u, 2u, 4u}) {
            std::string packed;
            std::string in_records;
            for (const std::uint32_t value : coding.values) {
                append(packed, value, width);
                in_records += "record.";
                append(in_records, value, width);
            }
            const std::string bits = std::to_string(8 * width) + " bit";
            all.push_back({coding.name + ", " + bits, packed});
            all.push_back({coding.name + ", " + bits + ", in records", in_records});
        }
        std::string written;
        for (const std::uint32_t value : coding.values)
            written += R"({"t":17,"v":)" + std::to_string(value) + "}\n";
        all.push_back({coding.name + ", written out", written});
    }
    return all;
}

std::vector<std::string> Canary::find_in(std::string_view data) const {
    std::vector<std::string> found;
    const std::vector<std::uint32_t> written = numbers_in(data);
    for (const Numbers& coding : codings()) {
        for (const std::size_t width : {1u, 2u, 4u}) {
            if (find_numbers(data, coding.values, width))
                found.push_back(coding.name + ", " + std::to_string(8 * width) + " bit");
        }
        if (find_written(written, coding.values))
            found.push_back(coding.name + ", written out");
    }
    // A text is its keysyms in 8 bit, and so found above; in UTF-16 it is those in 16 bit.
    return found;
}

}  // namespace hindsight::test
