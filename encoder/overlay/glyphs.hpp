#pragma once

#include "path.hpp"

#include <hindsight/core/result.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string_view>

namespace hindsight::overlay {

/// Outlines of a font's characters, so that no player needs the font.
class Glyphs {
public:
    /// Errors: NotFound, Corrupt.
    [[nodiscard]] static Result<Glyphs> open(const std::filesystem::path& font);

    Glyphs(Glyphs&&) noexcept;
    Glyphs& operator=(Glyphs&&) noexcept;
    Glyphs(const Glyphs&) = delete;
    Glyphs& operator=(const Glyphs&) = delete;
    ~Glyphs();

    /// `text` (UTF-8) centred on `at` by its cap height, in overlay units. Characters that the font
    /// lacks are left out.
    [[nodiscard]] Path text(std::string_view text, Point at, double size) const;

    [[nodiscard]] double width(std::string_view text, double size) const;

private:
    struct Impl;
    explicit Glyphs(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::overlay
