/* The source includes a header more. */
#include "kernel.h"

struct secret;

#ifdef AFTER
#include "secret.h"
#endif

int secret_use(struct secret *secret) { return 0; }
EXPORT_SYMBOL(secret_use);
