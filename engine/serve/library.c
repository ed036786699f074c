#include "engine/serve/library.h"

#include <pthread.h>

static as_mhd_library table;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define SLOT(name) {#name, &table.name},
static const as_library_slot slots[] = {AS_MHD_FUNCTIONS(SLOT)};
#undef SLOT

static void load(void)
{
    loaded = as_library_load("libmicrohttpd.so.12", slots, sizeof slots / sizeof *slots);
}

const as_mhd_library *as_mhd_library_get(void)
{
    pthread_once(&once, load);
    return loaded ? &table : NULL;
}
