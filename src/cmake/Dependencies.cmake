# Every foreign library, once. Components name them as EXTERNAL in hindsight_component(); who may use
# which is in Layers.cmake.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Freetype REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core DBus Gui Widgets Svg)

# pkg-config name -> imported target PkgConfig::<upper-case prefix>
pkg_check_modules(LIBOBS REQUIRED IMPORTED_TARGET libobs)
pkg_check_modules(
    FFMPEG
    REQUIRED
    IMPORTED_TARGET
    libavformat
    libavcodec
    libavutil
    libswscale
    libswresample)
pkg_check_modules(LIBASS REQUIRED IMPORTED_TARGET libass)
pkg_check_modules(MPV REQUIRED IMPORTED_TARGET mpv)
pkg_check_modules(SDL2 REQUIRED IMPORTED_TARGET sdl2)
pkg_check_modules(X11 REQUIRED IMPORTED_TARGET x11)
pkg_check_modules(PULSE REQUIRED IMPORTED_TARGET libpulse)
pkg_check_modules(
    XCB
    REQUIRED
    IMPORTED_TARGET
    xcb
    xcb-composite
    xcb-shm
    xcb-randr
    xcb-damage
    xcb-xfixes)
pkg_check_modules(XCB_INPUT REQUIRED IMPORTED_TARGET xcb xcb-xinput xcb-res)
# Debian's libyuv ships no pkg-config file.
find_library(LIBYUV_LIBRARY NAMES yuv REQUIRED)
find_path(LIBYUV_INCLUDE_DIR NAMES libyuv.h REQUIRED)
add_library(Libyuv::yuv UNKNOWN IMPORTED)
set_target_properties(
    Libyuv::yuv PROPERTIES IMPORTED_LOCATION "${LIBYUV_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES
                                                                "${LIBYUV_INCLUDE_DIR}")
