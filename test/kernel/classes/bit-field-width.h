/* One more bit, taken from the padding. */
#include "kernel.h"

#ifdef AFTER
#define STATE_BITS 4
#else
#define STATE_BITS 3
#endif

struct queue {
	u32 state:STATE_BITS;
	u32 busy:1, idle:1;
	u32 :0;
	spinlock_t lock;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
