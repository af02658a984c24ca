/* A counter became atomic. */
#include "kernel.h"

#ifdef AFTER
extern atomic_t queue_count;
#else
extern int queue_count;
#endif
EXPORT_SYMBOL(queue_count);
