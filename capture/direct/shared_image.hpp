#pragma once

// Memory that the X server copies pictures into (MIT-SHM by file descriptor), or, where the server
// cannot share memory with us, the plain way through the socket.

#include "xcb_handle.hpp"

#include <hindsight/core/result.hpp>
#include <hindsight/direct/picture_source.hpp>

#include <xcb/shm.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace hindsight::direct {

/// Anonymous memory that can be given to the X server.
class SharedMemory {
public:
    SharedMemory() = default;

    SharedMemory(std::uint8_t* base, std::size_t bytes) : base_{base}, bytes_{bytes} {}

    SharedMemory(SharedMemory&& other) noexcept
        : base_{std::exchange(other.base_, nullptr)}, bytes_{std::exchange(other.bytes_, 0)} {}

    SharedMemory& operator=(SharedMemory&& other) noexcept {
        std::swap(base_, other.base_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }

    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory();

    [[nodiscard]] std::uint8_t* base() const { return base_; }

    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    std::uint8_t* base_ = nullptr;
    std::size_t bytes_ = 0;
};

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

    /// The pixels of the last successful receive, `size.width * 4` bytes a row; they stay readable
    /// until the next one.
    [[nodiscard]] std::uint8_t* data() { return data_; }

private:
    bool map(std::size_t bytes);
    void detach();

    xcb_connection_t* connection_;
    bool can_share_ = false;
    xcb_shm_seg_t segment_ = 0;
    SharedMemory memory_;  ///< the server writes here
    SharedMemory shown_;   ///< what was too small for the next picture, while `data_` lies in it
    std::vector<std::uint8_t> copied_;  ///< without MIT-SHM
    std::uint8_t* data_ = nullptr;
};

}  // namespace hindsight::direct
