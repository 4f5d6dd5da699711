/* Code in a section that is writable and executable at once; the linker puts it
 * into a segment that is both. */
__asm__(".pushsection .wx,\"awx\",@progbits\n"
        ".hidden patched_at_run_time\n"
        ".globl patched_at_run_time\n"
        "patched_at_run_time: ret\n"
        ".popsection");

extern void patched_at_run_time(void) __attribute__((visibility("hidden")));

void *PyInit_demo(void) {
    patched_at_run_time();
    return 0;
}
