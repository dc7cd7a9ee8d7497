#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hindsight::actions {

Result<> set_train(const std::filesystem::path& file, bool allowed) {
    HINDSIGHT_ASSIGN(const std::string text, read_text_file(file, kMaxLogBytes));
    HINDSIGHT_TRY(parse_jsonl(text));  // only what is understood is changed
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto header = nlohmann::ordered_json::parse(text.substr(0, end));
    header["consent"]["train"] = allowed;
    return write_file_atomically(file, header.dump() + text.substr(end));
}

}  // namespace hindsight::actions
