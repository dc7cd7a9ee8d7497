#include "render/renderer.hpp"

#include "render/hud.hpp"
#include "render/scene.hpp"

namespace hindsight::arena {

Renderer::Renderer(int width)
    : depth_(static_cast<std::size_t>(width)),
      top_(static_cast<std::size_t>(width)),
      bottom_(static_cast<std::size_t>(width)) {}

void Renderer::draw(
    const Canvas& canvas, const Engine& engine, const Overlay& overlay, bool strip) {
    Canvas view = canvas;
    if (strip) {
        const int rows = strip_height(canvas.width);
        view.pixels += static_cast<std::ptrdiff_t>(rows) * canvas.stride;
        view.height -= rows;
    }
    const Camera camera{engine.state().player, view.width, view.height};
    const Scene scene{view, engine, camera, textures_, palette_, depth_, top_, bottom_};
    draw_walls(scene);
    draw_floors(scene);
    draw_things(scene);
    draw_weapon(scene);
    draw_hud(view, engine.state(), overlay, palette_);
}

}  // namespace hindsight::arena
