#pragma once

#include "tokens.hpp"

#include <QString>

namespace hindsight::ui {

/// QSS for the plain Qt controls (fields, combo boxes, menus, tooltips, scroll bars, dialogs).
[[nodiscard]] QString style_sheet(const Tokens& tokens);

}  // namespace hindsight::ui
