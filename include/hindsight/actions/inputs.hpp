#pragma once

// A clip's actions turned back into inputs, through the *default* bindings of its profile: what a
// player with the game's own settings would have pressed. Two players who did the same with other
// bindings give the same bytes.

#include <hindsight/actions/action_log.hpp>

#include <string>

namespace hindsight::actions {

inline constexpr const char* kInputsFormat = "hindsight.inputs";
inline constexpr int kInputsVersion = 1;

/// The text of `hindsightctl actions ID --as-inputs`, version 1 (docs/actions-format.md): a header
/// line, then one line for each frame in which something changes. Frames count from the first shown
/// one on the grid of the nominal rate. Nothing of the clip (name, id, game, date) is in it.
///
/// An action presses the first of its default controls, the first negative one where an axis1d is
/// below zero; actions without a default control are named in the header and left out.
[[nodiscard]] std::string to_inputs_jsonl(const ActionLog& log);

}  // namespace hindsight::actions
