/* The same types in other words. */
#include "kernel.h"

#ifdef AFTER
struct queue_limits {
	u32 batch;
	u64 bytes;
};
#endif

enum { QUEUE_NAMES = 1 << 3 };

struct queue {
#ifdef AFTER
	unsigned int depth;
	unsigned int flags;
	struct list_head first, last;
	u8 map[1 << 3];
	char names[QUEUE_NAMES];
	unsigned long bits[128 / 2 / (8 * sizeof(unsigned long))];
	struct queue_limits limits;
	u8 tail[0];
#else
	unsigned depth;
	u32 flags;
	struct list_head first;
	struct list_head last;
	u8 map[8];
	char names[8];
	unsigned long bits[64 / (8 * sizeof(long))];
	struct {
		u32 batch;
		u64 bytes;
	} limits;
	u8 tail[];
#endif
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
