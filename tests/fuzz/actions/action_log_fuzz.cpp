// An action log may come from anywhere. Whatever is read without an error must be written as a log
// that reads as the same value, and be fit for everything that is made of logs.

#include <hindsight/actions/action_log.hpp>
#include <hindsight/actions/cues.hpp>
#include <hindsight/actions/inputs.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hindsight::actions;
    const auto log = parse_jsonl({reinterpret_cast<const char*>(data), size});
    if (!log)
        return 0;
    const std::string text = to_jsonl(*log);
    const auto again = parse_jsonl(text);
    if (!again || to_jsonl(*again) != text)
        std::abort();
    (void)make_cues(*log);
    (void)onsets(*log);
    (void)to_inputs_jsonl(*log);
    return 0;
}
