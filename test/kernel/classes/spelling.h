/* The same types in other words. */
#include "kernel.h"

struct queue {
#ifdef AFTER
	unsigned int depth;
	struct list_head first, last;
	u8 map[1 << 3];
#else
	unsigned depth;
	struct list_head first;
	struct list_head last;
	u8 map[8];
#endif
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
