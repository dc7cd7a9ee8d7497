#include "profile_parse.hpp"

#include <hindsight/actions/profile.hpp>
#include <hindsight/core/paths.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

namespace hindsight::actions {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMaxFileBytes = 256u << 10;

struct ProfileFile {
    fs::path path;
    std::string text;
};

Result<std::string> read_text(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path, error))
        return fail(Errc::NotFound, path.string() + ": there is no such file");
    if (fs::file_size(path, error) > kMaxFileBytes || error)
        return fail(Errc::Io, path.string() + ": this cannot be read as a profile");
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        return fail(Errc::Io, path.string() + ": this cannot be read");
    return text;
}

std::vector<ProfileFile>
read_folder(const fs::path& folder, std::vector<ProfileProblem>& problems) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".toml")
            paths.push_back(entry->path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<ProfileFile> files;
    for (const fs::path& path : paths) {
        auto text = read_text(path);
        if (text)
            files.push_back({path, *std::move(text)});
        else
            problems.push_back({path, text.error().what});
    }
    return files;
}

/// What is said of files of which each waits for another one.
void report_waiting(
    const std::vector<ProfileFile>& waiting,
    const std::vector<std::string>& missing,
    std::vector<ProfileProblem>& problems) {
    std::vector<std::string> ids;
    ids.reserve(waiting.size());
    for (const ProfileFile& file : waiting)
        ids.push_back(identity_of(file.text).id);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        std::string what = missing[i];
        const std::string base = identity_of(waiting[i].text).base;
        if (std::find(ids.begin(), ids.end(), base) != ids.end())
            what = what.substr(0, what.find(": there is no profile")) +
                   ": the bases of this profile lead in a circle";
        problems.push_back({waiting[i].path, what});
    }
}

/// Parses `files`, each after the one it builds on. `known` are bases from elsewhere; `finish`
/// marks each profile by its origin.
template <class Finish>
std::vector<Profile> parse_files(
    std::vector<ProfileFile> files,
    std::vector<Profile> known,
    std::vector<ProfileProblem>& problems,
    const Finish& finish) {
    std::vector<Profile> done;
    while (!files.empty()) {
        std::vector<ProfileFile> waiting;
        std::vector<std::string> missing;
        for (ProfileFile& file : files) {
            auto profile = parse_profile(file.text, file.path.string(), known);
            if (!profile && profile.error().code == Errc::NotFound) {
                missing.push_back(profile.error().what);
                waiting.push_back(std::move(file));
                continue;
            }
            if (!profile) {
                problems.push_back({file.path, profile.error().what});
                continue;
            }
            const auto same = std::find_if(done.begin(), done.end(), [&](const Profile& other) {
                return other.id == profile->id;
            });
            if (same != done.end()) {
                problems.push_back(
                    {file.path,
                     file.path.string() + ": the id '" + profile->id + "' is that of " +
                         same->file.string() + " already"});
                continue;
            }
            profile->file = file.path;
            finish(*profile, file.text);
            known.push_back(*profile);
            done.push_back(*std::move(profile));
        }
        if (waiting.size() == files.size()) {
            report_waiting(waiting, missing, problems);
            break;
        }
        files = std::move(waiting);
    }
    return done;
}

std::vector<Profile> load_bundled(const fs::path& folder, std::vector<ProfileProblem>& problems) {
    return parse_files(
        read_folder(folder, problems), {}, problems, [](Profile& profile, std::string_view text) {
            mark_bundled(profile, text);
        });
}

bool same_text(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
        return lower(x) == lower(y);
    });
}

bool holds(const std::vector<std::string>& rules, std::string_view value) {
    return !value.empty() && std::any_of(rules.begin(), rules.end(), [&](const std::string& rule) {
        return same_text(rule, value);
    });
}

/// 0: no rule holds. The more telling the fact, the higher.
int score(const ProfileMatch& rules, const WindowFacts& window) {
    if (holds(rules.steam_app_ids, window.steam_app_id))
        return 4;
    for (const std::string& argument : window.arguments) {
        if (holds(rules.arguments, argument))
            return 3;
    }
    if (holds(rules.executables, window.executable))
        return 2;
    return holds(rules.wm_classes, window.wm_class) ? 1 : 0;
}

/// Gives the actions of `profile` the ids that they have in `last`.
void keep_ids(Profile& profile, const Profile& last) {
    std::vector<ActionInfo> table = last.actions;
    for (ActionInfo& action : table) {
        action.default_controls.clear();
        action.negative_controls.clear();
    }
    std::vector<std::uint16_t> ids(profile.actions.size());
    for (const ActionInfo& action : profile.actions) {
        auto place = std::find_if(table.begin(), table.end(), [&](const ActionInfo& old) {
            return old.name == action.name && old.type == action.type && old.pulse == action.pulse;
        });
        if (place == table.end())
            place = table.insert(table.end(), action);
        ids[action.id] = static_cast<std::uint16_t>(place - table.begin());
        *place = action;
        place->id = ids[action.id];
    }
    for (ProfileBinding& binding : profile.bindings)
        binding.action = ids[binding.action];
    // A set that only actions of yesterday belong to is named still.
    for (const ActionInfo& action : table) {
        if (std::find(profile.sets.begin(), profile.sets.end(), action.set) == profile.sets.end())
            profile.sets.push_back(action.set);
    }
    profile.actions = std::move(table);
}

}  // namespace

