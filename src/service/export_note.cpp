#include "export_note.hpp"

#include <hindsight/core/file.hpp>

#include <sys/stat.h>

#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

constexpr const char* kFile = "export.json";
constexpr std::uintmax_t kMaxBytes = 64u << 20;

Json noted_to_json(const NotedFile& noted) {
    const FileIdentity& identity = noted.identity;
    return {
        {"saved", to_json(noted.saved)},
        {"device", identity.device},
        {"inode", identity.inode},
        {"size", identity.size},
        {"modified_ns", identity.modified_ns}};
}

NotedFile noted_from_json(const Json& json) {
    return {
        saved_file_from_json(json.at("saved")),
        {json.at("device").get<std::uint64_t>(),
         json.at("inode").get<std::uint64_t>(),
         json.at("size").get<std::int64_t>(),
         json.at("modified_ns").get<std::int64_t>()}};
}

/// Where the file with this identity is now, below its finished name.
std::optional<fs::path> find_named(const NotedFile& noted) {
    const fs::path& unfinished = noted.saved.file.path;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{unfinished.parent_path(), error}) {
        if (entry.path() != unfinished && identify(entry.path()) == noted.identity)
            return entry.path();
    }
    return std::nullopt;
}

}  // namespace

std::optional<FileIdentity> identify(const fs::path& file) {
    struct stat status {};

    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    return FileIdentity{
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec};
}

Result<> write_export_note(const fs::path& pin_folder, const ExportNote& note) {
    Json files = Json::array();
    for (const NotedFile& noted : note.files)
        files.push_back(noted_to_json(noted));
    const Json json{{"target", note.target.string()}, {"files", files}};
    return write_file_atomically(
        pin_folder / kFile, json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

ExportNote read_export_note(const fs::path& pin_folder) {
    const auto text = read_text_file(pin_folder / kFile, kMaxBytes);
    if (!text)
        return {};
    const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    try {
        ExportNote note;
        note.target = json.at("target").get<std::string>();
        for (const Json& file : json.at("files"))
            note.files.push_back(noted_from_json(file));
        return note;
    } catch (const Json::exception&) {
        return {};
    }
}

std::vector<SavedFile> named_files(const ExportNote& note) {
    std::vector<SavedFile> found;
    for (const NotedFile& noted : note.files) {
        auto path = find_named(noted);
        if (!path)
            continue;
        found.push_back(noted.saved);
        found.back().file.path = *std::move(path);
    }
    return found;
}

}  // namespace hindsight::service
