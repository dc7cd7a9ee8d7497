#pragma once

// What a layout draws: shapes in overlay units, each with the frames in which it shows. Layers say
// what lies on what; shapes of one layer and one ink may be joined, so they must not overlap.

#include "path.hpp"
#include "spans.hpp"
#include "theme.hpp"

#include <string>
#include <vector>

namespace hindsight::overlay {

class Scene {
public:
    enum class When {
        Visible,  ///< as long as the overlay shows
        Idle,     ///< as Visible, but not during the spans
        During,   ///< the spans
        Tail,     ///< what is left of a press when the spans end: 40 %, then fading
    };

    struct Part {
        int layer = 0;
        When when = When::Visible;
        Path path;
        Ink ink;
        Spans spans;
    };

    /// A ring that leaves a cell when it is pressed.
    struct Pulse {
        Box box;
        double radius = 0;
        Spans spans;
    };

    double width = 0;
    double height = 0;
    std::vector<Part> parts;
    std::vector<Pulse> pulses;
    Spans activity;  ///< keeps the overlay visible; any order

    void still(int layer, Path path, Ink ink) {
        parts.push_back({layer, When::Visible, std::move(path), ink, {}});
    }

    void add(int layer, When when, Path path, Ink ink, const Spans& spans) {
        if (when == When::Idle || !spans.empty())
            parts.push_back({layer, when, std::move(path), ink, spans});
    }

    void active(const Spans& spans) { activity.insert(activity.end(), spans.begin(), spans.end()); }
};

}  // namespace hindsight::overlay
