#pragma once

// Sizes of the timeline that its geometry and its painting share, in px at scale 1.

namespace hindsight::ui::timeline_metrics {

inline constexpr int kLabels = 120;  ///< column of the names
inline constexpr int kRight = 16;
inline constexpr int kRuler = 24;
inline constexpr int kEvents = 26;
inline constexpr int kLane = 16;
inline constexpr int kOverview = 28;

}  // namespace hindsight::ui::timeline_metrics
