/* Shared by the files of this folder. */
#ifndef AS_GIT_INTERNAL_H
#define AS_GIT_INTERNAL_H

#include "engine/git/git.h"
#include "engine/git/library.h"

struct as_git {
    const as_git_library *lib;
    as_arena *arena;
    git_repository *repository;
    git_odb *odb;
    as_str workdir;
};

#endif
