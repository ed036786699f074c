#include "engine/git/library.h"

#include <pthread.h>

static as_git_library table;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define SLOT(name) {#name, &table.name},
static const as_library_slot slots[] = {AS_GIT_FUNCTIONS(SLOT)};
#undef SLOT

static void load(void)
{
    if (!as_library_load("libgit2.so." LIBGIT2_SOVERSION, slots, sizeof slots / sizeof *slots) ||
            table.git_libgit2_init() < 0)
        return;
    /* The owner of a repository matters where its configuration may name commands to run (in CI the
     * checkout often belongs to another user); here nothing of it is run. */
    table.git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    loaded = true;
}

const as_git_library *as_git_library_get(void)
{
    pthread_once(&once, load);
    return loaded ? &table : NULL;
}
