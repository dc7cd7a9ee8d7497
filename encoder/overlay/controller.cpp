#include "layouts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

namespace hindsight::overlay {

namespace {

using actions::AnalogStep;
using When = Scene::When;

constexpr double kAxis = 200;  ///< the body's middle line
constexpr double kTravel = 15;

enum Layer {
    LayerHalo,
    LayerBody,
    LayerBodyEdge,
    LayerWell,
    LayerPart,
    LayerTail,
    LayerEdge,
    LayerLabel,
    LayerPressed,
    LayerDot,
    LayerTop
};

/// The body's outline, larger by `e`: the right half from the top centre, then its mirror image.
Contour body(double e) {
    const std::array<Point, 19> right{{
        {200, 74 - e},
        {200, 74 - e},
        {246, 74 - e},
        {264, 74 - e},
        {288, 62 - e},
        {330, 64 - e},
        {348 + e * .6, 90 - e * .6},
        {370 + e, 126},
        {394 + e, 212},
        {390 + e, 250},
        {386 + e, 286 + e},
        {350, 294 + e},
        {330 - e * .4, 270 + e},
        {310, 248 + e},
        {292, 238 + e},
        {268, 238 + e},
        {250, 238 + e},
        {220, 238 + e},
        {200, 238 + e},
    }};
    Contour contour{right.front(), {}};
    for (std::size_t i = 1; i + 2 < right.size(); i += 3)
        contour.curve(right[i], right[i + 1], right[i + 2]);
    const auto flip = [](Point p) { return Point{2 * kAxis - p.x, p.y}; };
    for (std::size_t i = right.size() - 1; i >= 3; i -= 3)
        contour.curve(flip(right[i - 1]), flip(right[i - 2]), flip(right[i - 3]));
    return contour;
}

/// A value that does not change between `from` and `to`.
struct Segment {
    Span span;
    double x = 0;
    double y = 0;
};

class Controller {
public:
    Controller(const ControlMap& controls, const Colours& colours, const Glyphs& glyphs)
        : controls_{controls}, c_{colours}, glyphs_{glyphs} {}

    Scene draw() {
        scene_.width = 400;
        scene_.height = 290;
        draw_trigger("PadLeftTrigger", "LT", 66);
        draw_trigger("PadRightTrigger", "RT", 276);
        draw_cell("PadLeftShoulder", {56, 40, 78, 20}, 9, "LB", 13);
        draw_cell("PadRightShoulder", {266, 40, 78, 20}, 9, "RB", 13);
        scene_.still(LayerHalo, Path{}.add(body(2)).add(reversed(body(0))), c_.halo);
        scene_.still(LayerBody, Path{}.add(body(0)), c_.cell);
        scene_.still(LayerBodyEdge, Path{}.add(body(0)).add(reversed(body(-2))), c_.ring);
        draw_stick("PadLeftStick", {104, 136});
        draw_stick("PadRightStick", {242, 190});
        draw_cross({158, 190});
        draw_face("PadA", "A", {296, 163});
        draw_face("PadB", "B", {323, 136});
        draw_face("PadX", "X", {269, 136});
        draw_face("PadY", "Y", {296, 109});
        draw_cell("PadBack", {172, 129, 24, 13}, 6.5, "", 0);
        draw_cell("PadStart", {204, 129, 24, 13}, 6.5, "", 0);
        return std::move(scene_);
    }

private:
    void draw_cell(std::string_view cell, Box box, double r, std::string_view text, double size) {
        const bool over_body = text.empty();
        const Spans& held = controls_.spans(cell);
        const Path shape = Path{}.add(round_rect(box, r));
        scene_.still(over_body ? LayerWell : LayerHalo, ring(box.grown(2), r + 2, box, r), c_.halo);
        scene_.still(over_body ? LayerPart : LayerBody, shape, c_.cell);
        scene_.still(LayerEdge, ring(box, r, box.grown(-2), r - 2), c_.ring);
        add_pressed(shape, glyphs_.text(text, box.center(), size), held);
        scene_.pulses.push_back({box, r, held});
    }

    void draw_face(std::string_view cell, std::string_view text, Point at) {
        constexpr double kRadius = 16.5;
        const Spans& held = controls_.spans(cell);
        const Path shape = Path{}.add(disc(at, kRadius));
        scene_.still(LayerWell, ring(at, kRadius + 2, kRadius), c_.halo);
        scene_.still(LayerPart, shape, c_.cell);
        scene_.still(LayerEdge, ring(at, kRadius, kRadius - 2), c_.ring);
        add_pressed(shape, glyphs_.text(text, at, 17), held);
        scene_.pulses.push_back(
            {{at.x - kRadius, at.y - kRadius, 2 * kRadius, 2 * kRadius}, kRadius, held});
    }

