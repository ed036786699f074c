/* Composes libyaml's events into values. See yaml.h for what it promises. */
#include "parsers/yaml/yaml.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "parsers/yaml/resolve.h"

#define YAML_TAG_PREFIX "tag:yaml.org,2002:"

/* libyaml's objects, which a longjmp must not leak: released when done, or with the arena. */
typedef struct machine {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_parser, has_event;
} machine;

/* An anchored node. Its size and height bound what its aliases stand for. */
typedef struct anchor {
    const as_value *value; /* NULL while the node is still open */
    size_t n_nodes;
    unsigned height;
} anchor;

typedef struct composer {
    as_arena *arena;
    const as_source *source;
    as_yaml_options options;
    as_diags *diags;
    machine *machine;
    size_t begin, end;                 /* the bytes that libyaml sees */
    bool ascii;                        /* then characters are bytes */
    size_t cursor_chars, cursor_bytes; /* the same place in both measures, relative to begin */
    as_map anchors;
    unsigned deepest;     /* greatest depth reached below the innermost open anchor */
    size_t n_nodes;       /* of the document, aliases expanded */
    size_t n_alias_nodes; /* of the stream */
    size_t n_broken;
    bool in_key;               /* numbers of keys keep their form */
    bool failed;               /* the document is lost; the reason is in diags */
    AS_VEC(as_member) members; /* stacks of the open collections */
    AS_VEC(const as_value *) items;
} composer;

typedef struct node {
    const as_value *value; /* NULL when the document has failed */
    size_t end;            /* where it ends here: an alias's value has the span of its anchor */
    bool is_merge_key;
} node;

enum { MAX_BROKEN = 100 }; /* documents; then the rest of the stream is given up */

/* --- places ----------------------------------------------------------------------------------- */

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* libyaml counts characters; spans count bytes. Marks come nearly in order, so a cursor that walks
 * from the last place is linear over the whole text. */
static size_t byte_of(composer *c, size_t chars)
{
    const char *text = c->source->text.p + c->begin;
    size_t n = c->end - c->begin, at = c->cursor_bytes;

    if (c->ascii)
        return c->begin + (chars < n ? chars : n);
    while (c->cursor_chars < chars && at < n) {
        at++;
        while (at < n && is_continuation(text[at]))
            at++;
        c->cursor_chars++;
    }
    while (c->cursor_chars > chars && at > 0) {
        at--;
        while (at > 0 && is_continuation(text[at]))
            at--;
        c->cursor_chars--;
    }
    c->cursor_bytes = at;
    return c->begin + at;
}

static as_span span_of(composer *c, size_t begin, size_t end)
{
    return (as_span){c->source->id, (uint32_t)begin, (uint32_t)(end < begin ? begin : end)};
}

static as_span event_span(composer *c)
{
    size_t begin = byte_of(c, c->machine->event.start_mark.index);

    return span_of(c, begin, byte_of(c, c->machine->event.end_mark.index));
}

static bool is_ascii(const char *p, size_t n)
{
    unsigned char bits = 0;

    for (size_t i = 0; i < n; i++)
        bits |= (unsigned char)p[i];
    return bits < 0x80;
}

/* --- the event stream ------------------------------------------------------------------------- */

static void drop_event(machine *m)
{
    if (m->has_event)
        yaml_event_delete(&m->event);
    m->has_event = false;
}

static void release_machine(void *object)
{
    machine *m = object;

    drop_event(m);
    if (m->has_parser)
        yaml_parser_delete(&m->parser);
    m->has_parser = false;
}

static void start_machine(composer *c)
{
    machine *m = c->machine;
    const char *text = c->source->text.p + c->begin;

    release_machine(m);
    if (!yaml_parser_initialize(&m->parser))
        as_arena_unwind(c->arena, AS_CAUSE_MEMORY);
    m->has_parser = true;
    yaml_parser_set_encoding(&m->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&m->parser, (const unsigned char *)text, c->end - c->begin);
    c->cursor_chars = c->cursor_bytes = 0;
}

static size_t error_place(composer *c)
{
    yaml_parser_t *p = &c->machine->parser;

    if (p->error == YAML_READER_ERROR)
        return c->begin +
               (p->problem_offset < c->end - c->begin ? p->problem_offset : c->end - c->begin);
    return byte_of(c, p->problem_mark.index);
}

