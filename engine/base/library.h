/* Shared libraries that only some commands need: loaded when first asked for, not with each start.
 */
#ifndef AS_BASE_LIBRARY_H
#define AS_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct as_library_slot {
    const char *name; /* of the function */
    void *slot;       /* where its address goes: a pointer to a function pointer */
} as_library_slot;

/* A member of a table of functions, of the type that the library's header gives it. */
#define AS_LIBRARY_MEMBER(name) __typeof__(name) *name;

/* Loads `file` ("libgit2.so.1.5") and fills every slot; false when the library or one of them is
 * missing. The library stays loaded until the program ends. */
bool as_library_load(const char *file, const as_library_slot *slots, size_t n);

#endif
