#include "glyphs.hpp"

#include <hindsight/core/handle.hpp>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

#include <utility>
#include <vector>

namespace hindsight::overlay {

namespace {

using LibraryHandle = UniqueHandle<FT_LibraryRec_, FT_Done_FreeType>;
using FaceHandle = UniqueHandle<FT_FaceRec_, FT_Done_Face>;

struct Glyph {
    std::vector<Contour> contours;  ///< in font units, y upwards
    double advance = 0;
};

/// Our labels are short and ours: malformed bytes end the text.
std::vector<char32_t> decode(std::string_view text) {
    std::vector<char32_t> characters;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (i + length > text.size())
            break;
        char32_t c = length == 1 ? lead : lead & (0xffU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k)
            c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
        characters.push_back(c);
        i += length;
    }
    return characters;
}

Point point(const FT_Vector* v) {
    return {static_cast<double>(v->x), static_cast<double>(v->y)};
}

std::vector<Contour>& contours(void* user) {
    return static_cast<Glyph*>(user)->contours;
}

Point last(const Contour& contour) {
    return contour.steps.empty() ? contour.start : contour.steps.back().to;
}

int move_to(const FT_Vector* to, void* user) noexcept {
    contours(user).push_back({point(to), {}});
    return 0;
}

int line_to(const FT_Vector* to, void* user) noexcept {
    contours(user).back().line(point(to));
    return 0;
}

int conic_to(const FT_Vector* control, const FT_Vector* to, void* user) noexcept {
    Contour& contour = contours(user).back();
    const Point p0 = last(contour);
    const Point c = point(control);
    const Point p1 = point(to);
    contour.curve(
        {p0.x + (c.x - p0.x) * 2 / 3, p0.y + (c.y - p0.y) * 2 / 3},
        {p1.x + (c.x - p1.x) * 2 / 3, p1.y + (c.y - p1.y) * 2 / 3},
        p1);
    return 0;
}

int cubic_to(const FT_Vector* a, const FT_Vector* b, const FT_Vector* to, void* user) noexcept {
    contours(user).back().curve(point(a), point(b), point(to));
    return 0;
}

}  // namespace

struct Glyphs::Impl {
    LibraryHandle library;
    FaceHandle face;
    double units_per_em = 1000;
    double cap_height = 700;  ///< font units
    std::map<char32_t, Glyph> cache;

    const Glyph& glyph(char32_t c) {
        const auto found = cache.find(c);
        if (found != cache.end())
            return found->second;
        Glyph glyph;
        const FT_UInt index = FT_Get_Char_Index(face.get(), c);
        if (index != 0 && FT_Load_Glyph(face.get(), index, FT_LOAD_NO_SCALE) == 0) {
            glyph.advance = static_cast<double>(face->glyph->metrics.horiAdvance);
            const FT_Outline_Funcs walk{move_to, line_to, conic_to, cubic_to, 0, 0};
            if (face->glyph->format == FT_GLYPH_FORMAT_OUTLINE)
                FT_Outline_Decompose(&face->glyph->outline, &walk, &glyph);
        }
        return cache.emplace(c, std::move(glyph)).first->second;
    }
};

Glyphs::Glyphs(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

Glyphs::Glyphs(Glyphs&&) noexcept = default;
Glyphs& Glyphs::operator=(Glyphs&&) noexcept = default;
Glyphs::~Glyphs() = default;

Result<Glyphs> Glyphs::open(const std::filesystem::path& font) {
    auto impl = std::make_unique<Impl>();
    FT_Library library = nullptr;
    if (const FT_Error error = FT_Init_FreeType(&library); error != 0)
        return fail(Errc::External, "the font library does not start", error);
    impl->library.reset(library);
    FT_Face face = nullptr;
    const FT_Error error = FT_New_Face(library, font.c_str(), 0, &face);
    if (error == FT_Err_Cannot_Open_Resource)
        return fail(Errc::NotFound, "the overlay's font is not installed", error);
    if (error != 0)
        return fail(Errc::Corrupt, "the overlay's font cannot be read", error);
    impl->face.reset(face);
    if (face->units_per_EM == 0)
        return fail(Errc::Corrupt, "the overlay's font has no outlines");
    impl->units_per_em = face->units_per_EM;
    const auto* os2 = static_cast<const TT_OS2*>(FT_Get_Sfnt_Table(face, FT_SFNT_OS2));
    if (os2 != nullptr && os2->version >= 2 && os2->sCapHeight > 0)
        impl->cap_height = os2->sCapHeight;
    return Glyphs{std::move(impl)};
}

Path Glyphs::text(std::string_view text, Point at, double size) const {
    const double em = size / impl_->units_per_em;
    double x = at.x - width(text, size) / 2;
    const double y = at.y + impl_->cap_height * em / 2;
    Path path;
    for (const char32_t c : decode(text)) {
        const Glyph& glyph = impl_->glyph(c);
        const auto place = [&](Point p) { return Point{x + p.x * em, y - p.y * em}; };
        for (const Contour& contour : glyph.contours) {
            Contour placed{place(contour.start), {}};
            for (const Contour::Step& step : contour.steps)
                placed.steps.push_back({step.curve, place(step.a), place(step.b), place(step.to)});
            path.add(std::move(placed));
        }
        x += glyph.advance * em;
    }
    return path;
}

double Glyphs::width(std::string_view text, double size) const {
    double units = 0;
    for (const char32_t c : decode(text))
        units += impl_->glyph(c).advance;
    return units * size / impl_->units_per_em;
}

}  // namespace hindsight::overlay