static void report_error(composer *c)
{
    yaml_parser_t *p = &c->machine->parser;
    size_t at = error_place(c);
    bool is_reader = p->error == YAML_READER_ERROR;

    /* Where its copy of a handle or of a name fails, libyaml stops without saying why; everything
     * else that stops it has a reason (scanner.c, yaml_parser_scan_tag). */
    if (p->error == YAML_MEMORY_ERROR || p->error == YAML_NO_ERROR)
        as_arena_unwind(c->arena, AS_CAUSE_MEMORY);
    as_diags_add(c->diags, AS_DIAG_ERROR, is_reader ? "yaml-encoding" : "yaml-syntax",
            span_of(c, at, at), "%s", p->problem ? p->problem : "unknown problem in YAML");
    if (p->context)
        as_diags_detail(c->diags, "%s", p->context);
}

/* False after a syntax error, which the caller reports. */
static bool next_event(composer *c)
{
    drop_event(c->machine);
    if (!yaml_parser_parse(&c->machine->parser, &c->machine->event))
        return false;
    c->machine->has_event = true;
    return true;
}

/* --- failing ---------------------------------------------------------------------------------- */

static as_diags *fail_at(composer *c)
{
    c->failed = true;
    return c->diags;
}

static bool advance(composer *c)
{
    if (c->failed)
        return false;
    if (next_event(c))
        return true;
    report_error(c);
    c->failed = true;
    return false;
}

static bool count_nodes(composer *c, size_t n, as_span span)
{
    c->n_alias_nodes += n;
    c->n_nodes += n;
    if (c->n_alias_nodes <= AS_MAX_YAML_ALIAS_NODES)
        return true;
    as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-alias-bomb", span,
            "aliases stand for more than %zu nodes", (size_t)AS_MAX_YAML_ALIAS_NODES);
    return false;
}

static bool check_depth(composer *c, unsigned depth, as_span span)
{
    if (depth > c->deepest)
        c->deepest = depth;
    if (depth <= AS_MAX_DEPTH)
        return true;
    as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-depth", span, "nested more than %d levels deep",
            AS_MAX_DEPTH);
    return false;
}

/* --- scalars ---------------------------------------------------------------------------------- */

typedef enum core_tag {
    TAG_NONE,
    TAG_STR,
    TAG_NULL,
    TAG_BOOL,
    TAG_INT,
    TAG_FLOAT,
    TAG_TIMESTAMP,
    TAG_BINARY,
    TAG_MERGE,
    TAG_CUSTOM, /* taken as text */
} core_tag;

static const char *const core_tag_names[] = {
        [TAG_NONE] = "",
        [TAG_STR] = "str",
        [TAG_NULL] = "null",
        [TAG_BOOL] = "bool",
        [TAG_INT] = "int",
        [TAG_FLOAT] = "float",
        [TAG_TIMESTAMP] = "timestamp",
        [TAG_BINARY] = "binary",
        [TAG_MERGE] = "merge",
};

static core_tag tag_of(as_str tag)
{
    as_str name;

    if (!tag.n)
        return TAG_NONE;
    if (!as_str_starts(tag, YAML_TAG_PREFIX))
        return TAG_CUSTOM;
    name = as_str_from_index(tag, sizeof YAML_TAG_PREFIX - 1);
    for (core_tag t = TAG_STR; t < TAG_CUSTOM; t++)
        if (as_str_is(name, core_tag_names[t]))
            return t;
    return TAG_CUSTOM;
}

/* The tag that the content has by itself: what an explicit tag must agree with. */
static core_tag tag_of_kind(as_yaml_scalar_kind kind)
{
    switch (kind) {
    case AS_YAML_NULL:
        return TAG_NULL;
    case AS_YAML_BOOL:
        return TAG_BOOL;
    case AS_YAML_INT:
    case AS_YAML_UINT:
        return TAG_INT;
    case AS_YAML_FLOAT:
        return TAG_FLOAT;
    case AS_YAML_TIMESTAMP:
        return TAG_TIMESTAMP;
    case AS_YAML_MERGE:
        return TAG_MERGE;
    default:
        return TAG_STR;
    }
}

