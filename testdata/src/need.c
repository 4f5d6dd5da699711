/* An extension module whose needs are nothing but the row CALLS: no headers, no
 * C library of its own. Linked against stub libraries it can be made to need
 * any symbol, of any version, from any library. */
#include "calls.h"

#ifndef EXPORT
#define EXPORT PyInit_demo
#endif

void *EXPORT(void) {
    CALLS
    return 0;
}
