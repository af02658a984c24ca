/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps the kernel ABI of a release while its structures change, for kernels that have no macros for it. Copy this file to
 * include/linux/kabi.h and include it where you need it.
 *
 * The checksum of a symbol comes from the text of its types, which genksyms reads with __GENKSYMS__ defined. These macros
 * show genksyms the text of the release and the compiler the new one. A checksum that stayed says nothing about memory any
 * more: let kabi-gate compare the layouts, or compare `pahole -C` of both kernels.
 *
 * Write no semicolon behind a macro: genksyms would see it. Give each macro a line of its own. A declaration may have commas
 * and semicolons; a struct with a name has to be defined outside of it.
 */
#ifndef _LINUX_KABI_H
#define _LINUX_KABI_H

#include <linux/types.h>

/*
 * KABI_RESERVE(1)
 * Layout: 8 bytes for later, the member kabi_reserved1. Checksum: they are part of it.
 * So it has to be there when the release is made. Afterwards it is a new field like any other.
 */
#define KABI_RESERVE(n)		u64 kabi_reserved##n;

#ifdef __GENKSYMS__

#define KABI_USE(n, ...)	KABI_RESERVE(n)
#define KABI_USE2(n, m, ...)	KABI_RESERVE(n) KABI_RESERVE(m)
#define KABI_REPLACE(old, ...)	old;
#define KABI_FILL_HOLE(...)
#define KABI_EXTEND(...)

#else

/*
 * KABI_USE(1, struct foo *foo)
 * Layout: the new field stands where KABI_RESERVE(1) was. Checksum: sees KABI_RESERVE(1).
 * The compiler refuses a field that is larger or more strictly aligned than the 8 bytes.
 */
#define KABI_USE(n, ...)						\
	union {								\
		struct { __VA_ARGS__; };				\
		u64 kabi_reserved##n;					\
		__KABI_FITS(u64 kabi_reserved##n, __VA_ARGS__)		\
	};

/*
 * KABI_USE2(1, 2, struct list_head list)
 * Layout: the new field stands where two neighbours, KABI_RESERVE(1) and KABI_RESERVE(2), were. Checksum: sees these two.
 */
#define KABI_USE2(n, m, ...)						\
	union {								\
		struct { __VA_ARGS__; };				\
		struct { u64 kabi_reserved##n; u64 kabi_reserved##m; };	\
		__KABI_FITS(u64 kabi_reserved##n; u64 kabi_reserved##m, __VA_ARGS__) \
	};

/*
 * KABI_REPLACE(int flags, unsigned int flags)
 * Layout: the new field stands where the old one was, which keeps its size. Checksum: sees the old one.
 * The new one has to mean to a driver of the release what the old one did.
 */
#define KABI_REPLACE(old, ...)						\
	union {								\
		struct { __VA_ARGS__; };				\
		struct { old; } __KABI_NAME(kabi_replaced_, __LINE__);	\
		__KABI_FITS(old, __VA_ARGS__)				\
	};

/*
 * KABI_FILL_HOLE(u32 cookie)
 * Layout: a new field; nothing moves if it stands in a hole that takes it on every architecture. Checksum: sees nothing.
 * The compiler cannot tell that nothing moved. kabi-gate can.
 */
#define KABI_FILL_HOLE(...)	__VA_ARGS__;

/*
 * KABI_EXTEND(u64 stamp)
 * Layout: a new field at the end, so the structure grows. Checksum: sees nothing.
 * Only for what the kernel alone allocates, and what no other structure and no array holds.
 */
#define KABI_EXTEND(...)	__VA_ARGS__;

#define __KABI_FITS(old, ...)						\
	_Static_assert(sizeof(struct { __VA_ARGS__; }) <= sizeof(struct { old; }), \
		       "KABI: the new field is larger than the old one"); \
	_Static_assert(__alignof__(struct { __VA_ARGS__; }) <= __alignof__(struct { old; }), \
		       "KABI: the new field is more strictly aligned than the old one");
#define __KABI_NAME(name, line)		__KABI_PASTE(name, line)
#define __KABI_PASTE(name, line)	name##line

#endif /* __GENKSYMS__ */

#endif /* _LINUX_KABI_H */
