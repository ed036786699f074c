#define _GNU_SOURCE /* madvise, mremap */

#include "engine/base/pages.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    SMALLEST = 4 << 10,
    N_CLASSES = 7, /* 4, 8, 16, 32, 64, 128, 256 KiB */
    MAPPED = SMALLEST << (N_CLASSES - 1),
    HUGE = 2 << 20,
    POPULATED = 4 << 20,
};

/* AddressSanitizer watches what malloc gives. */
#if defined(__has_feature)
#define AS_WATCHED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define AS_WATCHED 1
#else
#define AS_WATCHED 0
#endif

#if AS_WATCHED || defined(AS_ARENA_DEBUG)

void *as_pages_take(size_t n)
{
    return calloc(1, n);
}

void as_pages_give(void *p, size_t n, size_t used)
{
    (void)n;
    (void)used;
    free(p);
}

void *as_pages_move(void *p, size_t before, size_t n)
{
    void *moved = calloc(1, n);
    if (moved != NULL) {
        memcpy(moved, p, before);
        free(p);
    }
    return moved;
}

#else

typedef struct piece {
    struct piece *next;
    size_t dirty; /* bytes from its beginning that may not be zero */
} piece;

/* The heap of the process, as malloc has one: pieces that were given back, by class, and what is
 * left of the last huge page. */
static struct heap {
    pthread_mutex_t lock;
    piece *kept[N_CLASSES];
    char *at, *end;
} heap = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The smallest class that holds n bytes; N_CLASSES: none does. */
static size_t class_of(size_t n)
{
    size_t class = 0;
    while (class < N_CLASSES && n > (size_t)SMALLEST << class) {
        class ++;
    }
    return class;
}

static void *map(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

/* All pages are asked for at once: each that is first touched later costs several times as much.
 * Kernels that do not know it refuse, and that is as well. */
static void populate(void *p, size_t n)
{
#ifdef MADV_POPULATE_WRITE
    (void)madvise(p, n, MADV_POPULATE_WRITE);
#else
    (void)p;
    (void)n;
#endif
}

/* A huge page costs a third of what its small pages do, and freeing it nothing. */
static char *map_huge(void)
{
    char *p = map(2 * (size_t)HUGE);
    if (p == NULL) {
        return NULL;
    }
    size_t before = (HUGE - (uintptr_t)p % HUGE) % HUGE;
    if (before > 0) {
        munmap(p, before);
    }
    munmap(p + before + HUGE, HUGE - before);
#ifdef MADV_HUGEPAGE
    (void)madvise(p + before, HUGE, MADV_HUGEPAGE);
#endif
    return p + before;
}

/* A page is filled from its beginning with pieces of all classes: what is left of one is less than
 * the largest piece. */
static void *cut(size_t n)
{
    if ((size_t)(heap.end - heap.at) < n) {
        char *fresh = map_huge();
        if (fresh == NULL) {
            return NULL;
        }
        heap.at = fresh;
        heap.end = fresh + HUGE;
    }
    heap.at += n;
    return heap.at - n;
}

static void *take_piece(size_t class)
{
    size_t n = (size_t)SMALLEST << class;
    pthread_mutex_lock(&heap.lock);
    piece *old = heap.kept[class];
    void *p = old;
    if (old != NULL) {
        heap.kept[class] = old->next;
    } else {
        p = cut(n);
    }
    pthread_mutex_unlock(&heap.lock);
    if (old != NULL) {
        memset(p, 0, old->dirty);
    } else if (p != NULL && n == MAPPED) {
        populate(p, n); /* where there are no huge pages */
    }
    return p;
}

void *as_pages_take(size_t n)
{
    size_t class = class_of(n);
    if (class < N_CLASSES) {
        return take_piece(class);
    }
    void *p = n == HUGE ? map_huge() : map(n);
    if (p != NULL && n <= POPULATED) {
        populate(p, n);
    }
    return p;
}

void as_pages_give(void *p, size_t n, size_t used)
{
    size_t class = class_of(n);
    if (class < N_CLASSES) {
        piece *free_piece = p;
        free_piece->dirty = used < sizeof *free_piece ? sizeof *free_piece : used;
        pthread_mutex_lock(&heap.lock);
        free_piece->next = heap.kept[class];
        heap.kept[class] = free_piece;
        pthread_mutex_unlock(&heap.lock);
    } else {
        munmap(p, n);
    }
}

void *as_pages_move(void *p, size_t before, size_t n)
{
    if (class_of(before) < N_CLASSES || class_of(n) < N_CLASSES) {
        return NULL;
    }
    void *moved = mremap(p, before, n, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : moved;
}

#endif
