#include "av_output_file.hpp"

#include "av_error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hindsight {

namespace {

/// Large enough that a clip is a few hundred writes; 10–30 % faster than FFmpeg's 32 kB.
constexpr int kBufferBytes = 1 << 20;
/// After so many bytes the disk is told to begin, instead of when somebody waits for it.
constexpr std::int64_t kBytesForDisk = 16 << 20;

}  // namespace

Result<std::unique_ptr<AvOutputFile>>
AvOutputFile::create(int fd, const std::filesystem::path& path, const char* format) {
    std::unique_ptr<AvOutputFile> file{new AvOutputFile{fd}};
    // "file:" keeps FFmpeg from reading a protocol into a name with a colon.
    const std::string url = "file:" + path.string();
    const int made = avformat_alloc_output_context2(&file->context_, nullptr, format, url.c_str());
    if (made < 0)
        return fail_av("preparing the clip file", made);
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
    if (buffer == nullptr)
        return fail_av("preparing the clip file", AVERROR(ENOMEM));
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    const auto write_packet = on_write;
#else
    const auto write_packet = on_write_mutable;
#endif
    file->context_->pb =
        avio_alloc_context(buffer, kBufferBytes, 1, file.get(), nullptr, write_packet, on_seek);
    if (file->context_->pb == nullptr) {
        av_free(buffer);
        return fail_av("preparing the clip file", AVERROR(ENOMEM));
    }
    file->context_->flags |= AVFMT_FLAG_CUSTOM_IO;
    return file;
}

AvOutputFile::~AvOutputFile() {
    if (context_ == nullptr)
        return;
    if (context_->pb != nullptr) {
        av_freep(&context_->pb->buffer);
        avio_context_free(&context_->pb);
    }
    avformat_free_context(context_);
}

int AvOutputFile::on_write(void* self, const std::uint8_t* data, int size) noexcept {
    auto* file = static_cast<AvOutputFile*>(self);
    int written = 0;
    while (written < size) {
        const ssize_t n =
            ::write(file->fd_, data + written, static_cast<std::size_t>(size - written));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (file->disk_error_ == 0)
                file->disk_error_ = errno;
            return AVERROR(errno);
        }
        written += static_cast<int>(n);
    }
    file->bytes_for_disk_ += written;
    if (file->bytes_for_disk_ >= kBytesForDisk) {
        file->bytes_for_disk_ = 0;
        ::sync_file_range(file->fd_, 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    return written;
}

int AvOutputFile::on_write_mutable(void* self, std::uint8_t* data, int size) noexcept {
    return on_write(self, data, size);
}

std::int64_t AvOutputFile::on_seek(void* self, std::int64_t offset, int whence) noexcept {
    const auto* file = static_cast<AvOutputFile*>(self);
    if ((whence & AVSEEK_SIZE) != 0) {
        struct stat status {};

        return ::fstat(file->fd_, &status) == 0 ? status.st_size : AVERROR(errno);
    }
    const off_t at = ::lseek(file->fd_, offset, whence & ~AVSEEK_FORCE);
    return at >= 0 ? at : AVERROR(errno);
}

Result<> AvOutputFile::check(const char* doing, int av_error) const {
    if (disk_error_ != 0)
        return fail_errno(doing, disk_error_);
    if (av_error < 0)
        return fail_av(doing, av_error);
    return {};
}

Result<> AvOutputFile::write_header(AvOptions& options) {
    return check("writing the clip", avformat_write_header(context_, options.out()));
}

Result<> AvOutputFile::write(AVPacket* packet) {
    return check("writing the clip", av_write_frame(context_, packet));
}

Result<> AvOutputFile::end_fragment() {
    const int written = av_write_frame(context_, nullptr);
    avio_flush(context_->pb);
    return check("writing the recording", written < 0 ? written : context_->pb->error);
}

Result<> AvOutputFile::flush() {
    avio_flush(context_->pb);
    return check("writing the recording", context_->pb->error);
}

Result<> AvOutputFile::finish() {
    const int trailer = av_write_trailer(context_);
    avio_flush(context_->pb);
    return check("writing the clip", trailer < 0 ? trailer : context_->pb->error);
}

}  // namespace hindsight
