#include "pad_reader.hpp"

#include <hindsight/core/handle.hpp>

#include <SDL2/SDL.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <utility>

namespace hindsight::input {

namespace controls = hotkey::controls;

namespace {

constexpr int kActivePollMs = 4;
constexpr int kQuietPollMs = 100;
/// udev gives access to a new device a moment after it appears.
constexpr int kSettleMs = 300;
constexpr float kAxisMax = 32767.0F;

float unit(Sint16 value) {
    return std::max(-1.0F, static_cast<float>(value) / kAxisMax);
}

void drain(int fd) {
    std::array<char, 4096> bytes{};
    while (::read(fd, bytes.data(), bytes.size()) > 0) {
    }
}

void signal_fd(int fd) {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(fd, &one, sizeof one));
}

/// A watch for new devices; the folder itself appears with the first one on some systems.
UniqueFd watch_devices() {
    UniqueFd fd{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (fd) {
        ::inotify_add_watch(fd.get(), "/dev/input", IN_CREATE | IN_ATTRIB);
        ::inotify_add_watch(fd.get(), "/dev", IN_CREATE | IN_ONLYDIR);
    }
    return fd;
}

}  // namespace

/// SDL's controller part while it runs. Init, poll and quit on one thread.
class PadReader::Pads {
public:
    Pads() {
        SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
        ready_ = SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER) == 0;
    }

    ~Pads() {
        for (const auto& [id, pad] : open_)
            SDL_GameControllerClose(pad.controller);
        if (ready_)
            SDL_QuitSubSystem(SDL_INIT_GAMECONTROLLER);
    }

    Pads(const Pads&) = delete;
    Pads& operator=(const Pads&) = delete;

    [[nodiscard]] bool ready() const { return ready_; }

    /// Handles what SDL has; `post` gets the events. Returns the number of open controllers.
    template <class Post>
    std::size_t poll(MonoTime now, const Post& post) {
        SDL_Event event;
        while (SDL_PollEvent(&event) != 0)
            handle(event, now, post);
        return open_.size();
    }

    template <class Post>
    void resend(MonoTime now, const Post& post) {
        for (auto& [id, pad] : open_) {
            for (int button = 0; button <= SDL_CONTROLLER_BUTTON_DPAD_RIGHT; ++button)
                post_button(
                    button,
                    SDL_GameControllerGetButton(
                        pad.controller, static_cast<SDL_GameControllerButton>(button)) != 0,
                    now,
                    post);
            for (int axis = 0; axis < SDL_CONTROLLER_AXIS_MAX; ++axis)
                post_axis(
                    pad,
                    axis,
                    SDL_GameControllerGetAxis(
                        pad.controller, static_cast<SDL_GameControllerAxis>(axis)),
                    now,
                    post);
        }
    }

private:
    struct Pad {
        SDL_GameController* controller = nullptr;
        std::array<float, 4> sticks{};
    };

    template <class Post>
    void handle(const SDL_Event& event, MonoTime now, const Post& post) {
        switch (event.type) {
        case SDL_CONTROLLERDEVICEADDED:
            if (SDL_GameController* opened = SDL_GameControllerOpen(event.cdevice.which);
                opened != nullptr) {
                const SDL_JoystickID id =
                    SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(opened));
                if (!open_.emplace(id, Pad{.controller = opened, .sticks = {}}).second)
                    SDL_GameControllerClose(opened);
            }
            break;
        case SDL_CONTROLLERDEVICEREMOVED:
            if (const auto pad = open_.find(event.cdevice.which); pad != open_.end()) {
                release(pad->second, now, post);
                SDL_GameControllerClose(pad->second.controller);
                open_.erase(pad);
            }
            break;
        case SDL_CONTROLLERBUTTONDOWN:
        case SDL_CONTROLLERBUTTONUP:
            post_button(event.cbutton.button, event.cbutton.state == SDL_PRESSED, now, post);
            break;
        case SDL_CONTROLLERAXISMOTION:
            if (const auto pad = open_.find(event.caxis.which); pad != open_.end())
                post_axis(pad->second, event.caxis.axis, event.caxis.value, now, post);
            break;
        default:
            break;
        }
    }

    template <class Post>
    void release(Pad& pad, MonoTime now, const Post& post) {
        for (int button = 0; button <= SDL_CONTROLLER_BUTTON_DPAD_RIGHT; ++button)
            post_button(button, false, now, post);
        for (int axis = 0; axis < SDL_CONTROLLER_AXIS_MAX; ++axis)
            post_axis(pad, axis, 0, now, post);
    }

    template <class Post>
    void post_button(int button, bool down, MonoTime now, const Post& post) {
        if (button < 0 || button > SDL_CONTROLLER_BUTTON_DPAD_RIGHT)
            return;
        post(PadEvent{
            .kind = PadEvent::Kind::Button,
            .control = static_cast<Control>(controls::kPadA + button),
            .down = down,
            .t = now});
    }

    template <class Post>
    void post_axis(Pad& pad, int axis, Sint16 value, MonoTime now, const Post& post) {
        if (axis == SDL_CONTROLLER_AXIS_TRIGGERLEFT || axis == SDL_CONTROLLER_AXIS_TRIGGERRIGHT) {
            const bool left = axis == SDL_CONTROLLER_AXIS_TRIGGERLEFT;
            post(PadEvent{
                .kind = PadEvent::Kind::Trigger,
                .control = left ? controls::kPadLeftTrigger : controls::kPadRightTrigger,
                .x = std::max(0.0F, unit(value)),
                .t = now});
            return;
        }
        if (axis < SDL_CONTROLLER_AXIS_LEFTX || axis > SDL_CONTROLLER_AXIS_RIGHTY)
            return;
        pad.sticks.at(static_cast<std::size_t>(axis)) = unit(value);
        const bool left = axis <= SDL_CONTROLLER_AXIS_LEFTY;
        post(PadEvent{
            .kind = PadEvent::Kind::Stick,
            .control = left ? controls::kPadLeftStick : controls::kPadRightStick,
            .x = pad.sticks.at(left ? 0 : 2),
            .y = pad.sticks.at(left ? 1 : 3),
            .t = now});
    }

    bool ready_ = false;
    std::map<SDL_JoystickID, Pad> open_;
};

