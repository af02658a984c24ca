/* A field is gone. */
#include "kernel.h"

struct queue {
	struct list_head list;
#ifndef AFTER
	void (*release)(struct queue *queue);
#endif
	spinlock_t lock;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
