/* A function became a pointer to a function. */
#include "kernel.h"

struct queue;

#ifdef AFTER
extern int (*queue_run)(struct queue *queue);
#else
extern int queue_run(struct queue *queue);
#endif
EXPORT_SYMBOL(queue_run);
