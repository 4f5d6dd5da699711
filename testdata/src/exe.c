/* A program with its own entry point, so that it can be linked without any C
 * library: statically, as a static position independent program, or (with
 * CALLS and a stub) as a dynamic one that names a program interpreter. */
#include "calls.h"

static int counter;
int *const counter_at = &counter;

void _start(void) {
    CALLS
    for (;;) ++*counter_at;
}
