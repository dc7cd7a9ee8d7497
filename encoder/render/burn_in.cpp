#include <hindsight/render/burn_in.hpp>
