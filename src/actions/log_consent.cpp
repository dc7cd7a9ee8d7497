#include "log_line.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/file.hpp>

#include <algorithm>

namespace hindsight::actions {

Result<> set_train(const std::filesystem::path& file, bool allowed) {
    HINDSIGHT_ASSIGN(const std::string text, read_text_file(file, kMaxLogBytes));
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = std::string_view{text}.substr(0, end);
    HINDSIGHT_TRY(parse_jsonl(line));  // only what is understood is changed
    auto header = parse_log_line(line);
    header["consent"]["train"] = allowed;
    return write_file_atomically(file, header.dump() + text.substr(end));
}

}  // namespace hindsight::actions
