#pragma once

// One segment while it is written: a preallocated, mapped file. Who evicts, names and counts is the
// ring's business.

#include "segment_format.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/stream.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace hindsight::ring {

/// Bytes of memory that `size` bytes of file take.
[[nodiscard]] std::uint64_t whole_pages(std::uint64_t size);

class SegmentFile {
public:
    /// Creates `name` below `folder` (an open directory) with `size` bytes allocated for good, so
    /// that writing into the mapping cannot fail. `header` is what `encode_header` gave.
    /// Errors: NoSpace, AlreadyExists, PermissionDenied, Io; nothing is left behind then.
    [[nodiscard]] static Result<std::unique_ptr<SegmentFile>> create(
        int folder,
        const char* file_name,
        SegmentName name,
        std::span<const std::byte> header,
        std::uint64_t size);

    ~SegmentFile();
    SegmentFile(const SegmentFile&) = delete;
    SegmentFile& operator=(const SegmentFile&) = delete;

    [[nodiscard]] bool fits(std::uint64_t payload_bytes) const;

    /// Allocates up to `size` bytes. Errors: NoSpace, Io; the file stays as it was.
    [[nodiscard]] Result<> grow(std::uint64_t size);

    /// Copies the packet in and publishes it. The caller made sure that it `fits`.
    void append(const Packet& packet);

    /// Marks the segment as complete. Readers may already use it; `finish` does the slow part.
    void seal();

    /// Gives back the memory behind the committed part and unmaps.
    void finish();

    [[nodiscard]] SegmentName name() const { return name_; }

    [[nodiscard]] std::uint64_t size() const { return size_; }

    [[nodiscard]] std::uint64_t committed() const { return committed_; }

    [[nodiscard]] bool empty() const { return last_ == MonoTime::min(); }

    [[nodiscard]] MonoTime first() const { return first_; }

    [[nodiscard]] MonoTime last() const { return last_; }

private:
    SegmentFile() = default;

    UniqueFd fd_;
    std::byte* base_ = nullptr;
    SegmentName name_;
    std::uint64_t size_ = 0;       ///< allocated and mapped
    std::uint64_t committed_ = 0;  ///< our copy of the published offset
    MonoTime first_ = MonoTime::max();
    MonoTime last_ = MonoTime::min();
};

}  // namespace hindsight::ring
