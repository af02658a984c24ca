/* Two fields in another order. */
#include "kernel.h"

struct queue {
#ifdef AFTER
	spinlock_t lock;
	u32 depth;
#else
	u32 depth;
	spinlock_t lock;
#endif
	void *data;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
