#include "library_desk.hpp"

#include <hindsight/service/clip_json.hpp>

#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;

LibraryDesk::LibraryDesk(
    ClipStore& store, SidecarWriter& sidecars, Executor& control, Executor& storer, Events events)
    : store_{store},
      sidecars_{sidecars},
      control_{control},
      storer_{storer},
      events_{std::move(events)} {}

template <class T>
void LibraryDesk::ask(std::function<Result<T>()> work, Reply<T> reply) {
    const bool queued = storer_.post([this, work = std::move(work), reply] {
        Result<T> result = work();
        (void)control_.post([reply, result = std::move(result)] { reply(result); });
    });
    if (!queued)
        reply(fail(Errc::Busy, "the library is busy; try again in a moment"));
}

void LibraryDesk::list(const ClipQuery& query, Reply<Json> reply) {
    ask<Json>(
        [this, query]() -> Result<Json> {
            HINDSIGHT_ASSIGN(const std::vector<Clip> clips, store_.list(query));
            Json list = Json::array();
            for (const Clip& clip : clips)
                list.push_back(clip_to_json(clip));
            return list;
        },
        std::move(reply));
}

void LibraryDesk::find(const std::string& id, Reply<Clip> reply) {
    ask<Clip>([this, id] { return store_.find(id); }, std::move(reply));
}

Result<LibraryDesk::Deleted> LibraryDesk::remove_now(const std::string& id) {
    HINDSIGHT_ASSIGN(Deleted deleted, store_.find(id).map([](Clip clip) {
        return Deleted{std::move(clip), {}};
    }));
    const Clip& clip = deleted.clip;
    for (const fs::path& file : {clip.path, clip.actions_path, clip.ass_path, clip.overlay_path}) {
        std::error_code error;
        if (file.empty() || !fs::exists(file, error))
            continue;
        auto trashed = move_to_trash(file);
        if (!trashed) {
            (void)restore_from_trash(deleted.files);
            return tl::unexpected(std::move(trashed).error());
        }
        deleted.files.push_back(*std::move(trashed));
    }
    if (auto removed = store_.remove(clip.id); !removed) {
        (void)restore_from_trash(deleted.files);
        return tl::unexpected(std::move(removed).error());
    }
    // It can be made again; nobody finds it without the clip.
    std::error_code error;
    fs::remove(clip.thumbnail_path, error);
    return deleted;
}

void LibraryDesk::remove(const std::string& id, Reply<> reply) {
    ask<Deleted>(
        [this, id] { return remove_now(id); },
        [this, reply = std::move(reply)](const Result<Deleted>& deleted) {
            if (!deleted)
                return reply(tl::unexpected(deleted.error()));
            deleted_[deleted->clip.id] = *deleted;
            if (events_.removed)
                events_.removed(deleted->clip.id);
            reply({});
        });
}

Result<Clip> LibraryDesk::restore_now(const Deleted& deleted) {
    std::vector<ClipOnset> onsets;
    for (const TrashedFile& file : deleted.files)
        if (file.original == deleted.clip.actions_path)
            if (auto read = sidecars_.read_onsets(file.trashed))
                onsets = *std::move(read);
    Clip clip = deleted.clip;
    clip.thumbnail_path.clear();
    HINDSIGHT_TRY(store_.insert(clip, onsets));
    if (auto restored = restore_from_trash(deleted.files); !restored) {
        (void)store_.remove(clip.id);
        return tl::unexpected(std::move(restored).error());
    }
    return clip;
}

void LibraryDesk::restore(const std::string& id, Reply<> reply) {
    const auto at = deleted_.find(id);
    if (at == deleted_.end())
        return reply(fail(Errc::NotFound, "no clip with this id was deleted since the start"));
    ask<Clip>(
        [this, deleted = at->second] { return restore_now(deleted); },
        [this, id, reply = std::move(reply)](const Result<Clip>& clip) {
            if (!clip)
                return reply(tl::unexpected(clip.error()));
            deleted_.erase(id);
            if (events_.added)
                events_.added(*clip);
            reply({});
        });
}

void LibraryDesk::change(std::function<Result<Clip>()> work, Reply<> reply) {
    ask<Clip>(std::move(work), [this, reply = std::move(reply)](const Result<Clip>& clip) {
        if (!clip)
            return reply(tl::unexpected(clip.error()));
        if (events_.changed)
            events_.changed(*clip);
        reply({});
    });
}

void LibraryDesk::edit(const std::string& id, std::function<void(Clip&)> edit, Reply<> reply) {
    change(
        [this, id, edit = std::move(edit)]() -> Result<Clip> {
            HINDSIGHT_ASSIGN(Clip clip, store_.find(id));
            edit(clip);
            HINDSIGHT_TRY(store_.update(clip));
            return clip;
        },
        std::move(reply));
}

/// Files first: while one is left, the library still knows where. The copy with the overlay has its
/// name from the clip: one that was being drawn may lie there unknown.
Result<> LibraryDesk::remove_made_of_actions(const Clip& clip) {
    std::error_code error;
    if (!fs::exists(clip.path, error))
        return fail(
            Errc::NotFound,
            "The clip is not where it was, perhaps because its disk is not there; its actions may "
            "lie beside it, and nothing was forgotten.");
    fs::path overlay = clip.path;
    overlay.replace_extension(".overlay.mp4");
    for (const fs::path& file : {clip.actions_path, clip.ass_path, clip.overlay_path, overlay})
        if (!file.empty() && !fs::remove(file, error) && error)
            return fail_errno(
                "The actions cannot be forgotten: " + file.filename().string(), error.value());
    return {};
}

void LibraryDesk::forget_actions(const std::string& id, Reply<> reply) {
    // What happens in the library may be done although its journal could not be emptied.
    struct Forgotten {
        Clip clip;
        Result<> result;
    };

    ask<Forgotten>(
        [this, id]() -> Result<Forgotten> {
            HINDSIGHT_ASSIGN(const Clip clip, store_.find(id));
            HINDSIGHT_TRY(remove_made_of_actions(clip));
            auto result = store_.forget_actions(clip.id);
            HINDSIGHT_ASSIGN(Clip now, store_.find(clip.id));
            return Forgotten{std::move(now), std::move(result)};
        },
        [this, reply = std::move(reply)](const Result<Forgotten>& done) {
            if (!done)
                return reply(tl::unexpected(done.error()));
            if (events_.changed)
                events_.changed(done->clip);
            reply(done->result);
        });
}

void LibraryDesk::set_train(const std::string& id, bool allowed, Reply<> reply) {
    change(
        [this, id, allowed]() -> Result<Clip> {
            HINDSIGHT_ASSIGN(Clip clip, store_.find(id));
            if (clip.actions_path.empty())
                return fail(Errc::NotFound, "This clip has no actions that could be used.");
            // The file travels and is what an export reads; it is never the more generous one.
            clip.train = allowed;
            if (!allowed) {
                HINDSIGHT_TRY(sidecars_.set_train(clip.actions_path, false));
            }
            HINDSIGHT_TRY(store_.update(clip));
            if (allowed) {
                HINDSIGHT_TRY(sidecars_.set_train(clip.actions_path, true));
            }
            return clip;
        },
        std::move(reply));
}

}  // namespace hindsight::service
