/* A typedef of a wider type. */
#include "kernel.h"

#ifdef AFTER
typedef u64 sector_t;
#else
typedef unsigned long sector_t;
#endif

sector_t queue_sector(void) { return 0; }
EXPORT_SYMBOL(queue_sector);