Duration ProfileLatency::at(Duration period) const {
    return time + Duration::from_seconds(frames * period.seconds());
}

std::vector<std::uint16_t> Profile::digital_actions() const {
    std::vector<std::uint16_t> ids;
    for (const ActionInfo& info : actions) {
        if (info.type == ActionType::Digital && !info.pulse)
            ids.push_back(info.id);
    }
    return ids;
}

std::vector<std::uint16_t> Profile::pulse_actions() const {
    std::vector<std::uint16_t> ids;
    for (const ActionInfo& info : actions) {
        if (info.type == ActionType::Digital && info.pulse)
            ids.push_back(info.id);
    }
    return ids;
}

const ActionInfo* Profile::action(std::string_view action_name) const {
    const auto found = std::find_if(actions.begin(), actions.end(), [&](const ActionInfo& info) {
        return info.name == action_name;
    });
    return found == actions.end() ? nullptr : &*found;
}

std::string ProfileProblem::place() const {
    const std::string path = file.string();
    if (!what.starts_with(path + ':'))
        return path;
    const std::size_t end = what.find_first_not_of("0123456789", path.size() + 1);
    const bool has_line = end != path.size() + 1 && end != std::string::npos && what[end] == ':';
    return has_line ? what.substr(0, end) : path;
}

ProfileStore ProfileStore::load(const fs::path& bundled_folder, const fs::path& user_folder) {
    ProfileStore store;
    std::vector<ProfileProblem>& problems = store.problems_;
    std::vector<Profile> bundled = load_bundled(bundled_folder, problems);
    store.profiles_ = parse_files(
        read_folder(user_folder, problems),
        bundled,
        problems,
        [&](Profile& profile, std::string_view) { mark_own(profile, bundled); });
    for (Profile& profile : bundled) {
        if (store.find(profile.id) == nullptr)
            store.profiles_.push_back(std::move(profile));
    }
    return store;
}

ProfileStore ProfileStore::reload(
    const ProfileStore& last, const fs::path& bundled_folder, const fs::path& user_folder) {
    ProfileStore store = load(bundled_folder, user_folder);
    for (const Profile& old : last.profiles_) {
        const bool broken = std::any_of(
            store.problems_.begin(), store.problems_.end(), [&](const ProfileProblem& problem) {
                return problem.file == old.file;
            });
        const auto now =
            std::find_if(store.profiles_.begin(), store.profiles_.end(), [&](const Profile& other) {
                return other.id == old.id;
            });
        if (now == store.profiles_.end()) {
            store.profiles_.push_back(old);
            if (!broken)
                store.profiles_.back().match = {};
        } else if (broken && now->file != old.file) {
            // The bundled one of the same id stood in for it. The player's own come first.
            store.profiles_.erase(now);
            store.profiles_.insert(store.profiles_.begin(), old);
        } else {
            keep_ids(*now, old);
        }
    }
    return store;
}

ProfileStore ProfileStore::load_installed() {
    return load(paths::shipped_data_dir() / "profiles", paths::config_dir() / "profiles");
}

ProfileStore ProfileStore::reload_installed(const ProfileStore& last) {
    return reload(last, paths::shipped_data_dir() / "profiles", paths::config_dir() / "profiles");
}

const Profile* ProfileStore::match(const WindowFacts& window) const {
    const Profile* best = nullptr;
    int best_score = 0;
    // The user's own come first in the list, so only a better score replaces one.
    for (const Profile& profile : profiles_) {
        const int found = score(profile.match, window);
        if (found > best_score) {
            best = &profile;
            best_score = found;
        }
    }
    return best;
}

const Profile* ProfileStore::find(std::string_view id) const {
    const auto found = std::find_if(
        profiles_.begin(), profiles_.end(), [&](const Profile& other) { return other.id == id; });
    return found == profiles_.end() ? nullptr : &*found;
}

Result<Profile> check_profile(const fs::path& file) {
    HINDSIGHT_ASSIGN(const std::string text, read_text(file));
    std::vector<ProfileProblem> problems;
    const std::vector<Profile> bundled =
        load_bundled(paths::shipped_data_dir() / "profiles", problems);
    HINDSIGHT_ASSIGN(Profile profile, parse_profile(text, file.string(), bundled));
    profile.file = file;
    mark_own(profile, bundled);
    return profile;
}

}  // namespace hindsight::actions
