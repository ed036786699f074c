#include "parsers/kubernetes/terraform.h"

#include <ctype.h>

enum { MAX_DEPTH = 64 }; /* deeper than any object of the API */

/* Where a block stands; the outermost is the kind. */
typedef struct place {
    const struct place *up;
    as_str name;
} place;

typedef enum form { FORM_NAME, FORM_LIST } form;

static const struct {
    form form;
    const char *below, *name, *member;
} names[] = {
#define AS_TF_LIST(below, name, member) {FORM_LIST, below, name, member},
#define AS_TF_NAME(below, name, member) {FORM_NAME, below, name, member},
#define AS_TF_DEFAULT(below, with, member, value)
#include "parsers/kubernetes/terraform_names.def"
};

static const struct {
    const char *below, *with, *member, *value;
} defaults[] = {
#define AS_TF_LIST(below, name, member)
#define AS_TF_NAME(below, name, member)
#define AS_TF_DEFAULT(below, with, member, value) {below, with, member, value},
#include "parsers/kubernetes/terraform_names.def"
};

/* --- kinds ---------------------------------------------------------------------------------------
 */

/* "kubernetes_stateful_set_v1" → "stateful_set". */
static as_str bare_type(as_str type)
{
    as_str bare = as_str_from_index(type, sizeof "kubernetes_" - 1);
    size_t last = as_str_rfind_char(bare, '_');
    as_str suffix = last == (size_t)-1 ? AS_STR("") : as_str_from_index(bare, last + 1);
    bool version = suffix.n >= 2 && suffix.p[0] == 'v' && isdigit((unsigned char)suffix.p[1]);
    return version ? as_str_slice(bare, 0, last) : bare;
}

/* Whether they are equal without underscores and case. */
static bool same_words(as_str type, as_str kind)
{
    size_t k = 0;
    for (size_t i = 0; i < type.n; i++) {
        if (type.p[i] == '_') {
            continue;
        }
        if (k == kind.n || tolower((unsigned char)kind.p[k]) != type.p[i]) {
            return false;
        }
        k++;
    }
    return k == kind.n;
}

const as_k8s_kind *as_k8s_terraform_kind(as_str type)
{
    size_t n;
    const as_k8s_kind *kinds = as_k8s_kinds(&n);
    if (!as_str_starts(type, "kubernetes_")) {
        return NULL;
    }
    as_str bare = bare_type(type);
    if (as_str_is(bare, "default_service_account")) {
        bare = AS_STR("service_account");
    }
    for (size_t i = 0; i < n; i++) {
        /* Events of two groups are nothing that Terraform makes. */
        if (same_words(bare, kinds[i].kind)) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* --- names ---------------------------------------------------------------------------------------
 */

/* "StatefulSet.spec", "container.security_context", "subject". */
static bool is_at(const place *at, const char *below)
{
    as_str rest = as_str_from(below);
    while (rest.n > 0) {
        size_t dot = as_str_rfind_char(rest, '.');
        if (at == NULL || !as_str_eq(at->name, as_str_from_index(rest, dot + 1))) {
            return false;
        }
        at = at->up;
        rest = dot == (size_t)-1 ? AS_STR("") : as_str_slice(rest, 0, dot);
    }
    return true;
}

/* "run_as_non_root" → "runAsNonRoot". */
static as_str camel(as_arena *arena, as_str name)
{
    as_buf buf;
    bool upper = false;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '_') {
            upper = true;
            continue;
        }
        as_buf_char(&buf, upper ? (char)toupper((unsigned char)name.p[i]) : name.p[i]);
        upper = false;
    }
    return as_buf_view(&buf);
}

static bool is_blocks(const as_value *v)
{
    return as_value_is(v, AS_LIST) && v->as.list.n > 0 &&
           as_value_is(v->as.list.items[0], AS_OBJECT);
}

/* The line of the table, or -1. Lists are blocks: "port" of a probe is a number. */
static size_t named(const place *at, as_str name, const as_value *v)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (as_str_is(name, names[i].name) && is_at(at, names[i].below) &&
                (names[i].form == FORM_NAME || is_blocks(v))) {
            return i;
        }
    }
    return (size_t)-1;
}

/* --- values --------------------------------------------------------------------------------------
 */

static const as_value *convert_object(
        as_arena *arena, const place *at, const as_value *v, int depth);

