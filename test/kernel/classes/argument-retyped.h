/* An argument of another type in a long prototype. */
#include "kernel.h"

#ifdef AFTER
typedef u64 position_t;
#define position position_t
#else
#define position u32
#endif

struct queue;
struct queue_operations;

struct queue *queue_create(struct queue *parent, const struct queue_operations *operations,
			   const char *name, position start, unsigned long flags) { return NULL; }
EXPORT_SYMBOL(queue_create);
