/* The functions of libcurl that are used, found when first needed: only collectors and webhooks
 * need them. */
#ifndef AS_LIVE_CURL_H
#define AS_LIVE_CURL_H

#include <curl/curl.h>

#include "engine/base/library.h"

#define AS_CURL_FUNCTIONS(F)                                                                       \
    F(curl_global_init)                                                                            \
    F(curl_easy_init)                                                                              \
    F(curl_easy_setopt)                                                                            \
    F(curl_easy_getinfo)                                                                           \
    F(curl_easy_strerror)                                                                          \
    F(curl_easy_cleanup)                                                                           \
    F(curl_slist_append)                                                                           \
    F(curl_slist_free_all)                                                                         \
    F(curl_multi_init)                                                                             \
    F(curl_multi_setopt)                                                                           \
    F(curl_multi_add_handle)                                                                       \
    F(curl_multi_remove_handle)                                                                    \
    F(curl_multi_perform)                                                                          \
    F(curl_multi_poll)                                                                             \
    F(curl_multi_info_read)                                                                        \
    F(curl_multi_cleanup)

/* The header makes macros of these, which check the types of arguments; the table's members are
 * plain. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

typedef struct as_curl_library {
    AS_CURL_FUNCTIONS(AS_LIBRARY_MEMBER)
} as_curl_library;

/* NULL when libcurl is not installed. */
const as_curl_library *as_curl_library_get(void);

#endif
