#include "keyboard_rows.hpp"
#include "layouts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hindsight::overlay {

namespace {

using actions::AnalogStep;
using When = Scene::When;

constexpr double kMouseX = 348;
constexpr double kMouseWidth = 112;
constexpr double kMouseHeight = 180;
constexpr double kMouseRadius = 52;
constexpr double kTravel = 36;
constexpr int kTrailFrames = 6;
/// Counts in six frames that bring the dot half way to the rim.
constexpr double kHalfWay = 100;

enum Layer {
    LayerHalo,
    LayerBody,
    LayerTail,
    LayerEdge,
    LayerLabel,
    LayerDetail,
    LayerPressed,
    LayerPressedLabel,
    LayerDot
};

class KeyboardMouse {
public:
    KeyboardMouse(const ControlMap& controls, const Colours& colours, const Glyphs& glyphs)
        : controls_{controls}, c_{colours}, glyphs_{glyphs} {}

    Scene draw() {
        const KeyboardRows rows = keyboard_rows(controls_);
        for (const Key& key : rows.keys)
            draw_key(key);
        scene_.width = 324;
        scene_.height = rows.height;
        if (shows_mouse()) {
            top_ = rows.height - kMouseHeight;
            scene_.width = kMouseX + kMouseWidth;
            draw_mouse();
        }
        return std::move(scene_);
    }

private:
    void draw_key(const Key& key) {
        const Spans& held = controls_.spans(key.cell);
        const double r = key.radius();
        const Path body = Path{}.add(round_rect(key.box, r));
        scene_.still(LayerHalo, ring(key.box.grown(2), r + 2, key.box, r), c_.halo);
        scene_.still(LayerBody, body, c_.cell);
        scene_.still(LayerEdge, ring(key.box, r, key.box.grown(-2), r - 2), c_.ring);
        double size = key.label.size() == 1 || key.label.starts_with("\xe2\x86") ? 22 : 17;
        while (glyphs_.width(key.label, size) > key.box.w - 10 && size > 12)
            size -= 1;
        const Path label = glyphs_.text(key.label, key.box.center(), size);
        scene_.still(LayerLabel, label, c_.label);
        scene_.add(LayerTail, When::Tail, body, c_.accent, held);
        scene_.add(LayerPressed, When::During, body, c_.accent, held);
        scene_.add(LayerPressedLabel, When::During, label, c_.on, held);
        scene_.pulses.push_back({key.box, r, held});
        scene_.active(held);
    }

    [[nodiscard]] bool shows_mouse() const {
        return controls_.has_look() ||
               std::any_of(
                   controls_.cells().begin(), controls_.cells().end(), [](const auto& cell) {
                       return cell.starts_with("Mouse") || cell.starts_with("Wheel");
                   });
    }

    [[nodiscard]] double middle() const { return kMouseX + kMouseWidth / 2; }

    void draw_mouse() {
        const Box box{kMouseX, top_, kMouseWidth, kMouseHeight};
        const double k = kMouseRadius * (1 - kArc);
        const double bottom = top_ + kMouseHeight;
        const double right = kMouseX + kMouseWidth;
        scene_.still(LayerHalo, ring(box.grown(2), kMouseRadius + 2, box, kMouseRadius), c_.halo);
        Contour left{{middle() - 3, top_}, {}};
        left.line({middle() - 3, top_ + 72})
            .line({kMouseX, top_ + 72})
            .line({kMouseX, top_ + kMouseRadius})
            .curve({kMouseX, top_ + k}, {kMouseX + k, top_}, {kMouseX + kMouseRadius, top_});
        Contour palm{{kMouseX, top_ + 78}, {}};
        palm.line({right, top_ + 78})
            .line({right, bottom - kMouseRadius})
            .curve({right, bottom - k}, {right - k, bottom}, {right - kMouseRadius, bottom})
            .line({kMouseX + kMouseRadius, bottom})
            .curve({kMouseX + k, bottom}, {kMouseX, bottom - k}, {kMouseX, bottom - kMouseRadius});
        scene_.still(LayerBody, Path{}.add(palm), c_.cell);
        draw_button("Mouse1", Path{}.add(left));
        draw_button("Mouse2", Path{}.add(mirrored(left, middle())));
        scene_.still(LayerEdge, ring(box, kMouseRadius, box.grown(-2), kMouseRadius - 2), c_.ring);
        draw_wheel();
        draw_side_button("Mouse4", top_ + 86);
        draw_side_button("Mouse5", top_ + 114);
        if (controls_.has_look())
            draw_look({middle(), top_ + 124});
    }

    void draw_button(std::string_view cell, const Path& shape) {
        const Spans& held = controls_.spans(cell);
        scene_.still(LayerBody, shape, c_.cell);
        scene_.add(LayerTail, When::Tail, shape, c_.accent, held);
        scene_.add(LayerTail, When::During, shape, c_.accent, held);
        scene_.active(held);
    }

