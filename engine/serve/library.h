/* The functions of libmicrohttpd that are used, found when a server starts. */
#ifndef AS_SERVE_LIBRARY_H
#define AS_SERVE_LIBRARY_H

#include <microhttpd.h>

#include "engine/base/library.h"

#define AS_MHD_FUNCTIONS(F)                                                                        \
    F(MHD_start_daemon)                                                                            \
    F(MHD_stop_daemon)                                                                             \
    F(MHD_quiesce_daemon)                                                                          \
    F(MHD_get_daemon_info)                                                                         \
    F(MHD_create_response_from_buffer)                                                             \
    F(MHD_create_response_from_buffer_with_free_callback_cls)                                      \
    F(MHD_add_response_header)                                                                     \
    F(MHD_queue_response)                                                                          \
    F(MHD_destroy_response)                                                                        \
    F(MHD_lookup_connection_value_n)                                                               \
    F(MHD_get_connection_values_n)

typedef struct as_mhd_library {
    AS_MHD_FUNCTIONS(AS_LIBRARY_MEMBER)
} as_mhd_library;

/* NULL when libmicrohttpd is not installed or too old (before 0.9.73). */
const as_mhd_library *as_mhd_library_get(void);

#endif