/* The scalar's text: in the source itself where it stands there verbatim, else a copy. */
static as_str scalar_text(composer *c, as_span span)
{
    const char *value = (const char *)c->machine->event.data.scalar.value;
    size_t n = c->machine->event.data.scalar.length;
    yaml_scalar_style_t style = c->machine->event.data.scalar.style;
    bool is_quoted =
            style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    size_t begin = span.end >= n + is_quoted ? span.end - is_quoted - n : span.begin;

    if (begin >= span.begin && begin + n <= span.end &&
            memcmp(c->source->text.p + begin, value, n) == 0)
        return (as_str){c->source->text.p + begin, n};
    return as_str_dup(c->arena, (as_str){value, n});
}

static const as_value *number_value(composer *c, as_span span, const as_yaml_scalar *s)
{
    double d = s->kind == AS_YAML_INT    ? (double)s->integer
               : s->kind == AS_YAML_UINT ? (double)s->natural
                                         : s->number;

    if (s->kind == AS_YAML_FLOAT && !isfinite(d) && c->options.flavour != AS_YAML_CORE) {
        as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-number", span,
                "not a number that JSON can hold: %s",
                isnan(d) ? "NaN"
                : d > 0  ? "+Inf"
                         : "-Inf");
        return NULL;
    }
    if (s->kind == AS_YAML_FLOAT || (c->options.float_numbers && !c->in_key))
        return as_value_float(c->arena, span, d);
    if (s->kind == AS_YAML_INT)
        return as_value_int(c->arena, span, s->integer);
    return as_value_bignum(
            c->arena, span, as_str_fmt(c->arena, "%llu", (unsigned long long)s->natural));
}

static const as_value *tagged_scalar(composer *c, as_span span, as_str text, core_tag tag)
{
    as_yaml_scalar s;
    core_tag own;

    if (tag == TAG_STR || tag == TAG_CUSTOM)
        return as_value_string(c->arena, span, text);
    if (tag == TAG_BINARY) {
        as_str bytes;
        size_t at;
        if (as_base64_decode(c->arena, text, &bytes, &at))
            return as_value_string(c->arena, span, bytes);
        as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-tag", span,
                "!!binary value contains invalid base64 data");
        return NULL;
    }
    s = as_yaml_resolve(c->arena, text, c->options.flavour);
    own = tag_of_kind(s.kind);
    if (tag == TAG_FLOAT && own == TAG_INT) {
        s.number = s.kind == AS_YAML_INT ? (double)s.integer : (double)s.natural;
        s.kind = AS_YAML_FLOAT;
    } else if (tag != TAG_NONE && tag != own) {
        as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-tag", span,
                "cannot decode !!%s `%.*s` as a !!%s", core_tag_names[own], AS_STR_ARG(text),
                core_tag_names[tag]);
        return NULL;
    }
    switch (s.kind) {
    case AS_YAML_NULL:
        return as_value_null(c->arena, span);
    case AS_YAML_BOOL:
        return as_value_bool(c->arena, span, s.boolean);
    case AS_YAML_INT:
    case AS_YAML_UINT:
    case AS_YAML_FLOAT:
        return number_value(c, span, &s);
    case AS_YAML_TIMESTAMP: /* v2 keeps the text; v3 makes a time.Time of it, which JSON prints */
        if (c->options.flavour == AS_YAML_GO_V3)
            text = as_yaml_timestamp_text(c->arena, text);
        break;
    default:
        break;
    }
    return as_value_string(c->arena, span, text);
}

static const as_value *with_tag(composer *c, const as_value *v, as_str tag)
{
    as_value *copy;
    as_meta *meta;
    as_str *kept;

    if (!c->options.keep_tags || !v || tag_of(tag) != TAG_CUSTOM ||
            as_str_starts(tag, YAML_TAG_PREFIX))
        return v;
    copy = as_value_copy(c->arena, v);
    meta = AS_NEW(c->arena, as_meta);
    kept = AS_NEW(c->arena, as_str);
    *kept = as_str_dup(c->arena, tag);
    if (v->meta)
        *meta = *v->meta;
    meta->detail = kept;
    copy->meta = meta;
    return copy;
}

as_str as_yaml_tag(const as_value *value)
{
    return value && value->meta && value->meta->detail ? *(const as_str *)value->meta->detail
                                                       : AS_STR_NONE;
}

