#include "service_fakes.hpp"
#include "session_left_overs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<fs::path>;

class SessionLeftOvers : public ::testing::Test {
protected:
    fs::path put(const fs::path& name) {
        fs::path file = folder_.path() / name;
        fs::create_directories(file.parent_path());
        std::ofstream{file} << "x";
        return file;
    }

    [[nodiscard]] LeftOvers find() const {
        LeftOvers found;
        find_left_overs(folder_.path(), found);
        std::sort(found.growing.begin(), found.growing.end());
        std::sort(found.alone.begin(), found.alone.end());
        return found;
    }

    test::TemporaryFolder folder_;
};

TEST_F(SessionLeftOvers, AreGrowingFilesAndActionsWithoutAny) {
    const fs::path growing = put("Doom/a.session.mp4.part");
    put("Doom/a.session.actions.part");
    const fs::path alone = put("Doom/b.session.actions.part");
    put("b.session.mp4.part.mp4");
    const LeftOvers found = find();
    EXPECT_EQ(found.growing, Files{growing});
    EXPECT_EQ(found.alone, Files{alone});
}

TEST_F(SessionLeftOvers, BehindAFileThatCannotBeLookedAtAreFoundAllTheSame) {
    Files growing;
    for (const char* name : {"a", "b", "c", "d"}) {
        const fs::path lost = folder_.path() / (std::string{name} + "0.session.actions.part");
        fs::create_symlink("nowhere", lost);
        fs::create_symlink("nowhere", folder_.path() / (std::string{name} + "1.session.mp4.part"));
        growing.push_back(put(std::string{name} + ".session.mp4.part"));
        put(std::string{name} + ".session.actions.part");
    }
    const LeftOvers found = find();
    EXPECT_EQ(found.growing, growing);
    EXPECT_EQ(found.alone, Files{}) << "their footage lies beside them";
}

}  // namespace
}  // namespace hindsight::service
