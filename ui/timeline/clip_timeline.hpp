#pragma once

// What the timeline draws of a clip: events, and for each action when it was held. Seconds from the
// first shown frame.

#include <QString>
#include <string>
#include <vector>

namespace hindsight {
struct Clip;
}

namespace hindsight::actions {
struct ActionLog;
}

namespace hindsight::ui {

struct Hold {
    double from = 0;
    double to = 0;
    bool operator==(const Hold&) const = default;
};

struct Lane {
    QString label;
    std::vector<Hold> holds;  ///< by time, not overlapping

    /// The hold at `t`, or null.
    [[nodiscard]] const Hold* at(double t) const;
};

struct TimelineEvent {
    double t = 0;
    std::string type;
    QString label;  ///< for people, never empty
};

struct LookSample {
    double t = 0;
    double dx = 0;
    double dy = 0;
};

struct ClipTimeline {
    double duration = 0;
    double fps = 60;
    std::vector<double> keyframes;
    std::vector<TimelineEvent> events;
    std::vector<Lane> lanes;  ///< of the actions that were used, in the order of the profile
    std::vector<LookSample> look;
    QString no_actions;  ///< why there are no lanes, one sentence
};

/// `log` may be null.
[[nodiscard]] ClipTimeline make_timeline(const Clip& clip, const actions::ActionLog* log);

}  // namespace hindsight::ui
