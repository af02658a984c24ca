/* One more argument at the end. */
#include "kernel.h"

struct queue;

int queue_run(struct queue *queue
#ifdef AFTER
	      , gfp_t gfp
#endif
	      ) { return 0; }
EXPORT_SYMBOL(queue_run);
