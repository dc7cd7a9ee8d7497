#include "parameter_sets.hpp"

#include <hindsight/core/mp4_sample.hpp>

#include <algorithm>
#include <cstdint>

namespace hindsight::mux {

namespace {

constexpr int kSequenceSet = 7;
constexpr int kPictureSet = 8;
/// A sequence set starts with its type, profile, constraints and level.
constexpr std::size_t kSequenceHead = 4;

struct ParameterSet {
    int type = 0;
    int profile = 0;  ///< of a sequence set
    std::uint32_t id = 0;
    std::span<const std::byte> unit;
};

/// An Exp-Golomb number at the start of `data`; the numbers of sets are small.
std::optional<std::uint32_t> leading_number(std::span<const std::byte> data) {
    const auto bit = [&](std::size_t at) {
        return std::to_integer<unsigned>(data[at / 8]) >> (7 - at % 8) & 1u;
    };
    const std::size_t bits = data.size() * 8;
    std::size_t zeros = 0;
    while (zeros < bits && bit(zeros) == 0)
        ++zeros;
    if (zeros > 16 || 2 * zeros + 1 > bits)
        return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = zeros; i <= 2 * zeros; ++i)
        value = value << 1 | bit(i);
    return value - 1;
}

std::optional<ParameterSet> parse(std::span<const std::byte> unit) {
    if (unit.empty())
        return std::nullopt;
    ParameterSet set{
        .type = std::to_integer<int>(unit[0]) & 0x1f, .profile = 0, .id = 0, .unit = unit};
    const bool sequence = set.type == kSequenceSet;
    if (!sequence && set.type != kPictureSet)
        return set;
    const std::size_t head = sequence ? kSequenceHead : 1;
    if (unit.size() <= head)
        return std::nullopt;
    const auto id = leading_number(unit.subspan(head));
    if (!id)
        return std::nullopt;
    set.id = *id;
    set.profile = sequence ? std::to_integer<int>(unit[1]) : 0;
    return set;
}

std::optional<std::vector<ParameterSet>> parse_all(std::span<const std::byte> description) {
    std::vector<ParameterSet> sets;
    for (const auto unit : annex_b_units(description)) {
        const auto set = parse(unit);
        if (!set)
            return std::nullopt;
        sets.push_back(*set);
    }
    return sets.empty() ? std::nullopt : std::optional{std::move(sets)};
}

bool equal(std::span<const std::byte> a, std::span<const std::byte> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// False: `set` contradicts one that is there.
bool add(std::vector<ParameterSet>& sets, const ParameterSet& set) {
    // What else encoders write there (a line about themselves) stays as the first one wrote it.
    if (set.type != kSequenceSet && set.type != kPictureSet)
        return true;
    const auto known = std::find_if(sets.begin(), sets.end(), [&](const ParameterSet& other) {
        return other.type == set.type && other.id == set.id;
    });
    if (known != sets.end())
        return equal(known->unit, set.unit);
    sets.push_back(set);
    return true;
}

}  // namespace

std::optional<std::vector<std::byte>>
joined_parameter_sets(std::span<const std::byte> first, std::span<const std::byte> second) {
    auto sets = parse_all(first);
    const auto more = parse_all(second);
    if (!sets || !more)
        return std::nullopt;
    for (const ParameterSet& set : *more)
        if (!add(*sets, set))
            return std::nullopt;
    std::stable_sort(sets->begin(), sets->end(), [](const ParameterSet& a, const ParameterSet& b) {
        return a.profile > b.profile;
    });
    std::vector<std::byte> joined;
    constexpr std::byte kStartCode[]{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
    for (const ParameterSet& set : *sets) {
        joined.insert(joined.end(), std::begin(kStartCode), std::end(kStartCode));
        joined.insert(joined.end(), set.unit.begin(), set.unit.end());
    }
    return joined;
}

std::optional<StreamInfo> joined_stream(const StreamInfo& track, const StreamInfo& next) {
    StreamInfo joined = track;
    if (track.codec == "h264" && track.extradata != next.extradata) {
        auto sets = joined_parameter_sets(track.extradata, next.extradata);
        if (!sets)
            return std::nullopt;
        joined.extradata = *std::move(sets);
    }
    StreamInfo like = next;
    like.extradata = joined.codec == "h264" ? joined.extradata : next.extradata;
    return like == joined ? std::optional{std::move(joined)} : std::nullopt;
}

}  // namespace hindsight::mux
