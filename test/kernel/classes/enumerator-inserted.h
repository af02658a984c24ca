/* An enumerator in front of others. */
#include "kernel.h"

enum color {
	RED = 1,
#ifdef AFTER
	ORANGE,
#endif
	GREEN,
	BLUE,
};

void paint(enum color color) {}
EXPORT_SYMBOL(paint);
