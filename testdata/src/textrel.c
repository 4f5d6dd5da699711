/* An absolute address written into the code itself, as code compiled without
 * -fPIC has it: the loader must make the code writable to relocate it. In
 * assembly, because the compiler used here always makes position independent
 * code for this target. */
__asm__(".globl PyInit_demo\n"
        ".type PyInit_demo, @function\n"
        "PyInit_demo:\n"
        "    movl $strchr, %eax\n"
        "    ret\n");
