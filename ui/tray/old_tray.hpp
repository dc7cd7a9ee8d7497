#pragma once

// Panels of the old kind, which hold icons as windows (XEmbed).

namespace hindsight::ui {

/// Does such a panel hold icons on our display now? Asked of the X server itself: QSystemTrayIcon
/// remembers its first answer, and an icon that began as a window stays one when a panel of the
/// new kind comes.
[[nodiscard]] bool old_tray_is_there();

}  // namespace hindsight::ui