static node compose_scalar(composer *c)
{
    as_span span = event_span(c);
    as_str text = scalar_text(c, span);
    as_str tag = as_str_from((const char *)c->machine->event.data.scalar.tag);
    bool is_plain = c->machine->event.data.scalar.plain_implicit;
    core_tag t = tag_of(tag);
    node out = {.is_merge_key = as_str_is(text, "<<") && (is_plain || t == TAG_MERGE)};

    /* A block scalar's mark runs over the line breaks behind it. */
    while (span.end > span.begin && as_char_in(c->source->text.p[span.end - 1], "\r\n"))
        span.end--;
    if (t == TAG_NONE && !is_plain)
        t = TAG_STR;
    out.value = with_tag(c, tagged_scalar(c, span, text, t), tag);
    out.end = span.end;
    return out;
}

/* --- collections ------------------------------------------------------------------------------ */

static node compose_node(composer *c, unsigned depth);

static as_str tag_of_event(composer *c, const yaml_char_t *tag)
{
    return c->options.keep_tags && tag ? as_str_dup(c->arena, as_str_from((const char *)tag))
                                       : AS_STR_NONE;
}

/* Block collections end where their last child ends; libyaml's mark is at the next token. */
static as_span collection_span(composer *c, bool is_flow, as_span opened, size_t last_end)
{
    size_t end = is_flow ? byte_of(c, c->machine->event.end_mark.index) : last_end;

    return span_of(c, opened.begin, end > opened.end ? end : opened.end);
}

static node compose_sequence(composer *c, unsigned depth)
{
    as_span span = event_span(c);
    bool is_flow = c->machine->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    as_str tag = tag_of_event(c, c->machine->event.data.sequence_start.tag);
    size_t base = c->items.n, last_end = 0, n;
    const as_value **items;
    node out = {NULL, 0, false};

    while (advance(c) && c->machine->event.type != YAML_SEQUENCE_END_EVENT) {
        node item = compose_node(c, depth + 1);
        AS_VEC_PUSH(c->arena, &c->items, item.value);
        last_end = item.end;
    }
    if (c->failed)
        return out;
    n = c->items.n - base;
    items = AS_NEW_ARRAY(c->arena, const as_value *, n);
    if (n)
        memcpy(items, c->items.items + base, n * sizeof *items);
    c->items.n = base;
    span = collection_span(c, is_flow, span, last_end);
    out.value = with_tag(c, as_value_list(c->arena, span, items, n), tag);
    out.end = span.end;
    return out;
}

/* Keys are text in JSON: other scalars become what sigs.k8s.io/yaml makes of them. */
static bool key_text(composer *c, const as_value *key, as_str *out)
{
    if (key->kind == AS_STRING) {
        *out = key->as.str;
        return true;
    }
    /* v3 makes a map of any keys, which JSON does not take. */
    switch (c->options.flavour == AS_YAML_GO_V3 ? AS_OBJECT : (as_kind)key->kind) {
    case AS_BOOL:
        *out = key->as.boolean ? AS_STR("true") : AS_STR("false");
        return true;
    case AS_INT:
        *out = as_str_fmt(c->arena, "%lld", (long long)key->as.integer);
        return true;
    case AS_BIGNUM:
        *out = key->as.str;
        return true;
    case AS_FLOAT:
        *out = as_yaml_float_text(c->arena, key->as.number);
        return true;
    case AS_NULL:
        if (c->options.flavour != AS_YAML_GO_V2) {
            *out = AS_STR("null");
            return true;
        }
        break;
    default:
        break;
    }
    as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-key", key->span,
            "a mapping key must be text, a number or a boolean, not %s",
            as_kind_name((as_kind)key->kind));
    return false;
}

/* The members of the mappings under one `<<`. `seen` holds the keys that win over merged ones (YAML
 * type repository, v3), NULL where a merge acts in place, like an assignment (v2). */
static bool merge(composer *c, as_map *seen, const as_value *from)
{
    assert(from != NULL);
    size_t n = from->kind == AS_LIST ? from->as.list.n : 1;

    for (size_t i = 0; i < n; i++) {
        /* Earlier mappings take precedence over later ones. */
        const as_value *v = from->kind != AS_LIST ? from
                            : seen                ? from->as.list.items[i]
                                                  : from->as.list.items[n - 1 - i];
        if (v->kind != AS_OBJECT) {
            as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-merge", v->span,
                    "map merge requires map or sequence of maps as the value");
            return false;
        }
        if (!count_nodes(c, v->as.object->n, v->span))
            return false;
        for (size_t k = 0; k < v->as.object->n; k++) {
            as_member m = v->as.object->members[k];
            if (seen && as_map_has(seen, m.key))
                continue;
            if (seen)
                as_map_put(c->arena, seen, m.key, c);
            AS_VEC_PUSH(c->arena, &c->members, m);
        }
    }
    return true;
}

