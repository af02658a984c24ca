/* An enumerator is gone. */
#include "kernel.h"

enum color {
	RED,
#ifndef AFTER
	GREEN,
#endif
	BLUE = 5,
};

void paint(enum color color) {}
EXPORT_SYMBOL(paint);
