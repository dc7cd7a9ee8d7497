#include "video.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace hindsight::test {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

/// Decoding a whole clip on a busy machine.
constexpr milliseconds kDecoding{120'000};

Result<Output> must_be_silent(
    DesktopSession& session, std::vector<std::string> command, const std::string& package) {
    const std::string name = command.front();
    HINDSIGHT_ASSIGN(Output output, session.run(std::move(command), kDecoding, {}, package));
    if (!output.status.success() || !output.err.empty())
        return fail(Errc::External, name + " complains: " + output.err);
    return output;
}

}  // namespace

int Picture::count(int red, int green, int blue, int tolerance) const {
    int found = 0;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
        const bool near = std::abs(rgb[i] - red) <= tolerance &&
                          std::abs(rgb[i + 1] - green) <= tolerance &&
                          std::abs(rgb[i + 2] - blue) <= tolerance;
        found += near ? 1 : 0;
    }
    return found;
}

Result<Json> probe(DesktopSession& session, const fs::path& file) {
    HINDSIGHT_ASSIGN(
        const Output output,
        must_be_silent(
            session,
            {"ffprobe",
             "-v",
             "error",
             "-show_streams",
             "-show_format",
             "-show_chapters",
             "-of",
             "json",
             file.string()},
            "ffmpeg"));
    Json answer = Json::parse(output.out, nullptr, false);
    if (answer.is_discarded())
        return fail(Errc::External, "ffprobe prints no JSON");
    return answer;
}

Result<std::vector<Picture>>
decode_frames(DesktopSession& session, const fs::path& file, const std::vector<int>& numbers) {
    HINDSIGHT_ASSIGN(const Json facts, probe(session, file));
    int width = 0;
    int height = 0;
    for (const Json& stream : facts["streams"]) {
        if (stream.value("codec_type", "") == "video") {
            width = stream.value("width", 0);
            height = stream.value("height", 0);
        }
    }
    std::string wanted;
    for (const int number : numbers)
        wanted += (wanted.empty() ? "eq(n\\," : "+eq(n\\,") + std::to_string(number) + ")";
    HINDSIGHT_ASSIGN(
        const Output output,
        must_be_silent(
            session,
            {"ffmpeg",
             "-v",
             "error",
             "-nostdin",
             "-i",
             file.string(),
             "-map",
             "0:v:0",
             "-vf",
             "select=" + wanted,
             "-fps_mode",
             "passthrough",
             "-pix_fmt",
             "rgb24",
             "-f",
             "rawvideo",
             "-"},
            "ffmpeg"));
    const std::size_t bytes =
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
    if (bytes == 0 || output.out.size() != bytes * numbers.size())
        return fail(
            Errc::Corrupt, "the clip does not have all of the wanted frames: " + file.string());
    std::vector<Picture> pictures;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto begin = output.out.begin() + static_cast<std::ptrdiff_t>(i * bytes);
        Picture picture{.width = width, .height = height, .rgb = {}};
        picture.rgb.assign(begin, begin + static_cast<std::ptrdiff_t>(bytes));
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

Result<> plays_everywhere(DesktopSession& session, const fs::path& file) {
    const std::string path = file.string();
    HINDSIGHT_TRY(probe(session, file));
    HINDSIGHT_TRY(must_be_silent(
        session,
        {"ffmpeg", "-v", "error", "-xerror", "-nostdin", "-i", path, "-f", "null", "-"},
        "ffmpeg"));
    HINDSIGHT_ASSIGN(
        const Output mediainfo,
        must_be_silent(
            session, {"mediainfo", "--Inform=Video;%Format% %Width%x%Height%", path}, "mediainfo"));
    if (!mediainfo.out.starts_with("AVC "))
        return fail(Errc::External, "mediainfo sees no AVC video: " + mediainfo.out);
    HINDSIGHT_ASSIGN(
        const Output mpv,
        session.run(
            {"mpv",
             "--no-config",
             "--vo=null",
             "--ao=null",
             "--untimed",
             "--msg-level=all=warn",
             path},
            kDecoding,
            {},
            "mpv"));
    if (!mpv.status.success() || mpv.out.find("error") != std::string::npos ||
        mpv.err.find("error") != std::string::npos)
        return fail(Errc::External, "mpv complains: " + mpv.out + mpv.err);
    return {};
}

}  // namespace hindsight::test
