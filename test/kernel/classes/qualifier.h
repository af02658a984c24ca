/* Operations that nobody writes to. */
#include "kernel.h"

struct queue_operations {
	int (*run)(void);
};

struct queue {
#ifdef AFTER
	const struct queue_operations *operations;
#else
	struct queue_operations *operations;
#endif
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
