/* The functions of libgit2 that are used, found when first needed. */
#ifndef AS_GIT_LIBRARY_H
#define AS_GIT_LIBRARY_H

#include <git2.h>

#include "engine/base/library.h"

#define AS_GIT_FUNCTIONS(F)                                                                        \
    F(git_libgit2_init)                                                                            \
    F(git_libgit2_opts)                                                                            \
    F(git_error_last)                                                                              \
    F(git_repository_open_ext)                                                                     \
    F(git_repository_workdir)                                                                      \
    F(git_repository_free)                                                                         \
    F(git_repository_odb)                                                                          \
    F(git_repository_index)                                                                        \
    F(git_revparse_single)                                                                         \
    F(git_merge_base)                                                                              \
    F(git_object_lookup)                                                                           \
    F(git_object_peel)                                                                             \
    F(git_object_id)                                                                               \
    F(git_object_free)                                                                             \
    F(git_oid_tostr)                                                                               \
    F(git_tree_walk)                                                                               \
    F(git_tree_entry_name)                                                                         \
    F(git_tree_entry_id)                                                                           \
    F(git_tree_entry_filemode)                                                                     \
    F(git_index_entrycount)                                                                        \
    F(git_index_get_byindex)                                                                       \
    F(git_index_free)                                                                              \
    F(git_odb_read_header)                                                                         \
    F(git_odb_read)                                                                                \
    F(git_odb_object_data)                                                                         \
    F(git_odb_object_size)                                                                         \
    F(git_odb_object_free)                                                                         \
    F(git_clone)                                                                                   \
    F(git_clone_options_init)                                                                      \
    F(git_remote_list)                                                                             \
    F(git_remote_url)                                                                              \
    F(git_strarray_dispose)                                                                        \
    F(git_remote_lookup)                                                                           \
    F(git_remote_fetch)                                                                            \
    F(git_remote_free)                                                                             \
    F(git_odb_free)

typedef struct as_git_library {
    AS_GIT_FUNCTIONS(AS_LIBRARY_MEMBER)
} as_git_library;

/* NULL when libgit2 is not installed or too old. The same table in every thread. */
const as_git_library *as_git_library_get(void);

#endif
