/* A reserved field became a union of it and its new use. */
#include "kernel.h"

struct device;

struct driver {
	int (*probe)(struct device *device, int id);
#ifdef AFTER
	union {
		int (*remove)(struct device *device);
		unsigned long reserved1;
	};
#else
	unsigned long reserved1;
#endif
	const char *name;
};

int driver_register(struct driver *driver) { return 0; }
EXPORT_SYMBOL(driver_register);
