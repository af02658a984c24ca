/* A field became a pointer to another type. */
#include "kernel.h"

struct device;
struct owner;

struct driver {
	int (*probe)(struct device *device, int id);
#ifdef AFTER
	struct owner *owner;
#else
	struct device *owner;
#endif
	const char *name;
};

int driver_register(struct driver *driver) { return 0; }
EXPORT_SYMBOL(driver_register);
