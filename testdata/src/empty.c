/* A shared object without a single symbol: its code is local and its dynamic
 * symbol table holds only the null entry. */
static int quiet(void) { return 1; }
static int (*const keep)(void) __attribute__((used)) = quiet;
