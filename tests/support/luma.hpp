#pragma once

#include <cstdint>

namespace hindsight::test {

/// A decoded picture's luma, borrowed.
struct Luma {
    const std::uint8_t* data = nullptr;
    int stride = 0;
    int width = 0;
    int height = 0;
};

}  // namespace hindsight::test
