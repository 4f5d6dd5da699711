/* Many pointers to itself: with packed relative relocations the linker writes
 * DT_RELR and asks glibc for GLIBC_ABI_DT_RELR, so that older loaders, which
 * would skip the table in silence, refuse the file. */
#include "calls.h"

static int cells[8];
int *pointers[8] = {cells, cells + 1, cells + 2, cells + 3, cells + 4, cells + 5, cells + 6, cells + 7};

void *PyInit_demo(void) {
    CALLS
    return pointers;
}
