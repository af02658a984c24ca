/* A macro gives an array another length. */
#include "kernel.h"

#ifdef AFTER
#define NAME_LENGTH 32
#else
#define NAME_LENGTH 16
#endif

struct queue {
	union {
		char name[NAME_LENGTH];
		void *cookie;
	} key;
	u8 map[4][8];
};

int queue_run(struct queue *queue) { return 0; }
EXPORT_SYMBOL(queue_run);
