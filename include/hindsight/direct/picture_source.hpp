#pragma once

// Where the pictures of the direct path come from: something that can be looked at once per frame
// and painted onto a fixed canvas. The pacing thread of `capture/obs` is the only caller.

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <vector>

namespace hindsight::direct {

struct PictureSize {
    int width = 0;
    int height = 0;

    bool operator==(const PictureSize&) const = default;
};

/// The canvas for a source: the source's size scaled down to fit `limit` (never up), aspect kept,
/// both sides even and at least 16.
[[nodiscard]] PictureSize canvas_size(PictureSize source, PictureSize limit);

/// Where `source` lies on `canvas`: as large as fits, aspect kept, centred, all values even.
struct Placement {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    bool operator==(const Placement&) const = default;
};

[[nodiscard]] Placement letterbox(PictureSize source, PictureSize canvas);

/// A picture to paint into, borrowed: 8 bit 4:2:0, BT.601 limited range, chroma interleaved.
struct Nv12Picture {
    std::uint8_t* luma = nullptr;
    std::uint8_t* chroma = nullptr;
    int luma_stride = 0;  ///< bytes
    int chroma_stride = 0;
    PictureSize size;
};

/// A picture to read, borrowed until the next look: 32 bits per pixel, blue first, top row first.
struct BgrxPicture {
    const std::uint8_t* data = nullptr;
    int stride = 0;  ///< bytes
    PictureSize size;
};

enum class Look : std::uint8_t {
    Changed,    ///< a new picture
    Unchanged,  ///< the picture of the last look still stands
    Hidden,     ///< the source is there but shows nothing (unmapped, or of size 0); may come back
    Gone,       ///< the window was closed; it never comes back
};

/// All functions belong to one thread.
class PictureSource {
public:
    virtual ~PictureSource() = default;

    /// Size of the source as last seen; 0x0 while hidden before the first picture.
    [[nodiscard]] virtual PictureSize size() const = 0;

    /// Fetches the picture that stands now. Waits for the display server, usually under 2 ms.
    /// Errors: DeviceLost (the connection to the display server is gone for good).
    [[nodiscard]] virtual Result<Look> look() = 0;

    /// How often a picture that had stopped, although its window was drawn to, was brought back.
    [[nodiscard]] virtual std::uint64_t renewals() const = 0;

    /// A part of what was asked for lies outside the screen.
    [[nodiscard]] virtual bool cropped() const = 0;

    /// The picture of the last look that gave one; empty data before.
    [[nodiscard]] virtual BgrxPicture picture() const = 0;
};

/// Paints `picture` onto the whole of `canvas`, scaled as letterbox() says, black round it.
/// Keeps its scratch buffers between calls.
class Painter {
public:
    void paint(const BgrxPicture& picture, const Nv12Picture& canvas);

    static void paint_black(const Nv12Picture& canvas);

private:
    std::vector<std::uint8_t> scaled_;
};

}  // namespace hindsight::direct
