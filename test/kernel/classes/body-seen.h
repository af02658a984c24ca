/* The release hid the body from genksyms; now genksyms sees it. */
#include "kernel.h"

struct queue;

#if defined(AFTER) || !defined(__GENKSYMS__)
struct queue {
	u32 depth;
	struct list_head list;
};
#endif

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
