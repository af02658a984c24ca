/* struct_group() around some fields, a union around a reserved one. */
#include "kernel.h"

#define struct_group(NAME, MEMBERS...) union { struct { MEMBERS }; struct { MEMBERS } NAME; }

struct device;

struct queue {
	u32 flags;
#ifdef AFTER
	struct_group(limits,
		u32 depth;
		u32 batch;
	);
	union {
		struct device *device;
		struct {
			unsigned long reserved1;
		};
	};
#else
	u32 depth;
	u32 batch;
	unsigned long reserved1;
#endif
	struct list_head list;
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
