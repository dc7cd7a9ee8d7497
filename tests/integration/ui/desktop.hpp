#pragma once

// The desktop that main.cpp started for this test program, and waiting inside Qt's event loop.

#include "desktop_session.hpp"

#include <functional>

namespace hindsight::ui::test {

[[nodiscard]] hindsight::test::DesktopSession& desktop();

/// Handles events until `predicate` holds; false when that takes longer than a loaded machine may.
[[nodiscard]] bool handle_until(const std::function<bool()>& predicate);

}  // namespace hindsight::ui::test
