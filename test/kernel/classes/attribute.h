/* A field with an alignment of its own. */
#include "kernel.h"

struct queue {
	u32 depth;
	spinlock_t lock
#ifdef AFTER
		__attribute__((__aligned__(64)))
#endif
		;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
