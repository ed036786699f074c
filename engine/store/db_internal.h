/* What a database must be able to do: one struct a product. */
#ifndef AS_STORE_DB_INTERNAL_H
#define AS_STORE_DB_INTERNAL_H

#include "engine/store/db.h"

typedef struct as_db_driver {
    bool (*open)(as_db *db, as_str where, bool to_read, as_str *problem);
    bool (*run)(as_db *db, const char *sql, as_db_params params, as_db_row *row, void *self,
            as_str *problem);
    bool locks; /* tables must be locked; elsewhere the transaction alone keeps other writers away
                 */
    const char *begin;      /* the statement that begins a transaction that writes */
    const char *begin_read; /* … one in which every statement sees the same state */
    void (*close)(as_db *db);
} as_db_driver;

extern const as_db_driver as_db_sqlite, as_db_postgres;

struct as_db {
    as_arena *arena;
    const as_db_driver *driver;
    void *connection;
};

#endif
