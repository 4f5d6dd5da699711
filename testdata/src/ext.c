/* A Python extension module in miniature: exports PyInit_demo, leaves the
 * interpreter's own symbols undefined as extensions do, and calls the C library
 * through its real headers. clock_gettime moved from librt to libc in glibc
 * 2.17, so the plain object needs exactly that release; on 32-bit musl the
 * header redirects it to the 64-bit time function. CALLS adds further needs. */
#include <string.h>
#include <time.h>
#include "calls.h"

extern void *PyModuleDef_Init(void *);

static void *module_definition[13];

static char *touch_libc(void) {
    static char text[32];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    text[0] = (char)now.tv_nsec;
    return strchr(text, text[1]);
}

void touch_more(void) { CALLS }

void *PyInit_demo(void) {
    module_definition[12] = touch_libc();
    touch_more();
    return PyModuleDef_Init(module_definition);
}
