#pragma once

// From a state to a picture, in whole numbers: the same state gives the same pixels everywhere.

#include "engine/engine.hpp"
#include "render/textures.hpp"
#include "strip/strip.hpp"

#include <string>
#include <vector>

namespace hindsight::arena {

/// What the picture shows besides the state.
struct Overlay {
    std::string chat;               ///< the line under way, shown in text entry
    std::vector<std::string> said;  ///< lines of the chat, the newest last
};

class Renderer {
public:
    /// For pictures of that width.
    explicit Renderer(int width);

    /// Fills the canvas, which has that width. The strip, if there is one, is drawn afterwards:
    /// with `strip` the view begins below it.
    void draw(const Canvas& canvas, const Engine& engine, const Overlay& overlay, bool strip);

private:
    Textures textures_;
    Palette palette_;
    std::vector<Fixed> depth_;  ///< of the wall in each column
    std::vector<int> top_;      ///< first row of the wall
    std::vector<int> bottom_;   ///< first row below it
};

}  // namespace hindsight::arena
