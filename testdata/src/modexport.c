/* An extension module of the newer kind (PEP 793): it exports PyModExport_demo,
 * which returns slots, and no PyInit function. */
static struct { int id; void *value; } slots[1];

void *PyModExport_demo(void) { return slots; }
