/* A field at the end of a structure. */
#include "kernel.h"

struct queue {
	struct list_head list;
	spinlock_t lock;
#ifdef AFTER
	u32 depth;
#endif
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
