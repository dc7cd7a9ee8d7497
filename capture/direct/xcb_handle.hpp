#pragma once

#include <hindsight/core/handle.hpp>

#include <xcb/xcb.h>

#include <cstdlib>
#include <memory>

namespace hindsight::direct {

using ConnectionHandle = UniqueHandle<xcb_connection_t, xcb_disconnect>;

/// Replies, events and errors of XCB, which free() releases.
template <class T>
using Reply = UniqueHandle<T, std::free>;

}  // namespace hindsight::direct
