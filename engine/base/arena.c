/* Chunks double from 16 KiB to 2 MiB, a huge page; an allocation larger than a quarter chunk gets
 * its own. What a chunk is lies apart from its bytes, so that these are whole pages.
 *
 * With AS_ARENA_DEBUG each allocation is a chunk of its own, so that AddressSanitizer sees overruns
 * between neighbours. */
#include "engine/base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/num.h"
#include "engine/base/pages.h"

enum {
    ALIGN = alignof(max_align_t),
    FIRST_CHUNK = 16 << 10,
    MIDDLE_CHUNK = 256 << 10,
    LAST_CHUNK = 2 << 20,
};
/* What has at least so many bytes is moved where it grows, when it is not among others. */
#ifdef AS_ARENA_DEBUG
static const size_t MOVED = 1;
#else
static const size_t MOVED = 256 << 10;
#endif

typedef struct chunk {
    struct chunk *next;
    char *bytes;
    size_t size, used;
} chunk;

typedef struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *object;
} cleanup;

struct as_arena {
    chunk *current; /* where small allocations go */
    chunk *large;   /* chunks of a single allocation */
    cleanup *cleanups;
    as_guard *guard;
    size_t used, limit, next_size;
    uint64_t work; /* that may still be done */
};

as_arena *as_arena_new(size_t limit_bytes)
{
    as_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->limit = limit_bytes == 0 ? SIZE_MAX : limit_bytes;
        arena->next_size = FIRST_CHUNK;
        arena->work = limit_bytes == 0 ? UINT64_MAX : AS_MAX_WORK;
    }
    return arena;
}

static void free_chunks(chunk *c)
{
    while (c != NULL) {
        chunk *next = c->next;
        as_pages_give(c->bytes, c->size, c->used);
        free(c);
        c = next;
    }
}

void as_arena_free(as_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (cleanup *c = arena->cleanups; c != NULL; c = c->next) {
        c->fn(c->object);
    }
    free_chunks(arena->current);
    free_chunks(arena->large);
    free(arena);
}

static chunk *new_chunk(as_arena *arena, size_t size)
{
    if (size > arena->limit - arena->used) {
        as_arena_unwind(arena, AS_CAUSE_CEILING);
    }
    chunk *c = malloc(sizeof *c);
    char *bytes = c == NULL ? NULL : as_pages_take(size);
    if (bytes != NULL) {
        *c = (chunk){.bytes = bytes, .size = size};
        arena->used += size;
        return c;
    }
    free(c);
    as_arena_unwind(arena, AS_CAUSE_MEMORY);
}

static void *alloc_large(as_arena *arena, size_t n)
{
    chunk *c = new_chunk(arena, n);
    c->used = n;
    c->next = arena->large;
    arena->large = c;
    return c->bytes;
}

static inline size_t aligned(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* From the current chunk; NULL: it has no room. */
static inline void *alloc_here(as_arena *arena, size_t n)
{
#ifndef AS_ARENA_DEBUG
    chunk *c = arena->current;
    if (c != NULL && n <= c->size - c->used) {
        void *p = c->bytes + c->used;
        c->used += aligned(n);
        return p;
    }
#else
    (void)arena;
    (void)n;
#endif
    return NULL;
}

void *as_arena_alloc(as_arena *arena, size_t n)
{
    void *p = alloc_here(arena, n);
    if (p != NULL) {
        return p;
    }
    if (n > SIZE_MAX - ALIGN) {
        as_arena_unwind(arena, AS_CAUSE_CEILING);
    }
    n = aligned(n);
#ifdef AS_ARENA_DEBUG
    return alloc_large(arena, n);
#else
    if (n > arena->next_size / 4) {
        return alloc_large(arena, n);
    }
    chunk *c = new_chunk(arena, arena->next_size);
    if (arena->next_size < LAST_CHUNK &&
            (arena->next_size < MIDDLE_CHUNK || arena->used >= 4 * arena->next_size)) {
        arena->next_size *= 2;
    }
    c->next = arena->current;
    arena->current = c;
    c->used = n;
    return c->bytes;
#endif
}

void *as_arena_try_alloc(as_arena *arena, size_t n)
{
    as_guard guard;
    void *volatile p = alloc_here(arena, n);
    if (p == NULL && AS_GUARD_ENTER(&guard, arena)) {
        p = as_arena_alloc(arena, n);
        as_guard_leave(&guard);
    }
    return p;
}

void *as_arena_array(as_arena *arena, size_t count, size_t size)
{
    size_t n;
    if (!as_size_mul(count, size, &n)) {
        as_arena_unwind(arena, AS_CAUSE_CEILING);
    }
    return as_arena_alloc(arena, n);
}

/* Where the chunk of a single allocation is linked; NULL: it lies among others. There are few: an
 * arena that is so large grows each of them seldom. */
static chunk **find_large(as_arena *arena, const void *bytes)
{
    for (chunk **at = &arena->large; *at != NULL; at = &(*at)->next) {
        if ((*at)->bytes == bytes) {
            return at;
        }
    }
    return NULL;
}

/* A list that has pages of its own keeps them, so that what grew to a hundred megabytes does not
 * leave another hundred behind. */
static void *grow_large(as_arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    chunk **at = old == NULL || old_bytes < MOVED ? NULL : find_large(arena, old);
    if (at == NULL || new_bytes > SIZE_MAX - ALIGN) {
        return NULL;
    }
    chunk *c = *at;
    size_t size = aligned(new_bytes);
    if (size <= c->size || size - c->size > arena->limit - arena->used) {
        return NULL;
    }
    char *moved = as_pages_move(c->bytes, c->size, size);
    if (moved == NULL) {
        return NULL;
    }
    arena->used += size - c->size;
    c->bytes = moved;
    c->size = c->used = size;
    return moved;
}

void *as_arena_grow(as_arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes <= old_bytes) {
        return old;
    }
    chunk *c = arena->current;
    size_t held = aligned(old_bytes);
    if (old != NULL && c != NULL && (char *)old >= c->bytes &&
            (char *)old + held == c->bytes + c->used && new_bytes < SIZE_MAX - ALIGN) {
        size_t wanted = aligned(new_bytes);
        if (wanted - held <= c->size - c->used) {
            c->used += wanted - held;
            return old;
        }
    }
    void *fresh = grow_large(arena, old, old_bytes, new_bytes);
    if (fresh != NULL) {
        return fresh;
    }
    fresh = as_arena_alloc(arena, new_bytes);
    if (old != NULL) {
        memcpy(fresh, old, old_bytes);
    }
    return fresh;
}

