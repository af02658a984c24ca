/* An enumerator in front of the one that counts them, which is the length of an array. */
#include "kernel.h"

enum color {
	RED,
	GREEN,
#ifdef AFTER
	BLUE,
#endif
	NR_COLORS,
	COLOR_MAX = NR_COLORS - 1,
};

struct palette {
	u32 shades[NR_COLORS];
};

enum color palette_next(struct palette *palette, enum color color) { return RED; }
EXPORT_SYMBOL(palette_next);