PadReader::PadReader(const Clock& clock, Log log)
    : clock_{clock},
      log_{std::move(log)},
      ready_fd_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
      wake_fd_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
      thread_{[this](const std::stop_token& stop) {
          try {
              run(stop);
          } catch (...) {
              log_.error("the controller thread failed; controllers are not recorded");
          }
      }} {}

PadReader::~PadReader() {
    thread_.request_stop();
    wake();
    thread_.join();
    ::close(ready_fd_);
    ::close(wake_fd_);
}

std::vector<PadEvent> PadReader::take() {
    drain(ready_fd_);
    const std::lock_guard lock{mutex_};
    return std::exchange(events_, {});
}

void PadReader::set_active(bool active) {
    active_.store(active, std::memory_order_relaxed);
    if (active)
        resend_.store(true, std::memory_order_relaxed);
    wake();
}

void PadReader::wake() const {
    signal_fd(wake_fd_);
}

void PadReader::post(const PadEvent& event) {
    {
        const std::lock_guard lock{mutex_};
        events_.push_back(event);
    }
    signal_fd(ready_fd_);
}

/// True when the watch saw something.
bool PadReader::wait(int milliseconds, int watch_fd) {
    std::array<pollfd, 2> fds{
        {{.fd = wake_fd_, .events = POLLIN, .revents = 0},
         {.fd = watch_fd, .events = POLLIN, .revents = 0}}};
    ::poll(fds.data(), fds.size(), milliseconds);
    if (fds[0].revents != 0)
        drain(wake_fd_);
    if (fds[1].revents == 0)
        return false;
    drain(watch_fd);
    return true;
}

void PadReader::sleep_until_device(const std::stop_token& stop, int watch_fd) {
    while (!stop.stop_requested() && !wait(-1, watch_fd)) {
    }
    if (!stop.stop_requested())
        wait(kSettleMs, -1);
}

void PadReader::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        // Watch before looking, so that nothing appears unseen in between.
        const UniqueFd watch = watch_devices();
        poll_while_connected(stop);
        sleep_until_device(stop, watch.get());
    }
}

void PadReader::poll_while_connected(const std::stop_token& stop) {
    Pads pads;
    works_.store(pads.ready(), std::memory_order_relaxed);
    std::size_t count = 0;
    const auto post_one = [this](const PadEvent& event) { post(event); };
    while (pads.ready() && !stop.stop_requested()) {
        const MonoTime now = clock_.now();
        const std::size_t open = pads.poll(now, post_one);
        if (open != count)
            post({.kind = PadEvent::Kind::Count, .x = static_cast<float>(open), .t = now});
        count = open;
        if (count == 0)
            return;
        if (resend_.exchange(false, std::memory_order_relaxed))
            pads.resend(now, post_one);
        wait(active_.load(std::memory_order_relaxed) ? kActivePollMs : kQuietPollMs, -1);
    }
}

}  // namespace hindsight::input
