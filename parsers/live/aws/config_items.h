/* Items of AWS Config's snapshots, in the shape of the API's answers. */
#ifndef AS_LIVE_AWS_CONFIG_ITEMS_H
#define AS_LIVE_AWS_CONFIG_ITEMS_H

#include "parsers/live/assemble.h"

/* Takes each item as an answer of the operation "config:TYPE". Values live in `arena`.
 * https://docs.aws.amazon.com/config/latest/developerguide/view-manage-resource.html */
void as_aws_config_take(as_live_estate *estate, as_arena *arena, const as_value *items);

#endif
