#pragma once

#include "render/renderer.hpp"
#include "render/scene.hpp"

namespace hindsight::arena {

/// Health, ammunition, cross hair, chat, menu: everything flat. `canvas` is the view.
void draw_hud(
    const Canvas& canvas, const State& state, const Overlay& overlay, const Palette& palette);

}  // namespace hindsight::arena
