#include <hindsight/actions/action_log.hpp>
