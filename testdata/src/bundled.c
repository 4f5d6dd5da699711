/* A library that a wheel carries itself. Its soname has a hash in it, as the
 * tools that copy libraries into wheels name them. */
int bundled_answer(void) { return 42; }
int bundled_question(void) { return 6 * 9; }
