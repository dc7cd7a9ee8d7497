#pragma once

#include <hindsight/core/id.hpp>
#include <hindsight/library/library.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::library {

/// A folder of its own, gone afterwards.
class LibraryTest : public testing::Test {
public:
    LibraryTest() {
        std::string name = (std::filesystem::temp_directory_path() / "hindsight-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        file_ = folder_ / "data" / "library.db";
    }

    ~LibraryTest() override {
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
    }

    [[nodiscard]] OpenedStore open() const {
        Result<OpenedStore> opened = open_store(file_, log_);
        EXPECT_TRUE(opened) << opened.error().what;
        return opened ? *std::move(opened) : OpenedStore{};
    }

    [[nodiscard]] static Clip clip(const std::string& name, std::int64_t created_ms) {
        Clip clip;
        clip.id = random_id();
        clip.path = "/videos/" + name + ".mp4";
        clip.title = name;
        clip.game = "Freedoom";
        clip.profile = "freedoom";
        clip.created_ms = created_ms;
        clip.duration = Duration::from_ms(30'000);
        clip.size_bytes = 70'000'000;
        clip.width = 1280;
        clip.height = 720;
        clip.fps = 60;
        return clip;
    }

    [[nodiscard]] static std::vector<std::string>
    titles(ClipReader& reader, const ClipQuery& query) {
        const auto clips = reader.list(query);
        EXPECT_TRUE(clips) << clips.error().what;
        std::vector<std::string> out;
        for (const Clip& found : clips.value_or(std::vector<Clip>{}))
            out.push_back(found.title);
        return out;
    }

    Log log_{"test"};
    std::filesystem::path folder_;
    std::filesystem::path file_;
};

}  // namespace hindsight::library
