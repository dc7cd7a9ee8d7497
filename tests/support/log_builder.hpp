#pragma once

// Action logs in a test's own words: `LogBuilder{60}.press(3, "jump").release(9, "jump").log()`.

#include <hindsight/actions/action_log.hpp>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::testing {

class LogBuilder {
public:
    explicit LogBuilder(int fps = 60, int frames = 600) {
        log_.clip = "00000000-0000-4000-8000-000000000000";
        log_.game = "Test";
        log_.profile = "test";
        log_.profile_version = 1;
        log_.sets = {"gameplay"};
        log_.video = {
            .file = "clip.mp4",
            .width = 1280,
            .height = 720,
            .fps = {fps, 1},
            .frames = frames,
            .keyframes = {Duration::zero()}};
    }

    LogBuilder& action(
        std::string name,
        std::vector<std::string> controls,
        actions::ActionType type = actions::ActionType::Digital) {
        actions::ActionInfo info;
        info.id = static_cast<std::uint16_t>(log_.actions.size());
        info.label = name;
        info.name = std::move(name);
        info.type = type;
        info.default_controls = std::move(controls);
        log_.actions.push_back(std::move(info));
        return *this;
    }

    /// W A S D, Space, Shift, the left button, looking, and a stick.
    LogBuilder& shooter() {
        return action("forward", {"W", "PadUp"})
            .action("left", {"A"})
            .action("back", {"S"})
            .action("right", {"D"})
            .action("jump", {"Space", "PadA"})
            .action("sprint", {"Left Shift"})
            .action("fire", {"Mouse1"})
            .action("look", {"MouseMove"}, actions::ActionType::Look)
            .action("stick", {"PadLeftStick"}, actions::ActionType::Axis2d);
    }

    LogBuilder& pulse(std::string name, std::vector<std::string> controls) {
        action(std::move(name), std::move(controls));
        log_.actions.back().pulse = true;
        return *this;
    }

    LogBuilder& size(int width, int height) {
        log_.video.width = width;
        log_.video.height = height;
        return *this;
    }

    LogBuilder& value(int frame, std::string_view name, float x, float y = 0) {
        log_.records.push_back({.t = at(frame), .action = id(name), .x = x, .y = y});
        return *this;
    }

    LogBuilder& press(int frame, std::string_view name) { return value(frame, name, 1); }

    LogBuilder& release(int frame, std::string_view name) { return value(frame, name, 0); }

    LogBuilder& hold(int from, int to, std::string_view name) {
        return press(from, name).release(to, name);
    }

    LogBuilder& state(int frame, std::initializer_list<std::string_view> names) {
        actions::LogRecord record{.kind = actions::ActionRecord::Kind::State, .t = at(frame)};
        for (const std::string_view name : names)
            record.held.push_back(id(name));
        log_.records.push_back(std::move(record));
        return *this;
    }

    /// Time of a frame.
    [[nodiscard]] Duration at(int frame) const {
        return to_duration(frame, {log_.video.fps.den, log_.video.fps.num});
    }

    [[nodiscard]] std::uint16_t id(std::string_view name) const {
        for (const actions::ActionInfo& info : log_.actions) {
            if (info.name == name)
                return info.id;
        }
        throw std::invalid_argument{"no action " + std::string{name}};
    }

    [[nodiscard]] actions::ActionLog log() const {
        actions::ActionLog sorted = log_;
        std::stable_sort(
            sorted.records.begin(), sorted.records.end(), [](const auto& a, const auto& b) {
                return a.t < b.t;
            });
        return sorted;
    }

private:
    actions::ActionLog log_;
};

}  // namespace hindsight::testing
