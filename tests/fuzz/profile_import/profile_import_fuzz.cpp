// A game's configuration is what its player and its mods made of it. The first byte chooses the
// importer; what it writes has to be a sound profile.

#include <hindsight/actions/profile_import.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using hindsight::actions::BindingFormat;
using hindsight::actions::parse_profile;
using hindsight::actions::Profile;

void require(bool condition) {
    if (!condition)
        std::abort();
}

constexpr std::array<BindingFormat, 4> kFormats{
    BindingFormat::Quake, BindingFormat::Doom, BindingFormat::Minecraft, BindingFormat::SuperTux};

/// With an action for some commands of every format, and keys that others want.
const Profile& base() {
    static const Profile kBase = *parse_profile(
        "id = \"base\"\nname = \"Base\"\nchat_keys = [\"T\"]\nmenu_keys = [\"Escape\"]\n"
        "[[action]]\nname = \"move_forward\"\ncontrols = [\"W\", \"PadUp\"]\n"
        "[[action]]\nname = \"move_left\"\ncontrols = [\"A\"]\n"
        "[[action]]\nname = \"jump\"\ncontrols = [\"Space\"]\n"
        "[[action]]\nname = \"fire\"\ncontrols = [\"Mouse1\"]\n"
        "[[action]]\nname = \"weapon_1\"\ncontrols = [\"1\"]\n"
        "[[action]]\nname = \"hotbar_1\"\ncontrols = [\"2\"]\n"
        "[[action]]\nname = \"run\"\ntype = \"axis1d\"\ncontrols = [\"PadLeftTrigger\"]\n"
        "[[action]]\nname = \"menu\"\ncontrols = [\"Escape\"]\n",
        "base.toml",
        {});
    return kBase;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const BindingFormat format = kFormats[data[0] % kFormats.size()];
    const std::string_view config{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto imported = hindsight::actions::import_bindings(format, config, "config", base());
    if (!imported) {
        const std::string_view what = imported.error().what;
        require(what.starts_with("config: ") && what.find('\n') == std::string_view::npos);
        require(what.find("contradict") == std::string_view::npos);
        return 0;
    }
    if (!imported->text.empty())
        require(parse_profile(imported->text, "own.toml", {base()}).has_value());
    for (const auto& sentence : imported->left_out)
        require(sentence.find('\n') == std::string::npos);
    return 0;
}
