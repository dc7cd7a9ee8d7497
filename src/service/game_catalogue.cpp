#include <hindsight/actions/profile.hpp>
#include <hindsight/core/file.hpp>
#include <hindsight/core/paths.hpp>
#include <hindsight/service/game_catalogue.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <mutex>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMaxManifestBytes = 256u << 10;

bool is_number(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The title from Steam's `appmanifest_<id>.acf`; empty when it is not installed in the usual
/// place.
std::string steam_title(const std::string& app_id) {
    if (!is_number(app_id))
        return {};
    const fs::path data = paths::data_dir().parent_path();
    const std::string name = "steamapps/appmanifest_" + app_id + ".acf";
    const auto text = read_text_file(data / "Steam" / name, kMaxManifestBytes);
    if (!text)
        return {};
    const std::size_t key = text->find("\"name\"");
    const std::size_t open = key == std::string::npos ? key : text->find('"', key + 6);
    const std::size_t close = open == std::string::npos ? open : text->find('"', open + 1);
    return close == std::string::npos ? std::string{} : text->substr(open + 1, close - open - 1);
}

/// A name for people of a program that no profile knows: "supertux2" → "Supertux2".
std::string plain_name(const ipc::FocusChanged& focus) {
    std::string name = focus.wm_class.empty() ? focus.executable : focus.wm_class;
    if (name.empty())
        return "Window";
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    return name;
}

std::string for_the_log(const actions::ProfileProblem& problem) {
    return problem.place() + " (`hindsightctl profiles list` says why)";
}

}  // namespace

struct GameCatalogue::Impl {
    mutable std::mutex mutex;
    // Under it; replaced as a whole, and what was given out lives on.
    std::shared_ptr<const actions::ProfileStore> store =
        std::make_shared<const actions::ProfileStore>(actions::ProfileStore::load_installed());
};

GameCatalogue::GameCatalogue() : impl_{std::make_unique<Impl>()} {}

GameCatalogue::~GameCatalogue() = default;

GameMatch GameCatalogue::match(const ipc::FocusChanged& focus) const {
    const actions::WindowFacts facts{
        focus.wm_class, focus.executable, focus.arguments, focus.steam_app_id};
    const auto store = profiles();
    if (const actions::Profile* profile = store->match(facts))
        return {profile->name, profile->id, true};
    const std::string generic = store->generic() == nullptr ? "" : "generic";
    if (!focus.steam_app_id.empty() && focus.steam_app_id != "0") {
        const std::string title = steam_title(focus.steam_app_id);
        return {title.empty() ? plain_name(focus) : title, generic, true};
    }
    return {plain_name(focus), generic, false};
}

ipc::SetProfile GameCatalogue::controls(const std::string& id) const {
    ipc::SetProfile message;
    const auto store = profiles();
    const actions::Profile* profile = store->find(id);
    if (profile == nullptr)
        return message;
    message.profile = id;
    for (const actions::ProfileBinding& binding : profile->bindings)
        message.bindings.push_back(
            {binding.control, binding.action, binding.value, binding.dead_zone});
    message.digital = profile->digital_actions();
    message.pulse = profile->pulse_actions();
    message.chat_controls = profile->chat_controls;
    message.menu_controls = profile->menu_controls;
    message.latency_frames = profile->latency.frames;
    message.latency_ns = profile->latency.time.ns();
    return message;
}

std::shared_ptr<const actions::ProfileStore> GameCatalogue::profiles() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->store;
}

std::vector<std::string> GameCatalogue::reload() {
    const auto last = profiles();
    auto store = std::make_shared<const actions::ProfileStore>(
        actions::ProfileStore::reload_installed(*last));
    std::vector<std::string> news;
    for (const actions::ProfileProblem& problem : store->problems()) {
        const auto& known = last->problems();
        if (std::find(known.begin(), known.end(), problem) == known.end())
            news.push_back(for_the_log(problem));
    }
    const std::lock_guard lock{impl_->mutex};
    impl_->store = std::move(store);
    return news;
}

std::vector<std::string> GameCatalogue::problems() const {
    std::vector<std::string> sentences;
    const auto store = profiles();
    for (const actions::ProfileProblem& problem : store->problems())
        sentences.push_back(for_the_log(problem));
    return sentences;
}

}  // namespace hindsight::service
