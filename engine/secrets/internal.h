/* What the files of this folder share. */
#ifndef AS_SECRETS_INTERNAL_H
#define AS_SECRETS_INTERNAL_H

#include "engine/secrets/secrets.h"

typedef enum as_secret_check {
    AS_CHECK_NONE,
    AS_CHECK_RANDOM,   /* an issued token: random, no placeholder */
    AS_CHECK_LITERAL,  /* no placeholder and no reference */
    AS_CHECK_PASSWORD, /* the same, of what people choose */
    AS_CHECK_URL_PASSWORD,
    AS_CHECK_AWS_ID,
    AS_CHECK_AWS_SECRET,
    AS_CHECK_GCP_ACCOUNT,
    AS_CHECK_PEM,
    AS_CHECK_JWT,
    AS_CHECK_DOCKER_AUTH,
} as_secret_check;

typedef enum as_secret_reach { AS_REACH_LINE, AS_REACH_BLOCK } as_secret_reach;

typedef struct as_secret_detector {
    const char *name;
    as_secret_group group;
    const char *what, *words; /* words apart by '|' */
    as_secret_reach reach;
    as_secret_check check;
    const char *pattern;
} as_secret_detector;

/* literal.c */
/* Text that stands for a value: "changeme", "<token>", "${VAR}", "xxxx", "AKIAIOSFODNN7EXAMPLE". */
bool as_secret_is_placeholder(as_str text);
/* Text that names where the value is, or from which it cannot be had: "vault:…", "arn:…", a path,
 * ciphertext, a hash, a public key, a UUID. */
bool as_secret_is_reference(as_str text);
/* "0123456789ab", "abcdefghijkl", "aaaaaaaaaaaa": nothing that an issuer would hand out. */
bool as_secret_is_sequence(as_str text);
/* "123456789", "abc123", "test1": typed to fill a field; also where base64 hides a placeholder. */
bool as_secret_is_toy(as_str text);
double as_secret_entropy(as_str text);
bool as_secret_is_hex(as_str text);
bool as_secret_contains(as_str text, const char *lower_word); /* whatever the case */

/* check.c: whether the bytes [secret->begin, secret->end) of text pass; may change the group, the
 * name and the facts. [from, to) is the whole match. */
bool as_secret_passes(as_arena *arena, as_secret_check check, as_str text, size_t from, size_t to,
        as_secret *secret);

/* named.c: the assignment around the word [begin, end) of a key. False when it is none or holds no
 * secret. */
bool as_secret_named(
        as_str text, size_t begin, size_t end, as_secret_syntax syntax, as_secret *out);
/* Whether a key of this name holds a secret, as against speaks of one. */
bool as_secret_key_is_named(as_str key);
/* Whether the literal under such a key is one. */
bool as_secret_value_is_named(as_str key, as_str value, bool bare);
extern const char as_secret_named_words[]; /* apart by '|' */

/* entropy.c: appends what is too random to be anything else. */
void as_secret_find_random(as_arena *arena, as_str text, as_secret_syntax syntax, as_secrets *out);
/* The key that is assigned the text that begins (without its quote) at `at`; empty when it is no
 * assignment. */
as_str as_secret_key_before(as_str text, size_t at);

#endif
