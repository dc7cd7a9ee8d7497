#include "mp4_input.hpp"

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>

#include <string>

namespace hindsight::mux {

Result<InputHandle> open_all_packets(const std::filesystem::path& file, const char* doing) {
    AVFormatContext* context = nullptr;
    AvOptions options;
    options.set("ignore_editlist", "1");
    const std::string url = "file:" + file.string();
    const AVInputFormat* mp4 = av_find_input_format("mov");
    if (const int opened = avformat_open_input(&context, url.c_str(), mp4, options.out());
        opened < 0)
        return fail_av(doing, opened);
    return InputHandle{context};
}

}  // namespace hindsight::mux
