/* Values as a Go template sees them: an `interface {}` is a type and a payload.
 *
 * Templates distinguish int from int64 and float64, []string from []interface {}, and may change
 * maps in place (`set .Values "k" 1`), so as_value is not enough. Trees of as_value enter lazily:
 * a map or list node is opened one level deep when it is first touched, and the same node is the
 * same Go map ever after, so that changes are seen by all who hold it.
 *
 * An as_go is passed by value or pointer to const; payloads live in the arena of the template set.
 * Every value may remember the as_value that it came from, every string also, piece by piece, the
 * values that its text was made of. */
#ifndef AS_GOTMPL_GOVALUE_H
#define AS_GOTMPL_GOVALUE_H

#include "engine/value/value.h"

typedef enum as_go_kind { /* reflect.Kind, what of it occurs */
    AS_GO_INVALID,
    AS_GO_BOOL,
    AS_GO_INT,
    AS_GO_INT8,
    AS_GO_INT16,
    AS_GO_INT32,
    AS_GO_INT64,
    AS_GO_UINT,
    AS_GO_UINT8,
    AS_GO_UINT16,
    AS_GO_UINT32,
    AS_GO_UINT64,
    AS_GO_FLOAT32,
    AS_GO_FLOAT64,
    AS_GO_FUNC,
    AS_GO_INTERFACE, /* as a static type only: elements, parameters */
    AS_GO_MAP,
    AS_GO_PTR, /* to a struct */
    AS_GO_SLICE,
    AS_GO_STRING,
    AS_GO_STRUCT,
} as_go_kind;

typedef struct as_go_type as_go_type;
typedef struct as_go as_go;
typedef struct as_go_map as_go_map;   /* of MAP, STRUCT and PTR: members by name */
typedef struct as_go_list as_go_list; /* of SLICE, except []uint8, which is held as a string */
typedef struct as_gotmpl as_gotmpl;   /* the template set: owner of the run (gotmpl.h) */

/* A function or method. `params` has a letter a parameter:
 *     s string   i int   I int64   f float64   b bool   a interface {}   v any value, also none
 *     m map[string]interface {}   l []interface {}   S []string   y []uint8   t time.Time
 * and a `*` before the last letter makes that one variadic. Arguments are checked and converted
 * before the call, as reflection does; `a` may be nil (type NULL).
 * call: false after as_go_fail. Methods get their receiver as args[0], which params do not list. */
typedef struct as_go_func {
    const char *name;
    const char *params;
    bool (*call)(as_gotmpl *t, const as_go *args, size_t n, as_go *out);
    unsigned flags; /* private to the function tables */
} as_go_func;

struct as_go_type {
    as_go_kind kind;
    const char *name;          /* as %T prints it: "map[string]interface {}", "*semver.Version" */
    const as_go_type *elem;    /* of MAP and SLICE; &as_go_any for interface {} */
    const as_go_func *methods; /* ended by name NULL; may be NULL */
    /* fmt.Stringer (or error); may be NULL. */
    as_str (*string)(as_gotmpl *t, const as_go *v);
    /* json.Marshaler: the plain value to write instead; may be NULL. */
    as_go (*plain)(as_gotmpl *t, const as_go *v);
    bool has_members; /* of STRUCT and PTR: the payload is as.map, read by field name */
};

enum {                            /* as_go.flags */
    AS_GO_FROM_VALUE = 1u << 0,   /* origin.value is set */
    AS_GO_FROM_TEXT = 1u << 1,    /* origin.text is set (strings only) */
    AS_GO_GENERATED = 1u << 2,    /* random or made up: AS_GENERATED */
    AS_GO_IN_INTERFACE = 1u << 3, /* static type interface {}: an element of a map or list */
};

struct as_go {
    const as_go_type *type; /* NULL: nil */
    union {
        bool boolean;
        int64_t i;  /* every signed kind */
        uint64_t u; /* every unsigned kind */
        double f;
        const char *s; /* STRING and []uint8: n bytes */
        as_go_map *map;
        as_go_list *list;
        const void *p; /* payload of other types: as their methods know it */
    } as;
    uint32_t n; /* length of a string */
    uint32_t flags;
    union {
        const as_value *value;
        const struct as_gotmpl_text *text;
    } origin;
};

