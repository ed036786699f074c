/* Shared by the files that make up the history. */
#ifndef AS_STORE_HISTORY_INTERNAL_H
#define AS_STORE_HISTORY_INTERNAL_H

#include "engine/store/history.h"

struct as_history {
    as_arena *arena;
    as_db *db;
};

#endif
