#pragma once

#include <hindsight/overlay/overlay.hpp>

#include <compare>
#include <cstdint>

namespace hindsight::overlay {

struct Ink {
    std::uint32_t rgb = 0;  ///< 0xRRGGBB
    double alpha = 1;

    // clang-tidy 14 takes the comparison with 0 for one with a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const Ink&) const = default;

    [[nodiscard]] Ink with_alpha(double a) const { return {rgb, a}; }
};

struct Colours {
    Ink cell, ring, halo, label, accent, on;
};

inline constexpr Ink kWhite{0xFFFFFF, 1};
inline constexpr Ink kRecess{0x000000, .35};  ///< recesses of the controller

/// Contrast of label to cell and of `on` to accent is at least 4.5 in each.
[[nodiscard]] inline Colours colours(Theme theme) {
    switch (theme) {
    case Theme::Paper:
        return {
            .cell = {0xFFFFFF, .84},
            .ring = {0x0B0E12, .30},
            .halo = {0x000000, .42},
            .label = {0x12171D, .96},
            .accent = {0x0A6E61, 1},
            .on = {0xFFFFFF, 1}};
    case Theme::Outline:
        return {
            .cell = {0x0B0E12, .56},
            .ring = {0xFFFFFF, .95},
            .halo = {0x000000, .62},
            .label = {0xFFFFFF, 1},
            .accent = {0xFFFFFF, 1},
            .on = {0x0B0E12, 1}};
    case Theme::Midnight:
        break;
    }
    return {
        .cell = {0x0B0E12, .74},
        .ring = {0xFFFFFF, .34},
        .halo = {0x000000, .38},
        .label = {0xFFFFFF, .94},
        .accent = {0x4DE6CA, 1},
        .on = {0x04211C, 1}};
}

}  // namespace hindsight::overlay
