/* What the cases use of the kernel, in small. Each case is the released text, and with AFTER the changed one. */
#define EXPORT_SYMBOL(symbol) __GENKSYMS_EXPORT_SYMBOL(symbol)
#define NULL ((void *)0)

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned int gfp_t;
typedef struct {
	int counter;
} atomic_t;
typedef struct spinlock {
	int locked;
} spinlock_t;
struct list_head {
	struct list_head *next, *prev;
};
