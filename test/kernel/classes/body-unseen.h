/* An attribute in front of the name makes genksyms lose the body, and moves fields. */
#include "kernel.h"

#ifdef AFTER
struct __attribute__((aligned(64))) queue {
#else
struct queue {
#endif
	u32 depth;
	struct list_head list;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
