#pragma once

// From actions to the cells that show them: the control names of the profile's default bindings.

#include "spans.hpp"

#include <hindsight/actions/cues.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::overlay {

enum class Device { KeyboardMouse, Controller };

[[nodiscard]] bool is_pad_control(std::string_view control);

/// Left and right Shift, Ctrl, Alt are one cell: "Left Shift" becomes "Shift".
[[nodiscard]] std::string cell_of(std::string_view control);

/// Every action lights the first of its controls that the device has.
class ControlMap {
public:
    ControlMap(const actions::ActionLog& log, const actions::Cues& cues, Device device);

    /// Cells that the profile's first action set binds, in the profile's order.
    [[nodiscard]] const std::vector<std::string>& cells() const { return cells_; }

    [[nodiscard]] bool binds(std::string_view cell) const;

    /// True when the clip has a press of it.
    [[nodiscard]] bool used(std::string_view cell) const { return !spans(cell).empty(); }

    /// When the cell is held; ascending, disjoint.
    [[nodiscard]] const Spans& spans(std::string_view cell) const;

    /// Values of a stick or trigger over time, empty where nothing moves it.
    [[nodiscard]] const std::vector<actions::AnalogStep>& steps(std::string_view control) const;

    /// Movement per frame, all look actions together.
    [[nodiscard]] const std::vector<actions::AnalogStep>& look() const { return look_; }

    [[nodiscard]] bool has_look() const { return has_look_; }

    [[nodiscard]] Duration period() const { return period_; }

    [[nodiscard]] Duration end() const { return end_; }

private:
    void add_cell(const std::string& cell, bool listed);
    void add_axis(const actions::ActionInfo& action, const actions::Cues& cues, Device device);
    void add_look(const actions::Cues& cues);

    std::vector<std::string> cells_;
    std::map<std::string, Spans, std::less<>> spans_;
    std::map<std::string, std::vector<actions::AnalogStep>, std::less<>> steps_;
    std::vector<actions::AnalogStep> look_;
    bool has_look_ = false;
    Duration period_;
    Duration end_;
};

/// The frames in which the value is far enough from rest, `sign` -1 or 1, or 0 for both.
[[nodiscard]] Spans
spans_of_axis(const std::vector<actions::AnalogStep>& steps, int sign, Duration end);

}  // namespace hindsight::overlay
