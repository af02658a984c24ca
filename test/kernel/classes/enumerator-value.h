/* A bit moves. */
#include "kernel.h"

enum paint_flags {
	PAINT_WET = 1 << 0,
#ifdef AFTER
	PAINT_DRY = 1 << 2,
#else
	PAINT_DRY = 1 << 1,
#endif
};

void paint(enum paint_flags flags) {}
EXPORT_SYMBOL(paint);
