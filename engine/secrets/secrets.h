/* Secrets in texts: credentials known by their form (detectors.def), literals assigned to keys
 * named like secrets (named.c), and strings too random to be anything else (entropy.c).
 *
 * A finder belongs to one thread. A text is looked through once for the words that detectors wait
 * for; a pattern is run only around its words, and never twice over the same bytes: the time is
 * linear in the text. What stands for a value (placeholders, references, ciphertext, examples of
 * vendors' documentation) is no secret. The secret's bytes stay in the text: callers get its place,
 * and what may be shown of it. */
#ifndef AS_SECRETS_SECRETS_H
#define AS_SECRETS_SECRETS_H

#include "engine/base/buf.h"
#include "engine/base/vec.h"

/* Which rule judges it: SEC-001 … SEC-014. Earlier groups win where two see the same bytes. */
typedef enum as_secret_group {
#define AS_SECRET_GROUP(id, name) AS_SECRET_##id,
#include "engine/secrets/groups.def"
    AS_SECRET_N_GROUPS
} as_secret_group;

const char *as_secret_group_name(as_secret_group group); /* "aws" */

typedef struct as_secret {
    as_secret_group group;
    const char *detector; /* "aws-access-key-id" */
    const char *what;     /* "an AWS access key id" */
    size_t begin, end;    /* in the text */
    as_str key;           /* what it is assigned to, in the text; may be empty */
    double entropy;       /* bits a character (Shannon) */
    bool hex;             /* hexadecimal digits alone */
    bool encrypted;       /* a private key under a passphrase */
    bool publishable;     /* meant to be seen, still better not in code */
    as_str expires;       /* of a token: YYYY-MM-DD; empty when it never does or does not say */
} as_secret;

typedef AS_VEC(as_secret) as_secrets;

/* How a text writes values. */
typedef enum as_secret_syntax {
    AS_SECRET_CODE,     /* only what is quoted is a literal */
    AS_SECRET_SETTINGS, /* YAML, properties, .env, ini: bare words are literals too */
    AS_SECRET_PROSE,    /* documentation: known forms only */
    AS_SECRET_HASHES,   /* lock files and sums: known forms only */
} as_secret_syntax;

as_secret_syntax as_secret_syntax_of(as_str path);

typedef struct as_secret_finder as_secret_finder;

/* Lives in `arena` and leaves nothing behind when it is freed. */
as_secret_finder *as_secret_finder_new(as_arena *arena);
/* Appends the secrets of `text` in order of place, none overlapping another. At most AS_MAX_SECRETS
 * a text: *full (may be NULL) tells that there are more. Memory of `out` is the arena's. */
void as_secret_find(as_secret_finder *finder, as_arena *arena, as_str text, as_secret_syntax syntax,
        as_secrets *out, bool *full);
/* The same for one value that is assigned to `key` (may be empty): as_secret.begin and end count in
 * `value`. */
void as_secret_find_value(
        as_secret_finder *finder, as_arena *arena, as_str key, as_str value, as_secrets *out);

/* What may be shown of a secret: never more than four characters in front and two at the end, and
 * nothing of a short one. */
as_str as_secret_shown(as_arena *arena, as_str secret);

enum { AS_MAX_SECRETS = 2000 };

#endif
