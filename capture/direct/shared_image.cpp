#include "shared_image.hpp"

#include <sys/mman.h>

#include <cstring>

namespace hindsight::direct {

namespace {

constexpr std::uint32_t kAllPlanes = ~0u;

}  // namespace

SharedImage::SharedImage(xcb_connection_t* connection) : connection_{connection} {
    const auto* extension = xcb_get_extension_data(connection_, &xcb_shm_id);
    if (extension == nullptr || extension->present == 0)
        return;
    const Reply<xcb_shm_query_version_reply_t> version{
        xcb_shm_query_version_reply(connection_, xcb_shm_query_version(connection_), nullptr)};
    // File descriptors can be passed since 1.2.
    can_share_ = version && (version->major_version > 1 || version->minor_version >= 2);
}

SharedMemory::~SharedMemory() {
    if (base_ != nullptr)
        ::munmap(base_, bytes_);
}

SharedImage::~SharedImage() {
    detach();
}

void SharedImage::detach() {
    if (segment_ != 0)
        xcb_shm_detach(connection_, segment_);
    segment_ = 0;
}

bool SharedImage::map(std::size_t bytes) {
    if (memory_.bytes() >= bytes)
        return true;
    detach();
    if (data_ != nullptr && data_ == memory_.base())
        shown_ = std::move(memory_);
    memory_ = SharedMemory{};
    UniqueFd file{::memfd_create("hindsight-picture", MFD_CLOEXEC)};
    if (!file || ::ftruncate(file.get(), static_cast<off_t>(bytes)) != 0)
        return false;
    void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (base == MAP_FAILED)
        return false;
    // Pictures of the player's screen do not belong into core files.
    ::madvise(base, bytes, MADV_DONTDUMP);
    memory_ = SharedMemory{static_cast<std::uint8_t*>(base), bytes};
    segment_ = xcb_generate_id(connection_);
    // xcb closes the descriptor after sending it.
    const Reply<xcb_generic_error_t> error{xcb_request_check(
        connection_, xcb_shm_attach_fd_checked(connection_, segment_, file.release(), 0))};
    if (!error)
        return true;
    segment_ = 0;
    memory_ = SharedMemory{};
    return false;
}

SharedImage::Pending SharedImage::request(xcb_drawable_t drawable, int x, int y, PictureSize size) {
    const auto bytes =
        static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) * 4;
    if (can_share_ && !map(bytes))
        can_share_ = false;
    Pending pending{.shared = can_share_, .sequence = 0, .size = size};
    const auto left = static_cast<std::int16_t>(x);
    const auto top = static_cast<std::int16_t>(y);
    const auto width = static_cast<std::uint16_t>(size.width);
    const auto height = static_cast<std::uint16_t>(size.height);
    if (can_share_) {
        pending.sequence = xcb_shm_get_image(
                               connection_,
                               drawable,
                               left,
                               top,
                               width,
                               height,
                               kAllPlanes,
                               XCB_IMAGE_FORMAT_Z_PIXMAP,
                               segment_,
                               0)
                               .sequence;
    } else {
        pending.sequence = xcb_get_image(
                               connection_,
                               XCB_IMAGE_FORMAT_Z_PIXMAP,
                               drawable,
                               left,
                               top,
                               width,
                               height,
                               kAllPlanes)
                               .sequence;
    }
    return pending;
}

bool SharedImage::receive(const Pending& pending) {
    xcb_generic_error_t* error = nullptr;
    if (pending.shared) {
        const Reply<xcb_shm_get_image_reply_t> reply{
            xcb_shm_get_image_reply(connection_, {pending.sequence}, &error)};
        const Reply<xcb_generic_error_t> refused{error};
        if (!reply)
            return false;
        data_ = memory_.base();
        shown_ = SharedMemory{};
        return true;
    }
    const Reply<xcb_get_image_reply_t> reply{
        xcb_get_image_reply(connection_, {pending.sequence}, &error)};
    const Reply<xcb_generic_error_t> refused{error};
    const auto bytes = static_cast<std::size_t>(pending.size.width) *
                       static_cast<std::size_t>(pending.size.height) * 4;
    if (!reply || static_cast<std::size_t>(xcb_get_image_data_length(reply.get())) < bytes)
        return false;
    copied_.resize(bytes);
    std::memcpy(copied_.data(), xcb_get_image_data(reply.get()), bytes);
    data_ = copied_.data();
    return true;
}

}  // namespace hindsight::direct
