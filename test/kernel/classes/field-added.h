/* A field in the middle of a structure. */
#include "kernel.h"

struct queue {
	struct list_head list;
#ifdef AFTER
	u32 depth;
#endif
	spinlock_t lock;
	void *data;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
