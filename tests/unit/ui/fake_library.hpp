#pragma once

// A library in memory for tests of what is shown of it.

#include "clips/clip_model.hpp"

#include <QDateTime>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::ui::test {

struct Shelf {
    std::vector<Clip> clips;
    std::vector<ClipQuery> asked;
};

class FakeLibrary : public ClipReader {
public:
    explicit FakeLibrary(std::shared_ptr<Shelf> shelf) : shelf_{std::move(shelf)} {}

    Result<std::vector<Clip>> list(const ClipQuery& query) override {
        shelf_->asked.push_back(query);
        std::vector<Clip> found;
        for (const Clip& clip : shelf_->clips)
            if (clip.title.find(query.search) != std::string::npos)
                found.push_back(clip);
        return found;
    }

    Result<Clip> find(const std::string& id) override {
        for (const Clip& clip : shelf_->clips)
            if (clip.id == id)
                return clip;
        return fail(Errc::NotFound, "no such clip");
    }

    Result<std::vector<GameCount>> games() override { return std::vector<GameCount>{}; }

private:
    std::shared_ptr<Shelf> shelf_;
};

inline OpenReader open_shelf(const std::shared_ptr<Shelf>& shelf) {
    return [shelf]() -> Result<std::unique_ptr<ClipReader>> {
        return std::make_unique<FakeLibrary>(shelf);
    };
}

/// A clip saved `days` ago at noon.
inline Clip make_clip(const std::string& id, const std::string& game, int days) {
    Clip clip;
    clip.id = id;
    clip.path = "/clips/" + id + ".mp4";
    clip.title = "Clip " + id;
    clip.game = game;
    clip.created_ms =
        QDateTime{QDate::currentDate().addDays(-days), QTime{12, 0}}.toMSecsSinceEpoch();
    clip.duration = Duration::from_seconds(30);
    clip.size_bytes = 70'000'000;
    clip.width = 1920;
    clip.height = 1080;
    clip.fps = 60;
    return clip;
}

}  // namespace hindsight::ui::test
