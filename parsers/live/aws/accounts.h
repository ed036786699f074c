/* Which accounts and regions are asked. */
#ifndef AS_LIVE_AWS_ACCOUNTS_H
#define AS_LIVE_AWS_ACCOUNTS_H

#include "parsers/live/aws/asking.h"

typedef struct as_aws_accounts {
    as_aws_account *items; /* sorted by id; their regions are not known yet */
    size_t n;
    as_str *refused; /* for people: accounts whose role could not be assumed */
    size_t n_refused;
} as_aws_accounts;

/* The account of the keys alone, or those that the options name or the organisation has. False with
 * *problem when there is none. */
bool as_aws_accounts_find(as_arena *arena, const as_aws_tables *tables,
        const as_aws_collect_options *options, as_aws_session *base, as_aws_accounts *out,
        as_str *problem);

/* Fills in `regions` and `home`: those of the options, else those that are switched on; when these
 * cannot be had the home region alone, with a `warning`. */
void as_aws_find_regions(as_aws_account *account, as_arena *arena, const as_aws_tables *tables,
        const as_aws_collect_options *options, as_aws_session *base);

#endif
