/* The source includes a header less. */
#include "kernel.h"

struct secret;

#ifndef AFTER
#include "secret.h"
#endif

int secret_use(struct secret *secret) { return 0; }
EXPORT_SYMBOL(secret_use);
