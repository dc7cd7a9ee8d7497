#pragma once

// A clip as the library knows it, and the values that travel between save, library and the outside.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hindsight {

/// A moment inside a clip: marker, kill, … `t` from the clip's first frame.
struct ClipEvent {
    Duration t = Duration::zero();
    std::string type;   ///< "marker", "kill", "death", "goal", "achievement", "round"
    std::string label;  ///< may be empty

    bool operator==(const ClipEvent&) const = default;
};

/// A stretch without frames (capture was restarting); the frame before it stands still.
struct ClipGap {
    Duration t = Duration::zero();  ///< from the clip's first frame
    Duration length = Duration::zero();

    bool operator==(const ClipGap&) const = default;
};

/// First press of an action inside a clip, for searching by what happened.
struct ClipOnset {
    std::string action;  ///< name in the profile
    Duration t = Duration::zero();

    bool operator==(const ClipOnset&) const = default;
};

struct Clip {
    std::string id;  ///< random UUID
    std::filesystem::path path;
    std::string title;                     ///< empty: the UI names it by game and time
    std::string game;                      ///< name for people, "Screen" when none
    std::string profile;                   ///< id of the action profile, may be empty
    std::int64_t created_ms = 0;           ///< of the first frame, Unix time
    Duration duration = Duration::zero();  ///< of the video track
    std::uint64_t size_bytes = 0;
    int width = 0;
    int height = 0;
    double fps = 0;
    bool favorite = false;
    bool keep_actions = true;  ///< first consent
    bool train = false;        ///< second consent
    std::vector<std::string> tags;
    std::vector<ClipEvent> events;
    std::vector<ClipGap> gaps;
    std::int64_t missed_frames = 0;  ///< that repeat the picture before: the machine was too slow
    std::filesystem::path actions_path;  ///< empty: none
    std::filesystem::path ass_path;
    std::filesystem::path overlay_path;
    std::filesystem::path thumbnail_path;

    bool operator==(const Clip&) const = default;
};

}  // namespace hindsight
