#pragma once

// A container file that libavformat writes through our own I/O, so that a full disk or a failing
// one is reported as what it is, at the write that met it.
//
// Protocol: create, add streams to `context()`, `write_header`, `write` packets, `finish`.

#include <hindsight/core/result.hpp>

#include <ffmpeg/av_handle.hpp>

#include <filesystem>
#include <memory>

namespace hindsight {

class AvOutputFile {
public:
    /// `fd` is open for writing and borrowed; `path` names the same file (faststart reads it).
    /// `format` is FFmpeg's name, "mp4". Errors: Unsupported, External.
    [[nodiscard]] static Result<std::unique_ptr<AvOutputFile>>
    create(int fd, const std::filesystem::path& path, const char* format);

    ~AvOutputFile();
    AvOutputFile(const AvOutputFile&) = delete;
    AvOutputFile& operator=(const AvOutputFile&) = delete;

    [[nodiscard]] AVFormatContext* context() { return context_; }

    /// Errors of the three: NoSpace, Io, PermissionDenied (from the disk), External.
    [[nodiscard]] Result<> write_header(AvOptions& options);
    /// In order of dts over all streams; the packet is borrowed.
    [[nodiscard]] Result<> write(AVPacket* packet);
    /// Fragmented formats: writes the packets that wait as one fragment, all of it.
    [[nodiscard]] Result<> end_fragment();
    /// Writes what the buffer holds.
    [[nodiscard]] Result<> flush();

    /// From now on everything is written to another file, at its place.
    void redirect(int fd) { fd_ = fd; }

    /// Writes the rest. Does not sync.
    [[nodiscard]] Result<> finish();

private:
    explicit AvOutputFile(int fd) : fd_{fd} {}

    [[nodiscard]] Result<> check(const char* doing, int av_error) const;
    static int on_write(void* self, const std::uint8_t* data, int size) noexcept;
    static int on_write_mutable(void* self, std::uint8_t* data, int size) noexcept;
    static std::int64_t on_seek(void* self, std::int64_t offset, int whence) noexcept;

    int fd_;
    int disk_error_ = 0;  ///< the first errno of a write; libavformat may wrap it in its own
    std::int64_t bytes_for_disk_ = 0;  ///< written since the disk was last told to begin
    AVFormatContext* context_ = nullptr;
};

}  // namespace hindsight