    void draw_wheel() {
        const double x = middle() - 8;
        const double y = top_ + 21;
        const auto piece = [&](double from, double height) {
            return Path{}.add(round_rect({x, y + from, 16, height}, 8));
        };
        scene_.still(
            LayerLabel,
            Path{}.add(round_rect({x - 3, y - 3, 22, 40}, 11)),
            c_.halo.with_alpha(.55));
        scene_.still(LayerDetail, piece(0, 34), c_.label.with_alpha(.55));
        light_wheel("Mouse3", piece(0, 34));
        light_wheel("WheelUp", piece(0, 17));
        light_wheel("WheelDown", piece(17, 17));
    }

    /// A turned wheel stays lit for a moment: a single frame could not be seen.
    void light_wheel(std::string_view cell, const Path& shape) {
        const Spans& held = controls_.spans(cell);
        scene_.add(LayerPressed, When::During, shape, c_.accent, held);
        scene_.add(LayerPressed, When::Tail, shape, c_.accent, held);
        scene_.active(held);
    }

    void draw_side_button(std::string_view cell, double y) {
        if (!controls_.binds(cell))
            return;
        const Path shape = Path{}.add(round_rect({kMouseX + 5, y, 8, 22}, 4));
        const Spans& held = controls_.spans(cell);
        scene_.still(LayerDetail, shape, c_.label.with_alpha(.34));
        scene_.add(LayerPressed, When::During, shape, c_.accent, held);
        scene_.add(LayerPressed, When::Tail, shape, c_.accent, held);
        scene_.active(held);
    }

    void draw_look(Point center) {
        Path cross;
        for (const Point d : {Point{0, -1}, Point{1, 0}, Point{0, 1}, Point{-1, 0}}) {
            cross.add(capsule(
                {center.x + d.x * 30, center.y + d.y * 30},
                {center.x + d.x * 35, center.y + d.y * 35},
                3));
        }
        scene_.still(LayerDetail, cross, c_.label.with_alpha(.45));
        Spans moving;
        const std::vector<AnalogStep> frames = look_frames();
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const Duration next = frames[i].t + controls_.period();
            const bool joined =
                i + 1 < frames.size() && frames[i + 1].t < next + controls_.period() / 2;
            const Span span{frames[i].t, joined ? frames[i + 1].t : next};
            draw_trail(center, frames, i, {span});
            moving.push_back(span);
        }
        scene_.add(
            LayerDetail, When::Idle, Path{}.add(disc(center, 5)), c_.label.with_alpha(.60), moving);
        scene_.active(moving);
    }

    /// The frames in which the trail shows: those with movement and five after each.
    [[nodiscard]] std::vector<AnalogStep> look_frames() const {
        const std::vector<AnalogStep>& look = controls_.look();
        const Duration period = controls_.period();
        std::vector<AnalogStep> frames;
        for (std::size_t i = 0; i < look.size(); ++i) {
            frames.push_back(look[i]);
            for (int n = 1; n < kTrailFrames; ++n) {
                const Duration t = look[i].t + period * n;
                if (t >= controls_.end() ||
                    (i + 1 < look.size() && t >= look[i + 1].t - period / 2))
                    break;
                frames.push_back({t, 0, 0});
            }
        }
        return frames;
    }

    /// Where the pointer went in the last six frames, from the centre, drawn into the palm: the
    /// faster, the nearer to the rim.
    void draw_trail(
        Point center, const std::vector<AnalogStep>& frames, std::size_t last, const Spans& span) {
        const Duration oldest =
            frames[last].t - controls_.period() * kTrailFrames + controls_.period() / 2;
        std::size_t first = last;
        while (first > 0 && frames[first - 1].t > oldest)
            --first;
        std::vector<Point> way;
        Point sum;
        double farthest = 0;
        for (std::size_t i = first; i <= last; ++i) {
            if (i < last && frames[i].x == 0 && frames[i].y == 0)
                continue;
            sum.x += static_cast<double>(frames[i].x);
            sum.y += static_cast<double>(frames[i].y);
            way.push_back(sum);
            farthest = std::max(farthest, std::hypot(sum.x, sum.y));
        }
        const double scale = farthest > 0 ? kTravel / (farthest + kHalfWay) : 0;
        const auto place = [&](Point p) {
            return Point{
                center.x + std::round(p.x * scale * 2) / 2,
                center.y + std::round(p.y * scale * 2) / 2};
        };
        const auto count = static_cast<double>(way.size());
        for (std::size_t i = 0; i + 1 < way.size(); ++i) {
            const double age = static_cast<double>(i) / count;
            scene_.add(
                LayerPressed,
                When::During,
                Path{}.add(disc(place(way[i]), 2.5 + 4.5 * age)),
                c_.accent.with_alpha(std::round((.25 + .5 * age) * 20) / 20),
                span);
        }
        const Point head = place(way.back());
        scene_.add(
            LayerPressedLabel,
            When::During,
            Path{}.add(disc(head, 11)),
            c_.halo.with_alpha(.60),
            span);
        scene_.add(LayerDot, When::During, Path{}.add(disc(head, 9)), c_.accent, span);
    }

    const ControlMap& controls_;
    const Colours& c_;
    const Glyphs& glyphs_;
    Scene scene_;
    double top_ = 0;
};

}  // namespace

Scene keyboard_mouse_scene(
    const ControlMap& controls, const Colours& colours, const Glyphs& glyphs) {
    return KeyboardMouse{controls, colours, glyphs}.draw();
}

}  // namespace hindsight::overlay