    void add_pressed(const Path& shape, const Path& label, const Spans& held) {
        if (!label.empty())
            scene_.still(LayerLabel, label, c_.label);
        scene_.add(LayerTail, When::Tail, shape, c_.accent, held);
        scene_.add(LayerPressed, When::During, shape, c_.accent, held);
        if (!label.empty())
            scene_.add(LayerDot, When::During, label, c_.on, held);
        scene_.active(held);
    }

    void draw_trigger(std::string_view control, std::string_view text, double x) {
        constexpr double kHeight = 34;
        const Box box{x, 0, 58, kHeight};
        scene_.still(LayerHalo, ring(box.grown(2), 12, box, 10), c_.halo);
        scene_.still(LayerBody, Path{}.add(round_rect(box, 10)), c_.cell);
        scene_.still(LayerEdge, ring(box, 10, box.grown(-2), 8), c_.ring);
        const Path label = glyphs_.text(text, box.center(), 15);
        Spans covered;
        for (const Segment& segment : trigger_segments(control)) {
            const double fill = std::max(6.0, (kHeight - 4) * segment.x);
            const Path level = Path{}.add(
                round_rect({x + 2, kHeight - 2 - fill, 54, fill}, std::min(8.0, fill / 2)));
            scene_.add(LayerTail, When::During, level, c_.accent, {segment.span});
            scene_.active({segment.span});
            if (segment.x > .55)
                covered.push_back(segment.span);
        }
        covered = joined(covered);
        scene_.add(LayerLabel, When::Idle, label, c_.label, covered);
        scene_.add(LayerLabel, When::During, label, c_.on, covered);
    }

    void draw_stick(const std::string& control, Point at) {
        const Spans& pressed = controls_.spans(control + "Press");
        scene_.still(LayerWell, Path{}.add(disc(at, 36)), kRecess);
        scene_.still(LayerEdge, ring(at, 36, 34), c_.ring);
        Spans moved;
        for (const Segment& segment : stick_segments(control)) {
            const Point cap{at.x + segment.x * kTravel, at.y + segment.y * kTravel};
            scene_.add(
                LayerPressed, When::During, Path{}.add(disc(cap, 23)), c_.accent, {segment.span});
            scene_.add(
                LayerDot, When::During, ring(cap, 14, 11.5), c_.on.with_alpha(.75), {segment.span});
            moved.push_back(segment.span);
        }
        for (const Segment& segment : pressed_segments(control)) {
            const Point cap{at.x + segment.x * kTravel, at.y + segment.y * kTravel};
            scene_.add(LayerTop, When::During, Path{}.add(disc(cap, 7)), c_.on, {segment.span});
        }
        moved = joined(moved);
        scene_.add(
            LayerLabel, When::Idle, Path{}.add(disc(at, 23)), c_.label.with_alpha(.30), moved);
        scene_.add(LayerDot, When::Idle, ring(at, 23, 21), c_.label.with_alpha(.55), moved);
        scene_.active(moved);
        scene_.active(pressed);
    }

    void draw_cross(Point at) {
        constexpr double kA = 10;
        constexpr double kB = 31;
        const auto p = [at](double x, double y) { return Point{at.x + x, at.y + y}; };
        scene_.still(
            LayerWell,
            Path{}.add(polygon(
                {p(-kA, -kB),
                 p(kA, -kB),
                 p(kA, -kA),
                 p(kB, -kA),
                 p(kB, kA),
                 p(kA, kA),
                 p(kA, kB),
                 p(-kA, kB),
                 p(-kA, kA),
                 p(-kB, kA),
                 p(-kB, -kA),
                 p(-kA, -kA)})),
            kRecess);

        struct Arm {
            const char* cell;
            double x, y;
        };

        for (const Arm& arm :
             {Arm{"PadUp", 0, -1},
              Arm{"PadDown", 0, 1},
              Arm{"PadLeft", -1, 0},
              Arm{"PadRight", 1, 0}}) {
            const bool upright = arm.y != 0;
            const Box box{
                at.x - kA + 2 + arm.x * (kA + 10.5) - (upright ? 0 : .5),
                at.y - kA + 2 + arm.y * (kA + 10.5),
                16,
                upright ? 17.0 : 16.0};
            const Path shape = Path{}.add(round_rect(box, 4));
            const Spans& held = controls_.spans(arm.cell);
            scene_.add(LayerLabel, When::Idle, shape, c_.label.with_alpha(.34), held);
            scene_.add(LayerPressed, When::During, shape, c_.accent, held);
            scene_.add(LayerPressed, When::Tail, shape, c_.accent, held);
            scene_.active(held);
        }
    }

