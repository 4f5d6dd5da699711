/* Functions that the loader calls: START and END name what stands in the arrays of
 * those for loading and for the end of the process. */
#include "calls.h"

void work(void) {}
int place[4];

__attribute__((section(".init_array"), used)) static void *at_load = (void *)START;
__attribute__((section(".fini_array"), used)) static void *at_end = (void *)END;

void *PyInit_demo(void) {
    CALLS
    return place;
}
