#pragma once

// A file that appears under its name only when it is complete: until then it is `<name>.part`.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>

#include <filesystem>

namespace hindsight {

/// What `publish` does when the name is taken.
enum class NameClash {
    Number,   ///< `_2`, `_3`, … is added before the extension; nothing is ever overwritten
    Replace,  ///< the old file is replaced in one step
};

/// A file that has its name.
struct Published {
    std::filesystem::path path;  ///< with the number that it may have got
    bool durable = true;         ///< false: the folder could not be synced, a power cut may undo it
};

class PartFile {
public:
    /// Creates `<target>.part`, or takes over one that a crash left. The folder must exist.
    /// Another live writer's part file is passed over (the target gets a number then).
    /// Errors: NotFound (folder), NoSpace, PermissionDenied, Io.
    [[nodiscard]] static Result<PartFile> create(const std::filesystem::path& target);

    PartFile(PartFile&&) = default;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile();  ///< removes the part file unless published

    [[nodiscard]] int fd() const { return fd_.get(); }

    /// Where it is written now, `….part`.
    [[nodiscard]] const std::filesystem::path& path() const { return part_.path; }

    /// Empties the file, to write it again.
    [[nodiscard]] Result<> restart();

    /// Has the disk begin with what was written so far, and does not wait for it.
    void start_sync() const;

    /// Waits until the content is on disk. Errors: NoSpace, Io.
    [[nodiscard]] Result<> sync();

    /// Gives the file its name and waits until that is on disk. Errors: PermissionDenied, NoSpace,
    /// Io; the file has no name then.
    [[nodiscard]] Result<Published> publish(NameClash clash);

private:
    /// A path that is empty after a move, so that only one owner removes the file.
    struct OwnedPath {
        std::filesystem::path path;

        explicit OwnedPath(std::filesystem::path p) : path{std::move(p)} {}

        OwnedPath(OwnedPath&& other) noexcept : path{std::move(other.path)} { other.path.clear(); }
    };

    PartFile(UniqueFd fd, std::filesystem::path part, std::filesystem::path target);

    UniqueFd fd_;
    OwnedPath part_;
    std::filesystem::path target_;
};

/// Gives `file` the name `target`, as PartFile::publish does.
[[nodiscard]] Result<Published>
publish_as(const std::filesystem::path& file, const std::filesystem::path& target, NameClash clash);

/// `clip.mp4` → `clip_2.mp4`; number 1 is the path itself.
[[nodiscard]] std::filesystem::path numbered_path(const std::filesystem::path& path, int number);

}  // namespace hindsight
