#pragma once

#include "control_map.hpp"
#include "glyphs.hpp"
#include "scene.hpp"
#include "theme.hpp"

namespace hindsight::overlay {

[[nodiscard]] Scene
keyboard_mouse_scene(const ControlMap& controls, const Colours& colours, const Glyphs& glyphs);

[[nodiscard]] Scene
controller_scene(const ControlMap& controls, const Colours& colours, const Glyphs& glyphs);

}  // namespace hindsight::overlay