void as_arena_defer(as_arena *arena, void (*fn)(void *), void *object)
{
    cleanup *c = as_arena_alloc(arena, sizeof *c);
    *c = (cleanup){arena->cleanups, fn, object};
    arena->cleanups = c;
}

static void free_own(void *object)
{
    as_arena_free(object);
}

as_arena *as_arena_own(as_arena *arena, size_t limit_bytes)
{
    as_arena *own = as_arena_new(limit_bytes);
    if (own == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(arena, free_own, own);
    return own;
}

size_t as_arena_used(const as_arena *arena)
{
    return arena->used;
}

void as_arena_unwind(as_arena *arena, as_cause cause)
{
    as_guard *guard = arena->guard;
    if (guard == NULL) {
        fprintf(stderr, "assay: %s\n", as_cause_text(cause));
        exit(2);
    }
    arena->guard = guard->outer;
    guard->cause = cause;
    longjmp(guard->jump, 1);
}

void as_guard_push(as_guard *guard, as_arena *arena)
{
    guard->arena = arena;
    guard->outer = arena->guard;
    guard->cause = AS_CAUSE_NONE;
    arena->guard = guard;
}

void as_guard_leave(as_guard *guard)
{
    guard->arena->guard = guard->outer;
}

void as_arena_charge(as_arena *arena, size_t n)
{
    if (n > arena->limit - arena->used) {
        as_arena_unwind(arena, AS_CAUSE_CEILING);
    }
    arena->used += n;
}

void as_arena_spend(as_arena *arena, uint64_t steps)
{
    if (steps > arena->work) {
        arena->work = 0;
        as_arena_unwind(arena, AS_CAUSE_BUDGET);
    }
    arena->work -= steps;
}

void as_arena_with_scratch(as_arena *arena, void (*fn)(void *self, as_arena *scratch), void *self)
{
    as_arena *scratch = as_arena_new(arena->limit);
    as_guard kept, own;
    volatile as_cause cause = AS_CAUSE_NONE;
    if (scratch == NULL) {
        as_arena_unwind(arena, AS_CAUSE_MEMORY);
    }
    scratch->work = arena->work;
    if (!AS_GUARD_ENTER(&kept, arena)) {
        cause = kept.cause;
    } else if (!AS_GUARD_ENTER(&own, scratch)) {
        cause = own.cause;
        as_guard_leave(&kept);
    } else {
        fn(self, scratch);
        as_guard_leave(&own);
        as_guard_leave(&kept);
    }
    arena->work = scratch->work;
    as_arena_free(scratch);
    if (cause != AS_CAUSE_NONE) {
        as_arena_unwind(arena, cause);
    }
}

const char *as_cause_text(as_cause cause)
{
    static const char *const texts[] = {
            [AS_CAUSE_NONE] = "no error",
            [AS_CAUSE_MEMORY] = "out of memory",
            [AS_CAUSE_CEILING] = "the memory limit was reached",
            [AS_CAUSE_BUDGET] = "the work limit was reached",
    };
    return texts[cause];
}
