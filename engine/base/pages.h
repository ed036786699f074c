/* Zeroed memory in pieces of many kilobytes, for arenas: what they hold is a multiple of what
 * malloc is good at, and the kernel's price for it, page by page, would be a third of a short scan.
 */
#ifndef AS_BASE_PAGES_H
#define AS_BASE_PAGES_H

#include <stddef.h>

/* Of n bytes, aligned for any type; NULL when there is no memory. Up to 256 KiB are cut from huge
 * pages, rounded up to a power of two, and kept for the next who asks; 2 MiB is a huge page of its
 * own. Any thread may ask. */
void *as_pages_take(size_t n);
/* With the n that it was taken with; only the first `used` bytes of it were written. */
void as_pages_give(void *p, size_t n, size_t used);
/* The piece at another place, enlarged from `before` to `n` bytes; NULL: there it stays. */
void *as_pages_move(void *p, size_t before, size_t n);

#endif