    /// Spans that touch become one, so that what lies between two values does not flicker.
    static Spans joined(const Spans& spans) {
        Spans result;
        for (const Span& span : spans) {
            if (!result.empty() && span.from <= result.back().to)
                result.back().to = std::max(result.back().to, span.to);
            else
                result.push_back(span);
        }
        return result;
    }

    [[nodiscard]] std::vector<Segment> trigger_segments(std::string_view control) const {
        std::vector<Segment> segments;
        const auto& steps = controls_.steps(control);
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const double level = std::round(static_cast<double>(steps[i].x) * 64) / 64;
            const Duration to = i + 1 < steps.size() ? steps[i + 1].t : controls_.end();
            append(segments, {{steps[i].t, to}, std::clamp(level, 0.0, 1.0), 0});
        }
        // A game may also bind the trigger as a button.
        for (const Span& span : controls_.spans(control))
            segments.push_back({span, 1, 0});
        std::sort(segments.begin(), segments.end(), [](const Segment& a, const Segment& b) {
            return a.span.from < b.span.from;
        });
        return segments;
    }

    /// Drops values at rest and joins equal neighbours.
    static void append(std::vector<Segment>& segments, const Segment& next) {
        if (next.span.to <= next.span.from)
            return;
        if (!segments.empty() && segments.back().span.to == next.span.from &&
            segments.back().x == next.x && segments.back().y == next.y)
            segments.back().span.to = next.span.to;
        else if (next.x != 0 || next.y != 0)
            segments.push_back(next);
    }

    /// Where the cap stands over time, rest included: axis values and directions bound one by one.
    [[nodiscard]] std::vector<Segment> cap_segments(const std::string& control) const {
        struct Side {
            const char* name;
            double x, y;
        };

        static constexpr std::array<Side, 4> kSides{
            {{"Up", 0, -1}, {"Down", 0, 1}, {"Left", -1, 0}, {"Right", 1, 0}}};
        std::map<std::int64_t, Point> changes{{0, {}}};  // differences at a time
        Point value;
        for (const AnalogStep& step : controls_.steps(control)) {
            const Point next{std::round(step.x * 32.0) / 32, std::round(step.y * 32.0) / 32};
            Point& change = changes[step.t.ns()];
            change = {change.x + next.x - value.x, change.y + next.y - value.y};
            value = next;
        }
        for (const Side& side : kSides) {
            for (const Span& span : controls_.spans(control + side.name)) {
                Point& on = changes[span.from.ns()];
                on = {on.x + side.x, on.y + side.y};
                Point& off = changes[span.to.ns()];
                off = {off.x - side.x, off.y - side.y};
            }
        }
        std::vector<Segment> segments;
        Point sum;
        for (auto it = changes.begin(); it != changes.end(); ++it) {
            sum = {sum.x + it->second.x, sum.y + it->second.y};
            const double length = std::max(1.0, std::hypot(sum.x, sum.y));
            const auto next = std::next(it);
            const Duration to =
                next == changes.end() ? controls_.end() : Duration::from_ns(next->first);
            const Span span{Duration::from_ns(it->first), to};
            if (span.from < span.to)
                segments.push_back({span, sum.x / length, sum.y / length});
        }
        return segments;
    }

    /// Only where the cap is off its rest or pressed down.
    [[nodiscard]] std::vector<Segment> stick_segments(const std::string& control) const {
        std::vector<Segment> result;
        const Spans& pressed = controls_.spans(control + "Press");
        for (const Segment& segment : cap_segments(control)) {
            if (std::abs(segment.x) + std::abs(segment.y) > .1)
                result.push_back(segment);
            else
                cut(result, segment, pressed);
        }
        return result;
    }

    [[nodiscard]] std::vector<Segment> pressed_segments(const std::string& control) const {
        std::vector<Segment> result;
        for (const Segment& segment : cap_segments(control))
            cut(result, segment, controls_.spans(control + "Press"));
        return result;
    }

    static void cut(std::vector<Segment>& result, const Segment& segment, const Spans& spans) {
        for (const Span& span : spans) {
            const Span both{
                std::max(span.from, segment.span.from), std::min(span.to, segment.span.to)};
            if (both.from < both.to)
                result.push_back({both, segment.x, segment.y});
        }
    }

    const ControlMap& controls_;
    const Colours& c_;
    const Glyphs& glyphs_;
    Scene scene_;
};

}  // namespace

Scene controller_scene(const ControlMap& controls, const Colours& colours, const Glyphs& glyphs) {
    return Controller{controls, colours, glyphs}.draw();
}

}  // namespace hindsight::overlay