static void report_duplicate(composer *c, const as_member *m)
{
    static const as_yaml_duplicates by_flavour[] = {
            [AS_YAML_GO_V2] = AS_YAML_DUPLICATES_IGNORE,
            [AS_YAML_GO_V3] = AS_YAML_DUPLICATES_ERROR,
            [AS_YAML_CORE] = AS_YAML_DUPLICATES_WARN,
    };
    as_yaml_duplicates rule =
            c->options.duplicates ? c->options.duplicates : by_flavour[c->options.flavour];

    if (rule == AS_YAML_DUPLICATES_IGNORE)
        return;
    as_diags_add(c->diags, rule == AS_YAML_DUPLICATES_WARN ? AS_DIAG_WARNING : AS_DIAG_ERROR,
            "yaml-duplicate-key", m->key_span, "mapping key \"%.*s\" already defined",
            AS_STR_ARG(m->key));
    c->failed = c->failed || rule == AS_YAML_DUPLICATES_ERROR;
}

/* Whether the open mapping's keys from `base` on are all different; few are compared directly. */
static bool all_different(composer *c, size_t base)
{
    size_t n = c->members.n - base;
    as_map seen = {0};

    if (n == 0)
        return true;
    const as_member *m = c->members.items + base;

    for (size_t i = 1; i < n && n <= 8; i++)
        for (size_t k = 0; k < i; k++)
            if (as_str_eq(m[i].key, m[k].key)) {
                report_duplicate(c, &m[i]);
                return false;
            }
    for (size_t i = 0; i < n && n > 8; i++)
        if (as_map_put(c->arena, &seen, m[i].key, c)) {
            report_duplicate(c, &m[i]);
            return false;
        }
    return true;
}

static const as_value *finish_mapping(composer *c, as_span span, size_t base, size_t merges_base)
{
    as_member *members;
    as_map seen = {0};
    size_t n;

    if (c->options.flavour != AS_YAML_GO_V2 || c->options.duplicates)
        (void)all_different(c, base);
    for (size_t i = base; i < c->members.n && merges_base < c->items.n; i++)
        as_map_put(c->arena, &seen, c->members.items[i].key, c);
    for (size_t i = merges_base; i < c->items.n; i++)
        if (!merge(c, &seen, c->items.items[i]))
            break;
    if (c->failed)
        return NULL;
    n = c->members.n - base;
    members = AS_NEW_ARRAY(c->arena, as_member, n);
    if (n)
        memcpy(members, c->members.items + base, n * sizeof *members);
    c->members.n = base;
    c->items.n = merges_base;
    return as_value_object(c->arena, span, members, n);
}

/* The key that the current event begins, and the event after it. */
/* A key is text nearly always: then no value is made of it. False: it is something else, or wrong.
 */
static bool take_text_key(composer *c, unsigned depth, as_member *member)
{
    const yaml_event_t *event = &c->machine->event;
    if (event->type != YAML_SCALAR_EVENT || event->data.scalar.anchor || event->data.scalar.tag ||
            depth > AS_MAX_DEPTH)
        return false;
    as_span span = event_span(c);
    as_str text = scalar_text(c, span);
    if (event->data.scalar.plain_implicit &&
            (as_str_is(text, "<<") ||
                    as_yaml_resolve(c->arena, text, c->options.flavour).kind != AS_YAML_STRING))
        return false;
    while (span.end > span.begin && as_char_in(c->source->text.p[span.end - 1], "\r\n"))
        span.end--;
    c->n_nodes++;
    c->deepest = depth > c->deepest ? depth : c->deepest;
    member->key = text;
    member->key_span = span;
    return true;
}

