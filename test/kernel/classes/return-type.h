/* A function that could not fail can. */
#include "kernel.h"

struct queue;

#ifdef AFTER
int __attribute__((__warn_unused_result__)) queue_stop(struct queue *queue)
#else
void queue_stop(struct queue *queue)
#endif
{ }
EXPORT_SYMBOL(queue_stop);
