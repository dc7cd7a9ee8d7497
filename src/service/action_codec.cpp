#include <hindsight/service/action_codec.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace hindsight::service {

namespace {

using actions::ActionRecord;
constexpr std::size_t kMaxText = 0xffff;

void put_u8(std::vector<std::byte>& out, std::uint8_t value) {
    out.push_back(std::byte{value});
}

void put_u16(std::vector<std::byte>& out, std::uint16_t value) {
    put_u8(out, static_cast<std::uint8_t>(value & 0xff));
    put_u8(out, static_cast<std::uint8_t>(value >> 8));
}

void put_f32(std::vector<std::byte>& out, float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    put_u16(out, static_cast<std::uint16_t>(bits & 0xffff));
    put_u16(out, static_cast<std::uint16_t>(bits >> 16));
}

void put_text(std::vector<std::byte>& out, const std::string& text) {
    const std::size_t size = std::min(text.size(), kMaxText);
    put_u16(out, static_cast<std::uint16_t>(size));
    for (std::size_t i = 0; i < size; ++i)
        out.push_back(static_cast<std::byte>(text[i]));
}

/// Reads forward; `ok` turns false for good when the data ends early.
struct Reader {
    std::span<const std::byte> data;
    bool ok = true;

    std::uint8_t u8() {
        if (data.empty()) {
            ok = false;
            return 0;
        }
        const auto value = std::to_integer<std::uint8_t>(data.front());
        data = data.subspan(1);
        return value;
    }

    std::uint16_t u16() {
        const std::uint16_t low = u8();
        return static_cast<std::uint16_t>(low | (static_cast<unsigned>(u8()) << 8));
    }

    float f32() {
        const std::uint32_t low = u16();
        return std::bit_cast<float>(low | (static_cast<std::uint32_t>(u16()) << 16));
    }

    std::string text() {
        const std::size_t size = u16();
        if (size > data.size()) {
            ok = false;
            return {};
        }
        std::string result(size, '\0');
        std::transform(
            data.begin(),
            data.begin() + static_cast<std::ptrdiff_t>(size),
            result.begin(),
            [](std::byte b) { return static_cast<char>(b); });
        data = data.subspan(size);
        return result;
    }
};

}  // namespace

std::vector<std::byte> encode_action(const ActionRecord& record) {
    std::vector<std::byte> out;
    put_u8(out, static_cast<std::uint8_t>(record.kind));
    switch (record.kind) {
    case ActionRecord::Kind::Value:
        put_u16(out, record.action);
        put_f32(out, record.x);
        put_f32(out, record.y);
        break;
    case ActionRecord::Kind::State:
        put_u16(out, static_cast<std::uint16_t>(std::min(record.held.size(), kMaxText)));
        for (std::size_t i = 0; i < std::min(record.held.size(), kMaxText); ++i)
            put_u16(out, record.held[i]);
        break;
    case ActionRecord::Kind::Mode:
        put_u8(out, static_cast<std::uint8_t>(record.mode));
        break;
    case ActionRecord::Kind::Event:
        put_text(out, record.event);
        put_text(out, record.label);
        break;
    }
    return out;
}

Result<ActionRecord> decode_action(std::span<const std::byte> data, MonoTime t) {
    Reader reader{data};
    ActionRecord record;
    record.t = t;
    const std::uint8_t kind = reader.u8();
    if (kind > static_cast<std::uint8_t>(ActionRecord::Kind::Event))
        return fail(Errc::Corrupt, "an action record has an unknown kind");
    record.kind = static_cast<ActionRecord::Kind>(kind);
    switch (record.kind) {
    case ActionRecord::Kind::Value:
        record.action = reader.u16();
        record.x = reader.f32();
        record.y = reader.f32();
        break;
    case ActionRecord::Kind::State:
        record.held.resize(std::min<std::size_t>(reader.u16(), reader.data.size() / 2));
        for (std::uint16_t& action : record.held)
            action = reader.u16();
        break;
    case ActionRecord::Kind::Mode: {
        const std::uint8_t mode = reader.u8();
        if (mode > static_cast<std::uint8_t>(actions::Mode::Unfocused))
            return fail(Errc::Corrupt, "an action record has an unknown mode");
        record.mode = static_cast<actions::Mode>(mode);
        break;
    }
    case ActionRecord::Kind::Event:
        record.event = reader.text();
        record.label = reader.text();
        break;
    }
    if (!reader.ok || !reader.data.empty())
        return fail(Errc::Corrupt, "an action record has a wrong length");
    return record;
}

}  // namespace hindsight::service
