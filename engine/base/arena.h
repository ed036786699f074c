/* A bump allocator with one lifetime, and the guard that unwinds a unit of work.
 *
 * Everything that a scan reads and concludes lives in arenas and dies with them. Allocation never
 * returns NULL: when memory runs out or the arena's ceiling is reached, control goes back to the
 * innermost as_guard of that arena, which turns it into a diagnostic. So a parser needs no check
 * after each call, and a hostile file costs only itself.
 *
 *     as_guard guard;
 *     if (AS_GUARD_ENTER(&guard, arena)) {
 *         ... work that allocates ...
 *         as_guard_leave(&guard);
 *     } else {
 *         // guard.cause says why; the guard is already left. What was allocated stays until the
 *         // arena is freed.
 *     }
 *
 * Locals changed inside the guarded block and read after it must be volatile (C11 7.13.2.1).
 * What is not arena memory (file handles, library objects) is registered with as_arena_defer
 * before anything else can unwind. */
#ifndef AS_BASE_ARENA_H
#define AS_BASE_ARENA_H

#include <setjmp.h>

#include "engine/base/str.h"

typedef enum as_cause {
    AS_CAUSE_NONE,
    AS_CAUSE_MEMORY,  /* malloc failed */
    AS_CAUSE_CEILING, /* the arena's limit in bytes was reached */
    AS_CAUSE_BUDGET,  /* a step, depth or time budget was used up (as_arena_unwind) */
} as_cause;

typedef struct as_guard {
    jmp_buf jump;
    as_arena *arena;
    struct as_guard *outer;
    as_cause cause;
} as_guard;

/* A new arena that holds at most limit_bytes (0: no ceiling), and for whose work at most
 * AS_MAX_WORK is spent (0: any). NULL when malloc fails. */
as_arena *as_arena_new(size_t limit_bytes);
/* Runs the deferred clean-ups, latest first, and frees everything. NULL is allowed. */
void as_arena_free(as_arena *arena);

/* n bytes, zeroed, aligned for any type. n may be 0. Unwinds on failure. */
void *as_arena_alloc(as_arena *arena, size_t n) AS_NEVER_NULL;
/* The same, but NULL on failure: for allocators of libraries, which must not be unwound. */
void *as_arena_try_alloc(as_arena *arena, size_t n);
/* count × size, checked for overflow. */
void *as_arena_array(as_arena *arena, size_t count, size_t size) AS_NEVER_NULL;
#define AS_NEW(arena, T) ((T *)as_arena_alloc((arena), sizeof(T)))
#define AS_NEW_ARRAY(arena, T, count) ((T *)as_arena_array((arena), (count), sizeof(T)))
/* Grows an allocation, in place when it was the latest; the rest is zeroed. What was there may be
 * gone: nothing points into a list that still grows. */
void *as_arena_grow(as_arena *arena, void *old, size_t old_bytes, size_t new_bytes);

/* Calls fn(object) when the arena is freed. */
void as_arena_defer(as_arena *arena, void (*fn)(void *), void *object);
/* A new arena for another thread or a limit of its own, which is freed with this one. Unwinds when
 * malloc fails. */
AS_NEVER_NULL as_arena *as_arena_own(as_arena *arena, size_t limit_bytes);
size_t as_arena_used(const as_arena *arena);
/* Counts memory of a library's that is held until the arena is freed. Unwinds with
 * AS_CAUSE_CEILING. */
void as_arena_charge(as_arena *arena, size_t n);
/* Counts work that makes nothing, in steps of about 20 ns: what hostile input can have done again
 * and again without a growing arena. Unwinds with AS_CAUSE_BUDGET when too much was done. */
void as_arena_spend(as_arena *arena, uint64_t steps);

/* Calls fn with an arena that is gone afterwards and may hold as much; what either of the two
 * unwinds, `arena` unwinds. */
void as_arena_with_scratch(as_arena *arena, void (*fn)(void *self, as_arena *scratch), void *self);

/* The innermost guard's AS_GUARD_ENTER becomes false. Without a guard the process exits with a
 * message and status 2: main always has one. */
AS_NORETURN void as_arena_unwind(as_arena *arena, as_cause cause);

void as_guard_push(as_guard *guard, as_arena *arena);
void as_guard_leave(as_guard *guard);
#define AS_GUARD_ENTER(guard, arena) (as_guard_push((guard), (arena)), setjmp((guard)->jump) == 0)

/* Text for people: "out of memory", "the memory limit was reached", … */
const char *as_cause_text(as_cause cause);

#endif
