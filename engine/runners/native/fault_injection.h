/* Points at which a test kills or delays this process, and switches that break it on purpose; otherwise inert. */
#ifndef FAULT_INJECTION_H
#define FAULT_INJECTION_H

#include <stdbool.h>

/* Die or wait here if the variable SIGNALBOX_FAULT requests it (see `engine.system.fault_injection`). */
void fault(const char *name);

/* Whether the variable SIGNALBOX_MUTANT names this switch. */
bool mutant(const char *name);

#endif
