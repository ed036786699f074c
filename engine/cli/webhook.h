/* Telling a chat or another program of new findings. */
#ifndef AS_CLI_WEBHOOK_H
#define AS_CLI_WEBHOOK_H

#include "engine/store/history.h"

typedef enum as_webhook_form {
    AS_WEBHOOK_SLACK,   /* {"text": "…"}: Slack, Mattermost, Rocket.Chat */
    AS_WEBHOOK_GENERIC, /* the run and its new findings as JSON */
} as_webhook_form;

/* Posts those of `change->fresh` that are of `least` severity or graver; nothing when there are
 * none. With a secret the body is signed: X-Assay-Signature: sha256=HMAC in hexadecimal digits.
 * False with *problem. */
bool as_webhook_post(as_arena *arena, as_str url, as_webhook_form form, as_str secret,
        as_severity least, const as_report *report, const as_history_change *change,
        as_str *problem) AS_MUST_CHECK;

#endif
