/* A reader of snapshots: turns what one account, project or cluster answered into resources. One
 * struct and one line in readers.def. */
#ifndef AS_LIVE_READER_H
#define AS_LIVE_READER_H

#include "parsers/live/snapshot.h"
#include "parsers/parser.h"

typedef struct as_snapshot_reader {
    const char *word; /* the parts are named WORD/ACCOUNT/… */
    bool apart; /* each account is a unit of its own: names mean nothing outside it (clusters) */
    /* Appends to load->resources what the parts of `account` hold. */
    void (*read)(as_load *load, as_str account, const as_snapshot_parts *parts);
} as_snapshot_reader;

#endif