extern const as_go_type as_go_any, as_go_bool, as_go_int, as_go_int64, as_go_int32, as_go_uint8,
        as_go_uint32, as_go_uint64, as_go_float64, as_go_string, as_go_bytes, as_go_strings,
        as_go_ints, as_go_slice /* []interface {} */, as_go_dict /* map[string]interface {} */,
        as_go_string_map /* map[string]string */, as_go_values /* common.Values */, as_go_duration,
        as_go_time;

#define AS_GO_NIL ((as_go){.type = NULL})

/* --- making ----------------------------------------------------------------------------------- */

/* A view of the tree: objects become map[string]interface {}, lists []interface {}, integers
 * int64 or float64 as `ints_are_floats` of the set's options says. */
as_go as_go_from(as_gotmpl *t, const as_value *v);
as_go as_go_from_bool(bool b);
as_go as_go_from_int(int64_t i);   /* int */
as_go as_go_from_int64(int64_t i); /* int64 */
as_go as_go_from_float(double f);
as_go as_go_from_str(as_str s); /* borrowed */
as_go as_go_from_bytes(as_str s);
/* The same payload under another type of the same kind: common.Values, engine.files. */
as_go as_go_typed(as_go v, const as_go_type *type);
as_go as_go_map_value(const as_go_type *type, as_go_map *map);
as_go as_go_list_value(const as_go_type *type, as_go_list *list);

/* Maps keep the order of insertion for structs; everything that lists a map's keys sorts them. */
as_go_map *as_go_map_new(as_gotmpl *t, size_t expected);
void as_go_map_set(as_gotmpl *t, as_go_map *map, as_str key, as_go v); /* key borrowed */
bool as_go_map_unset(as_gotmpl *t, as_go_map *map, as_str key);
as_go_list *as_go_list_new(as_gotmpl *t, size_t expected);
void as_go_list_add(as_gotmpl *t, as_go_list *list, as_go v);

/* --- reading ---------------------------------------------------------------------------------- */

static inline as_go_kind as_go_kind_of(const as_go *v) /* AS_GO_INVALID for nil */
{
    return v->type ? v->type->kind : AS_GO_INVALID;
}
const char *as_go_kind_text(as_go_kind kind);
const char *as_go_type_text(const as_go *v);   /* "<nil>" for nil */
static inline as_str as_go_str(const as_go *v) /* of STRING and []uint8 */
{
    return (as_str){v->as.s, v->n};
}

size_t as_go_map_count(as_gotmpl *t, as_go_map *map);
/* The member, or NULL. Valid until the map grows. */
const as_go *as_go_map_get(as_gotmpl *t, as_go_map *map, as_str key);
/* Indexes of the members in the order of their keys; valid until the map changes. */
const uint32_t *as_go_map_sorted(as_gotmpl *t, as_go_map *map);
as_str as_go_map_key_at(as_gotmpl *t, as_go_map *map, size_t i); /* in order of insertion */
const as_go *as_go_map_at(as_gotmpl *t, as_go_map *map, size_t i);
size_t as_go_list_count(as_gotmpl *t, as_go_list *list);
const as_go *as_go_list_at(as_gotmpl *t, as_go_list *list, size_t i); /* i must be in range */

/* text/template's truth: false, 0, nil, and what is empty, are not. */
bool as_go_truth(as_gotmpl *t, const as_go *v);
/* As fmt's %v prints it. */
as_str as_go_text(as_gotmpl *t, const as_go *v);

/* The immutable tree again, for what was changed or computed; a node that came from an as_value and
 * was not touched is that very as_value. */
const as_value *as_go_to_value(as_gotmpl *t, const as_go *v);

/* The error of a failing call; returns false. */
bool as_go_fail(as_gotmpl *t, const char *fmt, ...) AS_PRINTF(2, 3);
/* Said in the open, so that who follows a call across files knows that it is false. */
#define as_go_fail(...) (as_go_fail(__VA_ARGS__), false)

#endif
