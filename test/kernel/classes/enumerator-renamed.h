/* An enumerator with another name. */
#include "kernel.h"

enum color {
	RED,
#ifdef AFTER
	GREENISH,
#else
	GREEN,
#endif
	BLUE,
};

void paint(enum color color) {}
EXPORT_SYMBOL(paint);
