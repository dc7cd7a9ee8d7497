#include "strip/strip.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace hindsight::arena {

namespace {

constexpr int kBytes = 20;
constexpr int kChecked = kBytes - 2;
constexpr std::uint8_t kBeginning = 0b10110010;
static_assert(kBytes * 8 == kStripColumns * kStripRows);

constexpr std::uint32_t kWhite = 0xffffff;
constexpr std::uint32_t kBlack = 0x000000;
constexpr int kBright = 150;
constexpr int kDark = 100;

using Bytes = std::array<std::uint8_t, kBytes>;

/// CRC-16/CCITT-FALSE.
std::uint16_t checksum(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = 0xffff;
    for (const std::uint8_t byte : bytes) {
        crc ^= static_cast<std::uint32_t>(byte) << 8;
        for (int i = 0; i < 8; ++i)
            crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    }
    return static_cast<std::uint16_t>(crc);
}

class Packer {
public:
    void put(std::uint32_t value, int bytes) {
        for (int i = bytes - 1; i >= 0; --i)
            packed_[at_++] = static_cast<std::uint8_t>(value >> (8 * i));
    }

    void put_signed(int value, int bytes) {
        const int limit = (1 << (8 * bytes - 1)) - 1;
        put(static_cast<std::uint32_t>(std::clamp(value, -limit, limit)), bytes);
    }

    Bytes finish() {
        put(checksum(std::span{packed_}.first(kChecked)), 2);
        return packed_;
    }

private:
    Bytes packed_{};
    std::size_t at_ = 0;
};

class Unpacker {
public:
    explicit Unpacker(const Bytes& packed) : packed_{packed} {}

    std::uint32_t take(int bytes) {
        std::uint32_t value = 0;
        for (int i = 0; i < bytes; ++i)
            value = value << 8 | packed_[at_++];
        return value;
    }

    int take_signed(int bytes) {
        const auto value = static_cast<int>(take(bytes));
        const int half = 1 << (8 * bytes - 1);
        return value >= half ? value - 2 * half : value;
    }

private:
    const Bytes& packed_;
    std::size_t at_ = 0;
};

Bytes pack(const FrameMark& mark) {
    Packer packer;
    packer.put(kBeginning, 1);
    packer.put(mark.frame, 4);
    packer.put(mark.held, 3);
    packer.put(static_cast<std::uint32_t>(mark.mode), 1);
    packer.put_signed(mark.look.x, 2);
    packer.put_signed(mark.look.y, 2);
    packer.put_signed(mark.move.x, 1);
    packer.put_signed(mark.move.y, 1);
    packer.put_signed(mark.stick.x, 1);
    packer.put_signed(mark.stick.y, 1);
    packer.put(mark.events, 1);
    return packer.finish();
}

std::optional<FrameMark> unpack(const Bytes& packed) {
    Unpacker unpacker{packed};
    if (unpacker.take(1) != kBeginning)
        return std::nullopt;
    FrameMark mark;
    mark.frame = unpacker.take(4);
    mark.held = unpacker.take(3);
    const std::uint32_t mode = unpacker.take(1);
    mark.look.x = unpacker.take_signed(2);
    mark.look.y = unpacker.take_signed(2);
    mark.move.x = unpacker.take_signed(1);
    mark.move.y = unpacker.take_signed(1);
    mark.stick.x = unpacker.take_signed(1);
    mark.stick.y = unpacker.take_signed(1);
    mark.events = static_cast<std::uint8_t>(unpacker.take(1));
    if (unpacker.take(2) != checksum(std::span{packed}.first(kChecked)) ||
        mode >= static_cast<std::uint32_t>(Mode::Count))
        return std::nullopt;
    mark.mode = static_cast<Mode>(mode);
    return mark;
}

/// Mean luma of the middle half of a box; -1 when it lies outside.
int mean(const test::Luma& luma, double x, double y, double side) {
    const int left = static_cast<int>(std::lround(x + side / 4));
    const int right = std::max(left + 1, static_cast<int>(std::lround(x + side * 3 / 4)));
    const int top = static_cast<int>(std::lround(y + side / 4));
    const int bottom = std::max(top + 1, static_cast<int>(std::lround(y + side * 3 / 4)));
    if (left < 0 || top < 0 || right > luma.width || bottom > luma.height)
        return -1;
    int sum = 0;
    for (int row = top; row < bottom; ++row)
        for (int column = left; column < right; ++column)
            sum += luma.data[static_cast<std::ptrdiff_t>(row) * luma.stride + column];
    return sum / ((right - left) * (bottom - top));
}

}  // namespace

FrameMark mark_of(const State& state, const Inputs& inputs, const std::vector<Event>& events) {
    FrameMark mark;
    mark.frame = static_cast<std::uint32_t>(state.frame);
    mark.held = (inputs.held | inputs.down) & kAllActions;
    mark.mode = state.mode;
    mark.look = inputs.look;
    mark.move = inputs.move;
    mark.stick = inputs.stick;
    for (const Event event : events)
        mark.events |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(event));
    return mark;
}

void draw_strip(const Canvas& canvas, const FrameMark& mark) {
    const Bytes packed = pack(mark);
    const int cell = strip_cell(canvas.width);
    for (int y = 0; y < kStripRows * cell && y < canvas.height; ++y) {
        std::uint32_t* row = canvas.pixels + static_cast<std::ptrdiff_t>(y) * canvas.stride;
        for (int column = 0; column < kStripColumns; ++column) {
            const int place = y / cell * kStripColumns + column;
            const int byte = packed[static_cast<std::size_t>(place / 8)];
            const bool white = ((byte >> (7 - place % 8)) & 1) != 0;
            std::fill_n(row + column * cell, cell, white ? kWhite : kBlack);
        }
        std::fill(row + kStripColumns * cell, row + canvas.width, kBlack);
    }
}

std::optional<FrameMark> read_strip(const test::Luma& luma, const StripLayout& layout) {
    const double cell = layout.cell > 0 ? layout.cell : strip_cell(luma.width);
    if (cell < 1)
        return std::nullopt;
    Bytes packed{};
    for (int place = 0; place < kBytes * 8; ++place) {
        const int row = place / kStripColumns;
        const int column = place % kStripColumns;
        const int level = mean(luma, layout.x + column * cell, layout.y + row * cell, cell);
        if (level < 0 || (level > kDark && level < kBright))
            return std::nullopt;
        if (level >= kBright)
            packed[static_cast<std::size_t>(place / 8)] |=
                static_cast<std::uint8_t>(0x80 >> place % 8);
    }
    return unpack(packed);
}

}  // namespace hindsight::arena
