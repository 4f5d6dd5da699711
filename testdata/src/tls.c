/* Thread-local variables of SIZE bytes that the module defines itself. With
 * -ftls-model=initial-exec it asks for a fixed distance from the thread pointer,
 * for which a running process has little room or none. */
#include "calls.h"

#ifndef SIZE
#define SIZE 8
#endif

__thread char bytes[SIZE];

char *PyInit_demo(void) {
    CALLS
    return bytes;
}
