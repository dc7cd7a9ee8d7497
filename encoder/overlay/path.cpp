#include "path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace hindsight::overlay {

namespace {

Contour clockwise_round_rect(Box b, double r) {
    const double k = r * (1 - kArc);
    const double right = b.x + b.w;
    const double bottom = b.y + b.h;
    Contour contour{{b.x + r, b.y}, {}};
    contour.line({right - r, b.y})
        .curve({right - k, b.y}, {right, b.y + k}, {right, b.y + r})
        .line({right, bottom - r})
        .curve({right, bottom - k}, {right - k, bottom}, {right - r, bottom})
        .line({b.x + r, bottom})
        .curve({b.x + k, bottom}, {b.x, bottom - k}, {b.x, bottom - r})
        .line({b.x, b.y + r})
        .curve({b.x, b.y + k}, {b.x + k, b.y}, {b.x + r, b.y});
    return contour;
}

}  // namespace

Contour reversed(const Contour& contour) {
    std::vector<Point> from{contour.start};
    for (const Contour::Step& step : contour.steps)
        from.push_back(step.to);
    Contour result{from.back(), {}};
    for (std::size_t i = contour.steps.size(); i-- > 0;) {
        const Contour::Step& step = contour.steps[i];
        result.steps.push_back({step.curve, step.b, step.a, from[i]});
    }
    return result;
}

Contour round_rect(Box box, double radius, Turn turn) {
    const double r = std::max(0.0, std::min({radius, box.w / 2, box.h / 2}));
    const Contour contour = clockwise_round_rect(box, r);
    return turn == Turn::Clockwise ? contour : reversed(contour);
}

Contour disc(Point center, double radius, Turn turn) {
    return round_rect({center.x - radius, center.y - radius, 2 * radius, 2 * radius}, radius, turn);
}

Contour polygon(const std::vector<Point>& points) {
    Contour contour{points.front(), {}};
    for (std::size_t i = 1; i < points.size(); ++i)
        contour.line(points[i]);
    return contour;
}

Contour capsule(Point from, Point to, double w) {
    const double angle = std::atan2(to.y - from.y, to.x - from.x);
    const Point n{-std::sin(angle) * w / 2, std::cos(angle) * w / 2};
    const Point d{std::cos(angle) * w / 2, std::sin(angle) * w / 2};
    const auto at = [](Point p, double ndx, Point n1, double ddx, Point d1) {
        return Point{p.x + ndx * n1.x + ddx * d1.x, p.y + ndx * n1.y + ddx * d1.y};
    };
    Contour contour{at(from, -1, n, 0, d), {}};
    contour.line(at(to, -1, n, 0, d))
        .curve(at(to, -1, n, kArc, d), at(to, -kArc, n, 1, d), at(to, 0, n, 1, d))
        .curve(at(to, kArc, n, 1, d), at(to, 1, n, kArc, d), at(to, 1, n, 0, d))
        .line(at(from, 1, n, 0, d))
        .curve(at(from, 1, n, -kArc, d), at(from, kArc, n, -1, d), at(from, 0, n, -1, d))
        .curve(at(from, -kArc, n, -1, d), at(from, -1, n, -kArc, d), at(from, -1, n, 0, d));
    return contour;
}

Contour mirrored(const Contour& contour, double x) {
    const auto flip = [x](Point p) { return Point{2 * x - p.x, p.y}; };
    Contour result{flip(contour.start), {}};
    for (const Contour::Step& step : contour.steps)
        result.steps.push_back({step.curve, flip(step.a), flip(step.b), flip(step.to)});
    return result;
}

Path ring(Box outer, double outer_radius, Box inner, double inner_radius) {
    Path path;
    path.add(round_rect(outer, outer_radius)).add(round_rect(inner, inner_radius, Turn::Counter));
    return path;
}

Path ring(Point center, double outer_radius, double inner_radius) {
    Path path;
    path.add(disc(center, outer_radius)).add(disc(center, inner_radius, Turn::Counter));
    return path;
}

std::string drawing(const Path& path, const Placement& placement) {
    std::string text;
    const auto put = [&](Point p) {
        fmt::format_to(
            std::back_inserter(text),
            " {} {}",
            std::lround((p.x * placement.scale + placement.at.x) * 8),
            std::lround((p.y * placement.scale + placement.at.y) * 8));
    };
    for (const Contour& contour : path.contours) {
        text += text.empty() ? "m" : " m";
        put(contour.start);
        char mode = 'm';
        for (const Contour::Step& step : contour.steps) {
            const char wanted = step.curve ? 'b' : 'l';
            if (mode != wanted) {
                text += ' ';
                text += wanted;
                mode = wanted;
            }
            if (step.curve) {
                put(step.a);
                put(step.b);
            }
            put(step.to);
        }
    }
    return text;
}

}  // namespace hindsight::overlay
