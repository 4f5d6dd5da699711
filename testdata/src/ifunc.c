/* A function chosen by the processor at load time (STT_GNU_IFUNC): the linker
 * marks such a file with the OS/ABI of GNU instead of System V. */
static int plain(void) { return 1; }
static int (*choose(void))(void) { return plain; }
int chosen(void) __attribute__((ifunc("choose")));

void *PyInit_demo(void) { return (void *)chosen; }
