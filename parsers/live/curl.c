#include "parsers/live/curl.h"

#include <pthread.h>

static as_curl_library table;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define SLOT(name) {#name, &table.name},
static const as_library_slot slots[] = {AS_CURL_FUNCTIONS(SLOT)};
#undef SLOT

static void load(void)
{
    loaded = as_library_load("libcurl.so.4", slots, sizeof slots / sizeof *slots) &&
             table.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const as_curl_library *as_curl_library_get(void)
{
    pthread_once(&once, load);
    return loaded ? &table : NULL;
}
