#include "mp4_input.hpp"

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>

namespace hindsight::mux {

Result<InputHandle> open_all_packets(const std::filesystem::path& file, const char* doing) {
    return open_all_packets_of("file:" + file.string(), doing);
}

Result<InputHandle> open_all_packets_of(const std::string& url, const char* doing) {
    AVFormatContext* context = nullptr;
    AvOptions options;
    options.set("ignore_editlist", "1");
    const AVInputFormat* mp4 = av_find_input_format("mov");
    if (const int opened = avformat_open_input(&context, url.c_str(), mp4, options.out());
        opened < 0)
        return fail_av(doing, opened);
    return InputHandle{context};
}

}  // namespace hindsight::mux