static bool compose_key(composer *c, unsigned depth, as_member *member, bool *is_merge_key)
{
    bool outer = c->in_key;
    node key;

    if (take_text_key(c, depth, member)) {
        *is_merge_key = false;
        return advance(c);
    }
    c->in_key = true;
    key = compose_node(c, depth);
    c->in_key = outer;
    if (c->failed)
        return false;
    member->key_span = key.value->span;
    *is_merge_key = key.is_merge_key;
    return (key.is_merge_key || key_text(c, key.value, &member->key)) && advance(c);
}

static node compose_mapping(composer *c, unsigned depth)
{
    as_span span = event_span(c);
    bool is_flow = c->machine->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    as_str tag = tag_of_event(c, c->machine->event.data.mapping_start.tag);
    size_t base = c->members.n, merges_base = c->items.n, last_end = 0;
    node out = {NULL, 0, false};

    while (advance(c) && c->machine->event.type != YAML_MAPPING_END_EVENT) {
        as_member member = {.key = AS_STR_NONE};
        bool is_merge_key, outer = c->in_key;
        if (!compose_key(c, depth + 1, &member, &is_merge_key))
            return out;
        c->in_key = false;
        node value = compose_node(c, depth + 1);
        c->in_key = outer;
        if (c->failed)
            return out;
        last_end = value.end;
        member.value = value.value;
        if (!is_merge_key)
            AS_VEC_PUSH(c->arena, &c->members, member);
        else if (c->options.flavour != AS_YAML_GO_V2)
            AS_VEC_PUSH(c->arena, &c->items, value.value);
        else if (!merge(c, NULL, value.value))
            return out;
    }
    if (c->failed)
        return out;
    span = collection_span(c, is_flow, span, last_end);
    out.value = with_tag(c, finish_mapping(c, span, base, merges_base), tag);
    out.end = span.end;
    return out;
}

/* --- anchors and aliases ---------------------------------------------------------------------- */

static node compose_alias(composer *c, unsigned depth)
{
    as_span span = event_span(c);
    as_str name = as_str_from((const char *)c->machine->event.data.alias.anchor);
    const anchor *a = as_map_get(&c->anchors, name);
    node out = {NULL, span.end, false};

    if (!a)
        as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-alias", span,
                "unknown anchor '%.*s' referenced", AS_STR_ARG(name));
    else if (!a->value)
        as_diags_add(fail_at(c), AS_DIAG_ERROR, "yaml-alias", span,
                "anchor '%.*s' value contains itself", AS_STR_ARG(name));
    else if (count_nodes(c, a->n_nodes, span) && check_depth(c, depth + a->height, span))
        out.value = as_value_with_step(
                c->arena, a->value, span, as_str_fmt(c->arena, "alias *%.*s", AS_STR_ARG(name)));
    return out;
}

