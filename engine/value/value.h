/* The tree that every parser produces: JSON-like, immutable, in an arena, each node with its place.
 *
 * Besides JSON's kinds there is `unknown`: a value that exists but cannot be had from the input,
 * with the reason, and, when it stands for an attribute of something else, references to it.
 * Known values carry references too (`bucket = aws_s3_bucket.b.bucket`): they are join keys and
 * edges. `trail` tells how a value came here from elsewhere (var.x ← prod.tfvars:4; template line ←
 * values path).
 *
 * HCL's finer types (set, map, tuple, …) hang on `type`; for values of YAML and JSON it is NULL. */
#ifndef AS_VALUE_VALUE_H
#define AS_VALUE_VALUE_H

#include "engine/base/buf.h"
#include "engine/base/source.h"

typedef enum as_kind {
    AS_NULL,
    AS_BOOL,
    AS_INT,    /* exact, 64 bits */
    AS_FLOAT,  /* double */
    AS_BIGNUM, /* decimal text beyond both: as.str, in the form -?digits[.digits] */
    AS_STRING,
    AS_LIST,
    AS_OBJECT, /* keys are unique and keep their order */
    AS_UNKNOWN,
} as_kind;

enum {
    AS_SENSITIVE = 1u << 0, /* never printed */
    AS_GENERATED = 1u << 1, /* made up by a generator (genCA, random passwords in a chart) */
    AS_DEFAULTED = 1u << 2, /* a default of the variable, values file or provider */
    AS_EPHEMERAL = 1u << 3,
    AS_OPEN = 1u << 4, /* object: has further members, decided by a provider, unknown so far */
};

typedef struct as_value as_value;

/* Stands for an unknown piece inside as_meta.partial: U+FFFF, which no real text holds. */
#define AS_HOLE "\xef\xbf\xbf"

/* What a value refers to: "aws_s3_bucket.logs[0]", "module.net.aws_subnet.a" and attribute "id". */
typedef struct as_ref {
    as_str address; /* resource (or data source) instance, module path included */
    as_str path;    /* attribute path below it; may be empty */
    as_span span;   /* the expression */
    const struct as_ref *next;
} as_ref;

/* One step of the way that a value took, latest first. */
typedef struct as_trail {
    as_span span;
    as_str note; /* "var.encrypted", "values image.tag", "default of var.cidr", "patch" */
    const struct as_trail *next;
} as_trail;

typedef struct as_meta {
    const as_ref *refs;
    const as_trail *trail;
    as_str reason; /* of an unknown: "var.cidr has no value" */
    /* What is known of a text all the same, so that a policy is judged although one ARN in it is
     * not known yet: the tree that the text encodes (jsonencode, aws_iam_policy_document), and the
     * text with AS_HOLE in place of each unknown piece (templates, join, format). */
    const as_value *decoded;
    as_str partial;
    /* The pieces of `partial` in order, a list: known texts, and unknowns with their own
     * references. Without pieces an unknown with one reference is what that attribute is. */
    const as_value *pieces;
    const void *detail; /* private to the parser that made it (HCL refinements); else NULL */
} as_meta;

typedef struct as_type as_type; /* parsers/hcl/type.h */
typedef struct as_object as_object;

struct as_value {
    uint8_t kind; /* as_kind */
    uint8_t flags;
    as_span span;
    const as_type *type;
    const as_meta *meta; /* NULL when there is nothing to say */
    union {
        bool boolean;
        int64_t integer;
        double number;
        as_str str; /* AS_STRING, AS_BIGNUM */
        struct {
            const as_value *const *items;
            size_t n;
        } list;
        const as_object *object;
    } as;
};

typedef struct as_member {
    as_str key;
    as_span key_span;
    const as_value *value;
} as_member;

struct as_object {
    const as_member *members;
    size_t n;
    const uint32_t *index; /* hash slots when n is large; private */
    size_t n_index;
};

/* --- making ---------------------------------------------------------------------------------- */

const as_value *as_value_null(as_arena *arena, as_span span);
const as_value *as_value_bool(as_arena *arena, as_span span, bool b);
const as_value *as_value_int(as_arena *arena, as_span span, int64_t i);
const as_value *as_value_float(
        as_arena *arena, as_span span, double d); /* integral doubles stay float */
const as_value *as_value_bignum(as_arena *arena, as_span span, as_str digits); /* borrowed */
const as_value *as_value_string(as_arena *arena, as_span span, as_str s);      /* borrowed */
const as_value *as_value_list(
        as_arena *arena, as_span span, const as_value *const *items, size_t n); /* borrowed */
/* Members are borrowed; of equal keys the last wins, at the place of the first. */
const as_value *as_value_object(as_arena *arena, as_span span, const as_member *members, size_t n);
const as_value *as_value_unknown(as_arena *arena, as_span span, as_str reason, const as_ref *refs);

/* A JSON-style number (digits, fraction, exponent) as the narrowest exact kind; as_value_null
 * never. Integers beyond 64 bits become AS_BIGNUM, others the nearest double. False if it is no
 * number. */
bool as_value_number(
        as_arena *arena, as_span span, as_str text, const as_value **out) AS_MUST_CHECK;

/* A copy of all of it, of a value without type and trail (JSON, YAML): what it was made from may
 * go. Texts that lie in `source` are not copied, which lasts. */
const as_value *as_value_keep(as_arena *arena, as_str source, const as_value *v);
as_str as_str_keep(as_arena *arena, as_str source, as_str s);

