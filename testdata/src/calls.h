/* The build table chooses what a fixture refers to, so that one source can
 * show many needs. It defines CALLS as a row of
 *
 *     CALL(f)   an ordinary (strong) reference to a function
 *     WEAK(f)   a weak reference: may stay unresolved
 *     DATA(v)   a reference to a variable
 *
 * The row is expanded twice: once for the declarations, once for the uses. */
#ifndef CALLS
#define CALLS
#endif

/* Names of our own, bound to the symbol by label: the real headers may declare it. */
#define CALL(f) extern void call_##f(void) __asm__(#f);
#define WEAK(f) extern void call_##f(void) __asm__(#f) __attribute__((weak));
#define DATA(v) extern unsigned data_##v __asm__(#v);
CALLS
#undef CALL
#undef WEAK
#undef DATA

#define CALL(f) call_##f();
#define WEAK(f) if (call_##f) call_##f();
#define DATA(v) data_##v++;
