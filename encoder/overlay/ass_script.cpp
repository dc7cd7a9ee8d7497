#include "ass_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace hindsight::overlay {

namespace {

constexpr std::int64_t kNsPerHundredth = 10'000'000;
constexpr Duration kFinestHalfway = Duration::from_us(12'500);

constexpr Duration kLinger = Duration::from_ms(3'000);   ///< shown after the last input
constexpr Duration kLeave = Duration::from_ms(200);      ///< of it, fading
constexpr Duration kMinTap = Duration::from_ms(120);     ///< a tap stays at least this long
constexpr Duration kFade = Duration::from_ms(120);       ///< then fades
constexpr Duration kPulseTime = Duration::from_ms(140);  ///< ring round a pressed cell
constexpr double kTailAlpha = .40;
constexpr double kPulseAlpha = .85;
constexpr double kPulseFrom = 1;  ///< distance from the cell, overlay units
constexpr double kPulseTo = 6;
constexpr int kPulseLayer = 20;

constexpr const char* kHead =
    "[Script Info]\n"
    "; Drawn by Hindsight from the clip's actions.\n"
    "Title: Hindsight overlay\n"
    "ScriptType: v4.00+\n"
    "WrapStyle: 2\n"
    "PlayResX: {}\n"
    "PlayResY: {}\n"
    "ScaledBorderAndShadow: yes\n"
    "YCbCr Matrix: None\n"
    "\n"
    "[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
    "Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, "
    "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n";
constexpr const char* kEventsHead =
    "\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n";

int ass_alpha(double alpha) {
    return static_cast<int>(std::lround((1 - alpha) * 255));
}

std::string ass_time(std::int64_t hundredths) {
    return fmt::format(
        "{}:{:02}:{:02}.{:02}",
        hundredths / 360'000,
        hundredths / 6'000 % 60,
        hundredths / 100 % 60,
        hundredths % 100);
}

class ScriptWriter {
public:
    ScriptWriter(const Scene& scene, const ScriptOptions& options)
        : scene_{scene}, options_{options} {
        Spans shown = scene.activity;
        for (Span& span : shown)
            span.to = std::min(span.to + kLinger, options.end);
        std::sort(shown.begin(), shown.end(), [](const Span& a, const Span& b) {
            return a.from < b.from;
        });
        for (const Span& span : shown) {
            if (!visible_.empty() && span.from <= visible_.back().to)
                visible_.back().to = std::max(visible_.back().to, span.to);
            else if (span.from < span.to)
                visible_.push_back({span.from, span.to});
        }
    }

    std::string write() {
        write_still_parts();
        for (const Scene::Part& part : scene_.parts)
            write_part(part);
        if (!options_.reduced_motion) {
            for (const Scene::Pulse& pulse : scene_.pulses)
                write_pulses(pulse);
        }
        std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
            return std::tie(a.start, a.layer) < std::tie(b.start, b.layer);
        });
        std::string text = fmt::format(kHead, options_.width, options_.height);
        for (const auto& [ink, name] : styles_) {
            const std::uint32_t bgr = (ink.rgb & 0xff) << 16 | (ink.rgb & 0xff00) | ink.rgb >> 16;
            fmt::format_to(
                std::back_inserter(text),
                "Style: {},Inter,20,&H{:02X}{:06X},&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,"
                "100,0,0,1,0,0,7,0,0,0,1\n",
                name,
                ass_alpha(ink.alpha),
                bgr);
        }
        text += kEventsHead;
        for (const Event& event : events_) {
            fmt::format_to(
                std::back_inserter(text),
                "Dialogue: {},{},{},{},,0,0,0,,{{{}\\p4}}{}\n",
                event.layer,
                ass_time(event.start),
                ass_time(event.end),
                event.style,
                event.tags,
                event.drawing);
        }
        return text;
    }

private:
    struct Event {
        int layer = 0;
        std::int64_t start = 0;  ///< hundredths of a second
        std::int64_t end = 0;
        std::string style;
        std::string tags;
        std::string drawing;
    };

    std::string style(const Ink& ink) {
        const auto [found, added] = styles_.emplace(ink, "");
        if (added)
            found->second = fmt::format("H{}", styles_.size());
        return found->second;
    }

    /// Parts of one layer and ink that always show together become one drawing.
    void write_still_parts() {
        std::map<std::pair<int, Ink>, Path> joined;
        for (const Scene::Part& part : scene_.parts) {
            if (part.when == Scene::When::Visible)
                joined[{part.layer, part.ink}].add(part.path);
        }
        for (const auto& [key, path] : joined) {
            const std::string shape = drawing(path, options_.placement);
            for (const Span& span : visible_)
                write_event(key.first, key.second, span, shape);
        }
    }

    void write_part(const Scene::Part& part) {
        if (part.when == Scene::When::Visible)
            return;
        const std::string shape = drawing(part.path, options_.placement);
        if (part.when == Scene::When::Tail) {
            write_tails(part, shape);
            return;
        }
        const Spans spans =
            part.when == Scene::When::Idle ? without(visible_, part.spans) : part.spans;
        for (const Span& span : spans)
            write_event(part.layer, part.ink, span, shape);
    }

    /// What ends together with the overlay leaves softly.
    [[nodiscard]] std::string leave_tag(const Span& span) const {
        if (options_.reduced_motion || span.to >= options_.end)
            return "";
        const bool leaves = std::any_of(
            visible_.begin(), visible_.end(), [&](const Span& v) { return v.to == span.to; });
        return leaves ? fmt::format("\\fad(0,{})", kLeave.ms()) : "";
    }

    void write_event(int layer, const Ink& ink, const Span& span, const std::string& shape) {
        append(layer, ink, span.from, span.to, leave_tag(span) + "\\pos(0,0)", shape);
    }

    void append(
        int layer,
        const Ink& ink,
        Duration from,
        Duration to,
        std::string tags,
        const std::string& shape) {
        const std::int64_t start = start_of_frame(from, options_.period);
        // The clip's last frame has no successor: what lasts until then lasts a little longer.
        const std::int64_t end =
            start_of_frame(to, options_.period) + (to >= options_.end ? 100 : 0);
        if (start < end)
            events_.push_back({layer, start, end, style(ink), std::move(tags), shape});
    }

    /// Milliseconds from the beginning of the event that starts with the frame at `from`.
    [[nodiscard]] std::int64_t since(Duration from, Duration t) const {
        return t.ms() - start_of_frame(from, options_.period) * 10;
    }

    void write_tails(const Scene::Part& part, const std::string& shape) {
        for (std::size_t i = 0; i < part.spans.size(); ++i) {
            const Span& span = part.spans[i];
            const Duration fade = std::max(span.to, span.from + kMinTap);
            Duration gone = options_.reduced_motion ? fade : fade + kFade;
            if (i + 1 < part.spans.size())
                gone = std::min(gone, part.spans[i + 1].from);
            gone = std::min(gone, options_.end);
            if (gone <= span.to)
                continue;
            std::string tags = "\\pos(0,0)";
            if (!options_.reduced_motion) {
                tags += fmt::format(
                    "\\t({},{},\\1a&HFF&)",
                    std::max<std::int64_t>(0, since(span.to, fade)),
                    since(span.to, fade + kFade));
            }
            append(
                part.layer, part.ink.with_alpha(kTailAlpha), span.to, gone, std::move(tags), shape);
        }
    }

    /// The ring keeps its form and is scaled round its centre: one event instead of one a frame.
    void write_pulses(const Scene::Pulse& pulse) {
        const double scale = options_.placement.scale;
        const Box first = pulse.box.grown(kPulseFrom);
        const Box last = pulse.box.grown(kPulseTo);
        const Point center = pulse.box.center();
        const Box at_origin{0, 0, first.w, first.h};
        const double r = pulse.radius + kPulseFrom;
        const std::string shape =
            drawing(ring(at_origin, r, at_origin.grown(-2), r - 2), {scale, {}});
        const auto percent = [](double to, double from, double way) {
            return 100 * (1 + (to / from - 1) * way);
        };
        for (const Span& span : pulse.spans) {
            if (!span.pressed)
                continue;
            std::string tags = fmt::format(
                "\\an5\\pos({:.2f},{:.2f})",
                center.x * scale + options_.placement.at.x,
                center.y * scale + options_.placement.at.y);
            // Out-quad in two straight pieces: three quarters of the way in half of the time.
            const std::array<std::pair<double, double>, 3> pieces{{{0, 0}, {.5, .75}, {1, 1}}};
            for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
                const auto at = [&](double part) {
                    return since(span.from, span.from + Duration::from_ms(std::lround(140 * part)));
                };
                const double way = pieces[i + 1].second;
                tags += fmt::format(
                    "\\t({},{},\\fscx{:.1f}\\fscy{:.1f}\\1a&H{:02X}&)",
                    at(pieces[i].first),
                    at(pieces[i + 1].first),
                    percent(last.w, first.w, way),
                    percent(last.h, first.h, way),
                    ass_alpha(kPulseAlpha * (1 - way)));
            }
            append(
                kPulseLayer,
                kWhite.with_alpha(kPulseAlpha),
                span.from,
                std::min(span.from + kPulseTime + options_.period, options_.end),
                std::move(tags),
                shape);
        }
    }

    const Scene& scene_;
    const ScriptOptions& options_;
    Spans visible_;
    std::map<Ink, std::string> styles_;
    std::vector<Event> events_;
};

}  // namespace

std::int64_t start_of_frame(Duration t, Duration period) {
    std::int64_t ns = 0;
    if (period >= kFinestHalfway)
        ns = t.ns() - period.ns() / 2 + kNsPerHundredth / 2;
    else
        ns = t.ns() - Duration::from_ms(1).ns();
    return ns <= 0 ? 0 : ns / kNsPerHundredth;
}

std::string make_script(const Scene& scene, const ScriptOptions& options) {
    return ScriptWriter{scene, options}.write();
}

}  // namespace hindsight::overlay
