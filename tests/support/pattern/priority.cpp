#include "priority.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace hindsight::test {

void raise_priority() {
    sched_param parameters{};
    parameters.sched_priority = 1;
    if (::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters) != 0)
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), -10);
}

}  // namespace hindsight::test
