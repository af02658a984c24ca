/* An argument in the middle is gone. */
#include "kernel.h"

struct queue;

extern int queue_run(struct queue *queue,
#ifndef AFTER
		     unsigned int flags,
#endif
		     void (*done)(struct queue *queue, void *data), void *data);
EXPORT_SYMBOL(queue_run);