/* Copies of the node (children shared) with one thing changed. */
as_value *as_value_copy(as_arena *arena, const as_value *v); /* to be finished by the maker */
const as_value *as_value_at(as_arena *arena, const as_value *v, as_span span);
const as_value *as_value_with_flags(as_arena *arena, const as_value *v, unsigned flags); /* added */
const as_value *as_value_with_refs(as_arena *arena, const as_value *v, const as_ref *refs);
/* The same value, with the tree that its text encodes: what is known of a text that is not. */
const as_value *as_value_with_decoded(as_arena *arena, const as_value *v, const as_value *tree);
/* The same unknown, with the list of pieces that its text is put together from; one that is
 * computed in another way from what it refers to has one piece that is unknown and refers to
 * nothing. */
const as_value *as_value_with_pieces(as_arena *arena, const as_value *v, const as_value *pieces);
/* Puts a step in front of the trail. */
const as_value *as_value_with_step(as_arena *arena, const as_value *v, as_span span, as_str note);
/* Both lists, without repeats. */
const as_ref *as_refs_union(as_arena *arena, const as_ref *a, const as_ref *b);

/* Growing builders. Most lists and objects are short: what is added first stands in the builder, so
 * that the arena holds no more than came of it. */
enum { AS_FEW_ITEMS = 16, AS_FEW_MEMBERS = 8 };

typedef struct as_list_builder {
    as_arena *arena;
    const as_value **held; /* NULL: they are few */
    size_t n, cap;
    const as_value *few[AS_FEW_ITEMS];
} as_list_builder;
void as_list_begin(as_list_builder *b, as_arena *arena);
void as_list_add(as_list_builder *b, const as_value *v);
/* What was added, in the arena; n of it. Nothing is added afterwards. */
const as_value *const *as_list_items(as_list_builder *b);
/* The same while more is to come, until then. */
static inline const as_value *const *as_list_so_far(const as_list_builder *b)
{
    return b->held != NULL ? b->held : b->few;
}
const as_value *as_list_end(as_list_builder *b, as_span span);

typedef struct as_object_builder {
    as_arena *arena;
    as_member *held; /* NULL: they are few */
    size_t n, cap;
    as_member few[AS_FEW_MEMBERS];
} as_object_builder;
void as_object_begin(as_object_builder *b, as_arena *arena);
void as_object_add(as_object_builder *b, as_str key, as_span key_span, const as_value *v);
/* Likewise. */
const as_member *as_object_members(as_object_builder *b);
static inline const as_member *as_object_so_far(const as_object_builder *b)
{
    return b->held != NULL ? b->held : b->few;
}
const as_value *as_object_end(as_object_builder *b, as_span span);

/* --- reading: all accept NULL and then answer as for null -------------------------------------- */

static inline bool as_value_is(const as_value *v, as_kind kind)
{
    return v == NULL ? kind == AS_NULL : v->kind == kind;
}

/* NULL or AS_NULL. */
static inline bool as_value_is_null(const as_value *v)
{
    return v == NULL || v->kind == AS_NULL;
}

static inline bool as_value_is_number(const as_value *v)
{
    return v != NULL && (v->kind == AS_INT || v->kind == AS_FLOAT || v->kind == AS_BIGNUM);
}

static inline bool as_value_is_unknown(const as_value *v)
{
    return v != NULL && v->kind == AS_UNKNOWN;
}

bool as_value_has_unknown(const as_value *v); /* anywhere inside */
/* The member, or NULL when v is no object or has none. */
const as_value *as_value_get(const as_value *v, as_str key);
const as_member *as_value_member(const as_value *v, as_str key);
const as_value *as_value_index(const as_value *v, size_t i); /* NULL when out of range */
size_t as_value_count(const as_value *v);                    /* of a list or object; else 0 */

/* What as_value_index may be asked for: 0 for everything but a list. */
static inline size_t as_value_list_count(const as_value *v)
{
    return as_value_is(v, AS_LIST) ? v->as.list.n : 0;
}

/* "spec.template.containers[0].image": dots and [n]; NULL when the way ends. */
const as_value *as_value_path(const as_value *v, const char *path);
as_str as_value_str(const as_value *v); /* AS_STRING's text; else empty */
bool as_value_bool_or(const as_value *v, bool fallback);
int64_t as_value_int_or(const as_value *v, int64_t fallback); /* integral floats count */
double as_value_to_double(const as_value *v);                 /* numbers of any kind; else 0 */
const as_ref *as_value_refs(const as_value *v);
const as_trail *as_value_trail(const as_value *v);
as_str as_value_reason(const as_value *v);
const char *as_kind_name(
        as_kind kind); /* "null", "bool", "number", "string", "list", "object", "unknown" */

/* Deep equality of data: 1 == 1.0, order of keys does not count, types and places neither. Unknowns
 * equal nothing. */
bool as_value_equal(const as_value *a, const as_value *b);

/* --- writing ---------------------------------------------------------------------------------- */

typedef struct as_json_style {
    int indent;                                   /* 0: one line, no blanks */
    bool sort_keys;                               /* bytewise */
    bool show_sensitive;                          /* else "(sensitive)" */
    bool escape_html;                             /* \u003c and so on, as Go's encoding/json */
    bool (*hides)(void *self, const as_value *v); /* of texts: "(sensitive)" too; NULL: none */
    void *hides_self;
} as_json_style;
/* Unknowns are written as null. */
void as_value_write_json(as_buf *buf, const as_value *v, as_json_style style);

#endif