static const yaml_char_t *event_anchor(const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return e->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return e->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return e->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static node compose_content(composer *c, unsigned depth)
{
    switch (c->machine->event.type) {
    case YAML_SCALAR_EVENT:
        return compose_scalar(c);
    case YAML_SEQUENCE_START_EVENT:
        return compose_sequence(c, depth);
    default:
        return compose_mapping(c, depth);
    }
}

/* The node that the current event begins. On failure c->failed is set and the value is NULL. */
static node compose_node(composer *c, unsigned depth)
{
    const yaml_char_t *name = event_anchor(&c->machine->event);
    unsigned deepest = c->deepest;
    size_t n_before = c->n_nodes;
    anchor *a;
    node out;

    if (c->machine->event.type == YAML_ALIAS_EVENT)
        return compose_alias(c, depth);
    if (!check_depth(c, depth, event_span(c)))
        return (node){NULL, 0, false};
    c->n_nodes++;
    if (!name)
        return compose_content(c, depth);
    a = AS_NEW(c->arena, anchor);
    as_map_put(c->arena, &c->anchors, as_str_dup(c->arena, as_str_from((const char *)name)), a);
    c->deepest = depth;
    out = compose_content(c, depth);
    a->value = out.value;
    a->n_nodes = c->n_nodes - n_before;
    a->height = c->deepest - depth;
    if (deepest > c->deepest)
        c->deepest = deepest;
    return out;
}

/* --- documents -------------------------------------------------------------------------------- */

/* Composes the document whose start event is current. Where libyaml is afterwards does not matter
 * when it failed. */
static bool compose_document(composer *c, as_yaml_doc *out)
{
    size_t begin = byte_of(c, c->machine->event.start_mark.index);
    node root;

    c->anchors = (as_map){0};
    c->n_nodes = 0;
    c->deepest = 0;
    c->failed = c->in_key = false;
    c->members.n = c->items.n = 0;
    if (!advance(c))
        return false;
    root = compose_node(c, 1);
    out->value = root.value;
    out->span = span_of(c, begin, root.end);
    return !c->failed && advance(c); /* DOCUMENT-END */
}

/* Composes documents until the end of the range or an error, which is then reported; *broken is
 * where the lost document begins, or a place before it. */
static bool compose_stream(composer *c, as_yaml_docs *out, size_t *broken)
{
    *broken = c->begin;
    start_machine(c);
    for (;;) {
        as_yaml_doc doc;
        if (!next_event(c)) {
            report_error(c);
            return false;
        }
        if (c->machine->event.type == YAML_STREAM_END_EVENT)
            return true;
        if (c->machine->event.type != YAML_DOCUMENT_START_EVENT)
            continue;
        *broken = byte_of(c, c->machine->event.start_mark.index);
        if (!compose_document(c, &doc))
            return false;
        AS_VEC_PUSH(c->arena, out, doc);
        *broken = doc.span.end;
    }
}

/* The first line after that of `from` that begins a document: "---", then white space or the end.
 */
static size_t next_marker(const as_source *source, size_t from, size_t end)
{
    const char *text = source->text.p, *line;

    while (from < end && (line = memchr(text + from, '\n', end - from))) {
        from = (size_t)(line + 1 - text);
        if (from + 3 <= end && memcmp(text + from, "---", 3) == 0 &&
                (from + 3 == end || as_char_in(text[from + 3], " \t\r\n")))
            return from;
    }
    return end;
}

/* Bytes that are no UTF-8 stop libyaml up to a buffer early. The documents from `begin` on that end
 * before the bad byte can still be read: up to which place? */
static size_t end_of_readable(composer *c, size_t begin)
{
    size_t bad, marker, last = begin;

    if (c->machine->parser.error != YAML_READER_ERROR)
        return begin;
    bad = error_place(c);
    while ((marker = next_marker(c->source, last, bad)) < bad)
        last = marker;
    return last;
}

static bool compose_range(composer *c, size_t begin, size_t end, as_yaml_docs *out)
{
    bool good = true;

    while (begin < end) {
        size_t broken, readable;
        c->begin = begin;
        c->end = end;
        if (compose_stream(c, out, &broken))
            break;
        good = false;
        readable = end_of_readable(c, broken);
        if (readable > broken)
            (void)compose_range(c, broken, readable, out);
        begin = next_marker(c->source, readable, end);
        if (begin < end && ++c->n_broken == MAX_BROKEN) {
            as_diags_add(c->diags, AS_DIAG_ERROR, "yaml-broken", span_of(c, begin, end),
                    "more than %d broken documents: the rest is not read", MAX_BROKEN - 1);
            break;
        }
    }
    return good;
}

bool as_yaml_parse_range(as_arena *arena, const as_source *source, size_t begin, size_t end,
        as_yaml_options options, as_diags *diags, as_yaml_docs *out)
{
    composer *c = AS_NEW(arena, composer);
    bool good;

    c->arena = arena;
    c->source = source;
    c->options = options;
    c->diags = diags;
    c->machine = AS_NEW(arena, machine);
    as_arena_defer(arena, release_machine, c->machine);
    if (end - begin >= 3 && memcmp(source->text.p + begin, "\xEF\xBB\xBF", 3) == 0)
        begin += 3;
    c->ascii = is_ascii(source->text.p + begin, end - begin);
    good = compose_range(c, begin, end, out);
    release_machine(c->machine);
    return good;
}

bool as_yaml_parse(as_arena *arena, const as_source *source, as_yaml_options options,
        as_diags *diags, as_yaml_docs *out)
{
    return as_yaml_parse_range(arena, source, 0, source->text.n, options, diags, out);
}

const as_value *as_yaml_parse_one(
        as_arena *arena, const as_source *source, as_yaml_options options, as_diags *diags)
{
    as_yaml_docs docs = {0};

    if (!as_yaml_parse(arena, source, options, diags, &docs) && !docs.n)
        return NULL;
    return docs.n ? docs.items[0].value : as_value_null(arena, (as_span){source->id, 0, 0});
}
