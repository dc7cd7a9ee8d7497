// A profile comes from anybody: every one is a sound table or one sentence with file and line.

#include <hindsight/actions/profile.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using hindsight::actions::parse_profile;
using hindsight::actions::Profile;
using hindsight::actions::ProfileBinding;

void require(bool condition) {
    if (!condition)
        std::abort();
}

const std::vector<Profile>& bases() {
    static const std::vector<Profile> kBases = [] {
        auto base = parse_profile(
            "id = \"generic\"\nname = \"Generic\"\nsets = [\"gameplay\", \"map\"]\n"
            "chat_keys = [\"T\"]\n[[action]]\nname = \"use\"\ncontrols = [\"E\"]\n"
            "[[action]]\nname = \"steer\"\ntype = \"axis1d\"\ncontrols = [\"D\"]\n"
            "negative_controls = [\"A\"]\n",
            "generic.toml",
            {});
        return std::vector<Profile>{*std::move(base)};
    }();
    return kBases;
}

void check(const Profile& profile) {
    require(!profile.id.empty() && !profile.name.empty() && !profile.actions.empty());
    for (std::size_t i = 0; i < profile.actions.size(); ++i)
        require(profile.actions[i].id == i);
    const auto& known = hindsight::actions::known_controls();
    for (const ProfileBinding& binding : profile.bindings) {
        require(binding.action < profile.actions.size());
        require(binding.dead_zone >= 0 && binding.dead_zone < 1);
        require(std::find(known.begin(), known.end(), binding.control) != known.end());
    }
    require(profile.text_chat || profile.chat_controls.empty());
    require(profile.latency.at(hindsight::Duration::from_ms(100)).ns() >= 0);
}

void check_sentence(std::string_view what) {
    require(what.starts_with("p.toml:"));
    require(what.find('\n') == std::string_view::npos);
    require(what.size() < 1000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto profile = parse_profile(text, "p.toml", bases());
    if (profile)
        check(*profile);
    else
        check_sentence(profile.error().what);
    return 0;
}
