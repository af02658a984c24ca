/* A reserved field of the right type is used. */
#include "kernel.h"

struct queue {
	spinlock_t lock;
#ifdef AFTER
	unsigned long flags;
#else
	unsigned long reserved1;
#endif
	unsigned long reserved2;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