static const as_value *convert_list(as_arena *arena, const place *at, const as_value *v, int depth)
{
    as_list_builder out;
    as_list_begin(&out, arena);
    for (size_t i = 0; i < v->as.list.n; i++) {
        as_list_add(&out, convert_object(arena, at, v->as.list.items[i], depth + 1));
    }
    return as_list_end(&out, v->span);
}

/* Modes of files are octal texts in Terraform and numbers in the API. */
static const as_value *convert_mode(as_arena *arena, const as_value *v)
{
    as_str text = as_value_str(v);
    int64_t mode = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '7' || mode > 07777) {
            return v;
        }
        mode = mode * 8 + (text.p[i] - '0');
    }
    return text.n == 0 ? v : as_value_int(arena, v->span, mode);
}

/* Ports are texts where names may stand, and numbers as soon as they are some (intstr.Parse). */
static const as_value *convert_port(as_arena *arena, const as_value *v)
{
    const as_value *number;
    as_str text = as_value_str(v);
    bool digits = text.n > 0 && text.n < 6;
    for (size_t i = 0; i < text.n; i++) {
        digits = digits && isdigit((unsigned char)text.p[i]);
    }
    return digits && as_value_number(arena, v->span, text, &number) ? number : v;
}

/* One block that may stand once; maps keep their keys. */
static const as_value *convert_value(as_arena *arena, const place *at, const as_value *v, int depth)
{
    if (as_str_is(at->name, "default_mode") || as_str_is(at->name, "mode")) {
        return convert_mode(arena, v);
    }
    if (as_str_is(at->name, "port") || as_str_ends(at->name, "_port")) {
        v = convert_port(arena, v);
    }
    if (!is_blocks(v)) {
        return v;
    }
    if (v->as.list.n > 1) {
        return as_value_unknown(arena, v->span, AS_STR("which of several blocks counts"), NULL);
    }
    return convert_object(arena, at, v->as.list.items[0], depth + 1);
}

static bool is_unset(const as_value *v)
{
    return as_value_is_null(v) || (as_value_is(v, AS_LIST) && v->as.list.n == 0);
}

static bool has_member(const as_object_builder *out, as_str name)
{
    for (size_t i = 0; i < out->n; i++) {
        if (as_str_eq(as_object_so_far(out)[i].key, name)) {
            return true;
        }
    }
    return false;
}

static void add_defaults(as_object_builder *out, const place *at, as_span span)
{
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        as_str with = as_str_from(defaults[i].with), member = as_str_from(defaults[i].member);
        if (!is_at(at, defaults[i].below) || (with.n > 0 && !has_member(out, with)) ||
                has_member(out, member)) {
            continue;
        }
        const as_value *value = as_value_string(out->arena, span, as_str_from(defaults[i].value));
        as_object_add(out, member, span, as_value_with_flags(out->arena, value, AS_DEFAULTED));
    }
}

static void add_member(as_object_builder *out, const place *at, const as_member *m, int depth)
{
    as_arena *arena = out->arena;
    place below = {at, m->key};
    size_t line = named(at, m->key, m->value);
    const char *member = line == (size_t)-1 ? "-" : names[line].member;
    if (member == NULL || is_unset(m->value)) {
        return;
    }
    bool list = line != (size_t)-1 && names[line].form == FORM_LIST;
    const as_value *value = list ? convert_list(arena, &below, m->value, depth)
                                 : convert_value(arena, &below, m->value, depth);
    if (*member == '\0' && as_value_is(value, AS_OBJECT)) {
        for (size_t i = 0; i < value->as.object->n; i++) {
            const as_member *inner = &value->as.object->members[i];
            as_object_add(out, inner->key, inner->key_span, inner->value);
        }
        return;
    }
    as_str key = line == (size_t)-1 ? camel(arena, m->key) : as_str_from(member);
    as_object_add(out, key, m->key_span, value);
}

static const as_value *convert_object(
        as_arena *arena, const place *at, const as_value *v, int depth)
{
    as_object_builder out;
    if (!as_value_is(v, AS_OBJECT) || depth > MAX_DEPTH) {
        return v; /* an unknown; `{}` of a block with nothing in it may be null */
    }
    as_object_begin(&out, arena);
    for (size_t i = 0; i < v->as.object->n; i++) {
        add_member(&out, at, &v->as.object->members[i], depth);
    }
    add_defaults(&out, at, v->span);
    return as_object_end(&out, v->span);
}

const as_value *as_k8s_terraform_manifest(
        as_arena *arena, const as_k8s_kind *kind, const as_value *raw)
{
    return convert_object(arena, &(place){NULL, kind->kind}, raw, 0);
}
