#pragma once

// Filled outlines in overlay units, and their form as ASS drawings. Every shape of the overlay is
// such a path: rings are two contours of opposite direction (non-zero rule).

#include <string>
#include <vector>

namespace hindsight::overlay {

struct Point {
    double x = 0;
    double y = 0;
};

enum class Turn { Clockwise, Counter };

/// One closed contour: a start, then lines (one point) and cubic curves (three points).
struct Contour {
    struct Step {
        bool curve = false;
        Point a, b;  ///< control points of a curve
        Point to;
    };

    Point start;
    std::vector<Step> steps;

    Contour& line(Point to) {
        steps.push_back({false, {}, {}, to});
        return *this;
    }

    Contour& curve(Point a, Point b, Point to) {
        steps.push_back({true, a, b, to});
        return *this;
    }
};

struct Path {
    std::vector<Contour> contours;

    Path& add(Contour contour) {
        contours.push_back(std::move(contour));
        return *this;
    }

    Path& add(const Path& other) {
        contours.insert(contours.end(), other.contours.begin(), other.contours.end());
        return *this;
    }

    [[nodiscard]] bool empty() const { return contours.empty(); }
};

struct Box {
    double x = 0;
    double y = 0;
    double w = 0;
    double h = 0;

    /// Larger by `d` on every side.
    [[nodiscard]] Box grown(double d) const { return {x - d, y - d, w + 2 * d, h + 2 * d}; }

    [[nodiscard]] Point center() const { return {x + w / 2, y + h / 2}; }
};

/// How much of a corner's side a Bézier quarter circle leaves to its handles.
inline constexpr double kArc = 0.5523;

[[nodiscard]] Contour round_rect(Box box, double radius, Turn turn = Turn::Clockwise);
[[nodiscard]] Contour disc(Point center, double radius, Turn turn = Turn::Clockwise);
[[nodiscard]] Contour polygon(const std::vector<Point>& points);
/// A line of width `w` with round ends.
[[nodiscard]] Contour capsule(Point from, Point to, double w);
/// Mirrored at the vertical line through `x`; the direction turns round, too.
[[nodiscard]] Contour mirrored(const Contour& contour, double x);
[[nodiscard]] Contour reversed(const Contour& contour);

/// Two contours: `outer` filled but for `inner`.
[[nodiscard]] Path ring(Box outer, double outer_radius, Box inner, double inner_radius);
[[nodiscard]] Path ring(Point center, double outer_radius, double inner_radius);

/// Overlay units to pixels.
struct Placement {
    double scale = 1;
    Point at;
};

/// Text of an ASS drawing in 1/8 pixels (`\p4`).
[[nodiscard]] std::string drawing(const Path& path, const Placement& placement);

}  // namespace hindsight::overlay
