#include "gl_info.hpp"

#include <dlfcn.h>
#include <obs.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace hindsight::obs {

namespace {

constexpr unsigned kGlRenderer = 0x1F01;

using GetString = const unsigned char* (*)(unsigned);
using GetProcAddress = void (*(*)(const char*))();

}  // namespace

bool is_software_renderer(const std::string& renderer) {
    std::string lower = renderer;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    constexpr std::array kNames{"llvmpipe", "softpipe", "swrast", "swiftshader", "software"};
    return lower.empty() || std::any_of(kNames.begin(), kNames.end(), [&](const char* name) {
               return lower.find(name) != std::string::npos;
           });
}

GlInfo query_gl() {
    GlInfo info;
    // libobs has loaded EGL but does not pass the question on.
    void* egl = ::dlopen("libEGL.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (egl == nullptr)
        return info;
    const auto get_proc_address =
        reinterpret_cast<GetProcAddress>(::dlsym(egl, "eglGetProcAddress"));
    obs_enter_graphics();
    if (get_proc_address != nullptr) {
        const auto get_string = reinterpret_cast<GetString>(get_proc_address("glGetString"));
        if (get_string != nullptr)
            if (const auto* renderer = get_string(kGlRenderer))
                info.renderer = reinterpret_cast<const char*>(renderer);
    }
    obs_leave_graphics();
    ::dlclose(egl);
    info.software = is_software_renderer(info.renderer);
    return info;
}

}  // namespace hindsight::obs
