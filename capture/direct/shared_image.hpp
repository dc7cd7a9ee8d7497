#pragma once

// Memory that the X server copies pictures into (MIT-SHM by file descriptor), or, where the server
// cannot share memory with us, the plain way through the socket.

#include "xcb_handle.hpp"

#include <hindsight/core/result.hpp>
#include <hindsight/direct/picture_source.hpp>

#include <xcb/shm.h>

#include <cstddef>
#include <vector>

namespace hindsight::direct {

class SharedImage {
public:
    /// `connection` outlives this.
    explicit SharedImage(xcb_connection_t* connection);
    ~SharedImage();
    SharedImage(const SharedImage&) = delete;
    SharedImage& operator=(const SharedImage&) = delete;

    /// What was asked of the server and not yet answered.
    struct Pending {
        bool shared = false;
        unsigned sequence = 0;
        PictureSize size;
    };

    /// Asks for a picture of `drawable` from (x, y), without waiting.
    [[nodiscard]] Pending request(xcb_drawable_t drawable, int x, int y, PictureSize size);

    /// Waits for the answer. False: the server refused (resized or gone meanwhile).
    [[nodiscard]] bool receive(const Pending& pending);

    /// The pixels of the last successful receive, `size.width * 4` bytes a row.
    [[nodiscard]] std::uint8_t* data() { return data_; }

private:
    bool map(std::size_t bytes);
    void unmap();

    xcb_connection_t* connection_;
    bool can_share_ = false;
    xcb_shm_seg_t segment_ = 0;
    std::uint8_t* mapped_ = nullptr;
    std::size_t mapped_bytes_ = 0;
    std::vector<std::uint8_t> copied_;  ///< without MIT-SHM
    std::uint8_t* data_ = nullptr;
};

}  // namespace hindsight::direct
