#include "engine/git/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static as_git_library table;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* POSIX has dlsym answer with an object pointer for functions too; the bytes are the same. */
static bool find(void *library, const char *name, void *slot)
{
    void *found = dlsym(library, name);

    memcpy(slot, &found, sizeof found);
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return;
#define FIND(name)                                                                                 \
    if (!find(library, #name, &table.name))                                                        \
        return;
    AS_GIT_FUNCTIONS(FIND)
#undef FIND
    if (table.git_libgit2_init() < 0)
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
