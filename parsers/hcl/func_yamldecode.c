/* yamldecode: go-cty-yaml decode.go and resolve.go on libyaml's events. Its rules for plain scalars
 * are neither those of YAML 1.1 nor of 1.2, and numbers keep all their digits, which is why
 * parsers/yaml does not serve. */
#include <yaml.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/timestamp.h"

typedef struct decoder {
    as_hcl_call *call;
    yaml_parser_t parser;
    yaml_event_t event; /* the one in hand */
    bool has_event;
    as_map anchors; /* name → value */
    as_map pending; /* names whose value is being read */
    unsigned depth;
    size_t nodes; /* that aliases stand for */
} decoder;

static void release(void *object)
{
    decoder *d = object;
    if (d->has_event) {
        yaml_event_delete(&d->event);
    }
    yaml_parser_delete(&d->parser);
    d->has_event = false;
}

static void *fail_at(decoder *d, const yaml_mark_t *mark, const char *fmt, ...) AS_PRINTF(3, 4);
static void *fail_at(decoder *d, const yaml_mark_t *mark, const char *fmt, ...)
{
    va_list args;
    as_buf text;
    as_buf_init(&text, d->call->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&text, fmt, args);
    va_end(args);
    return as_fn_fail(d->call, "on line %zu, column %zu: %.*s", mark->line + 1, mark->column + 1,
            AS_STR_ARG(as_buf_view(&text)));
}

static bool next(decoder *d)
{
    if (d->has_event) {
        yaml_event_delete(&d->event);
    }
    d->has_event = yaml_parser_parse(&d->parser, &d->event) == 1;
    if (!d->has_event) {
        const char *problem = d->parser.problem ? d->parser.problem : "invalid YAML";
        fail_at(d, &d->parser.problem_mark, "%s", problem);
    }
    return d->has_event;
}

static as_str copy(decoder *d, const yaml_char_t *text, size_t n)
{
    return as_str_dup(d->call->arena, (as_str){(const char *)text, n});
}

/* --- scalars (resolve.go) --------------------------------------------------------------------------- */

static bool among(as_str s, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        if (as_str_is(s, words[i])) {
            return true;
        }
    }
    return false;
}

static const char *const true_words[] = {
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", NULL};
static const char *const false_words[] = {
        "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", NULL};
static const char *const null_words[] = {"", "~", "null", "Null", "NULL", NULL};
static const char *const infinity_words[] = {
        ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", NULL};
static const char *const minus_infinity_words[] = {"-.inf", "-.Inf", "-.INF", NULL};
static const char *const nan_words[] = {".nan", ".NaN", ".NAN", NULL};

/* The value of a word that always means something, or NULL. */
static const as_value *word(as_hcl_call *call, as_str s)
{
    if (among(s, true_words) || among(s, false_words)) {
        return as_fn_bool(call, among(s, true_words));
    }
    if (among(s, null_words)) {
        return as_fn_null(call, &as_type_any);
    }
    if (among(s, infinity_words) || among(s, minus_infinity_words)) {
        return as_value_float(
                call->arena, call->span, among(s, infinity_words) ? 1.0 / 0.0 : -1.0 / 0.0);
    }
    return NULL;
}

static size_t digits(as_str s, size_t i)
{
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') {
        i++;
    }
    return i;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_decimal(as_str s)
{
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'), end = digits(s, i);
    bool whole = end > i;
    if (end < s.n && s.p[end] == '.') {
        i = end + 1;
        end = digits(s, i);
        if (!whole && end == i) {
            return false;
        }
    } else if (!whole) {
        return false;
    }
    if (end < s.n && (s.p[end] == 'e' || s.p[end] == 'E')) {
        i = end + 1;
        i += i < s.n && (s.p[i] == '-' || s.p[i] == '+');
        end = digits(s, i);
        return end > i && end == s.n;
    }
    return end == s.n;
}

/* 0x1f, 0o17, 0b1, 017: strconv.ParseInt(s, 0, 64), or ParseUint. */
static const as_value *prefixed_integer(as_hcl_call *call, as_str s)
{
    bool negative = as_str_starts(s, "-");
    as_str rest = as_str_from_index(s, negative || as_str_starts(s, "+"));
    unsigned base = 8;
    if (rest.n > 2 && rest.p[0] == '0' && as_char_in(rest.p[1], "xXoObB")) {
        base = rest.p[1] == 'x' || rest.p[1] == 'X'   ? 16
               : rest.p[1] == 'b' || rest.p[1] == 'B' ? 2
                                                      : 8;
        rest = as_str_from_index(rest, 2);
    } else if (rest.n < 2 || rest.p[0] != '0') {
        return NULL;
    }
    uint64_t n = 0;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 99;
        if (digit >= base || n > (UINT64_MAX - digit) / base) {
            return NULL;
        }
        n = n * base + digit;
    }
    as_str text = as_str_fmt(call->arena, "%s%llu", negative ? "-" : "", (unsigned long long)n);
    return as_num_parse(call->arena, call->span, text);
}

static const as_value *number(as_hcl_call *call, as_str s)
{
    as_buf plain;
    as_buf_init(&plain, call->arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '_') {
            as_buf_char(&plain, s.p[i]);
        }
    }
    as_str text = as_buf_view(&plain);
    const as_value *n = NULL;
    if (is_decimal(text)) {
        as_str rest = as_str_starts(text, "+") ? as_str_from_index(text, 1) : text;
        rest = as_str_ends(rest, ".") ? as_str_slice(rest, 0, rest.n - 1) : rest;
        rest = as_str_starts(rest, ".") ? as_str_join(call->arena, AS_STR("0"), rest) : rest;
        rest = as_str_starts(rest, "-.")
                       ? as_str_join(call->arena, AS_STR("-0"), as_str_from_index(rest, 1))
                       : rest;
        n = as_num_parse(call->arena, call->span,
                as_str_replace(call->arena, rest, AS_STR(".e"), AS_STR("e")));
    }
    return n ? n : prefixed_integer(call, text);
}

static bool is_integer_literal(as_str s)
{
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    if (digits(s, i) == s.n && s.n > i) {
        return true;
    }
    bool octal = as_str_starts(s, "0o"), hex = as_str_starts(s, "0x");
    for (i = 2; (octal || hex) && i < s.n; i++) {
        bool good = octal ? s.p[i] >= '0' && s.p[i] <= '7'
                          : as_char_in(s.p[i], "0123456789abcdefABCDEF");
        octal = octal && good;
        hex = hex && good;
    }
    return s.n > 2 && (octal || hex);
}

/* One or two digits, then `after` (0: nothing). */
static bool short_number(as_str *s, char after, as_buf *out)
{
    size_t n = digits(*s, 0);
    if (n < 1 || n > 2) {
        return false;
    }
    as_buf_cstr(out, n == 1 ? "0" : "");
    as_buf_str(out, as_str_slice(*s, 0, n));
    *s = as_str_from_index(*s, n);
    if (after && (s->n == 0 || s->p[0] != after)) {
        return false;
    }
    *s = as_str_from_index(*s, after != 0);
    return true;
}

/* 2006-1-2, with T15:4:5.9Z07:00 or " 15:4:5" behind it: rewritten in full and read as RFC 3339. */
static const as_value *timestamp(as_hcl_call *call, as_str s)
{
    as_buf full;
    as_time time;
    as_str error;
    if (digits(s, 0) != 4 || s.n < 5 || s.p[4] != '-') {
        return NULL;
    }
    as_buf_init(&full, call->arena, 0);
    as_buf_str(&full, as_str_slice(s, 0, 5));
    s = as_str_from_index(s, 5);
    if (!short_number(&s, '-', &full)) {
        return NULL;
    }
    as_buf_char(&full, '-');
    if (!short_number(&s, 0, &full)) {
        return NULL;
    }
    as_buf_char(&full, 'T');
    if (s.n == 0) {
        as_buf_cstr(&full, "00:00:00Z");
    } else {
        bool zoned = s.p[0] == 'T' || s.p[0] == 't';
        if (!zoned && s.p[0] != ' ') {
            return NULL;
        }
        for (s = as_str_from_index(s, 1); !zoned && as_str_starts(s, " ");) {
            s = as_str_from_index(s, 1);
        }
        if (!short_number(&s, ':', &full)) {
            return NULL;
        }
        as_buf_char(&full, ':');
        if (!short_number(&s, ':', &full)) {
            return NULL;
        }
        as_buf_char(&full, ':');
        if (!short_number(&s, 0, &full)) {
            return NULL;
        }
        as_buf_str(&full, s);
        as_buf_cstr(&full, zoned ? "" : "Z");
    }
    if (!as_time_parse(call->arena, as_buf_view(&full), true, &time, &error)) {
        return NULL;
    }
    return as_fn_string(call, as_time_text(call->arena, time));
}

/* What an untagged or explicitly typed scalar is by its look; NULL when it is text. *tag may be set
 * to what the look says. */
static const as_value *by_look(as_hcl_call *call, as_str s, const char **tag)
{
    const as_value *v =
            s.n == 0 || as_char_in(s.p[0], "yYnNtTfFoO~.+-0123456789") ? word(call, s) : NULL;
    if (v || s.n == 0) {
        return v;
    }
    if (s.p[0] == '.') {
        return is_decimal(s) ? number(call, s) : NULL;
    }
    if (!as_char_in(s.p[0], "+-0123456789")) {
        return NULL;
    }
    if (**tag == 0 || strcmp(*tag, YAML_TIMESTAMP_TAG) == 0) {
        v = timestamp(call, s);
        if (v) {
            return v;
        }
    }
    if (is_integer_literal(s)) {
        *tag = YAML_INT_TAG;
    } else if (is_decimal(s)) {
        *tag = YAML_FLOAT_TAG;
    }
    return NULL;
}

#define BINARY_TAG "tag:yaml.org,2002:binary"
#define MERGE_TAG "tag:yaml.org,2002:merge"

static const as_value *resolve(
        decoder *d, const yaml_mark_t *mark, const char *tag, as_str s, bool quoted)
{
    static const char *const known[] = {"", YAML_STR_TAG, YAML_BOOL_TAG, YAML_INT_TAG,
            YAML_FLOAT_TAG, YAML_NULL_TAG, YAML_TIMESTAMP_TAG, BINARY_TAG, NULL};
    as_hcl_call *call = d->call;
    const as_value *v = NULL;
    bool hinted = s.n == 0 || as_char_in(s.p[0], "+-0123456789yYnNtTfFoO~.");
    bool text = strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, BINARY_TAG) == 0;
    if (!among(as_str_from(tag), known)) {
        return fail_at(d, mark, "unsupported tag \"%s\"", tag);
    }
    if (hinted && !text) {
        if (quoted) {
            return as_fn_string(call, s);
        }
        v = by_look(call, s, &tag);
        if (v) {
            return v;
        }
        if (*tag == 0 && among(s, nan_words)) {
            return fail_at(d, mark, "floating point NaN is not supported");
        }
    }
    as_str ignored;
    if (strcmp(tag, YAML_INT_TAG) == 0 || strcmp(tag, YAML_FLOAT_TAG) == 0) {
        v = number(call, s);
    } else if (strcmp(tag, YAML_BOOL_TAG) == 0) {
        v = among(s, true_words) || among(s, false_words) ? word(call, s) : NULL;
    } else if (strcmp(tag, YAML_NULL_TAG) == 0) {
        v = as_fn_null(call, &as_type_any);
    } else if (strcmp(tag, YAML_TIMESTAMP_TAG) == 0) {
        v = timestamp(call, s);
    } else if (strcmp(tag, BINARY_TAG) != 0 || as_base64_decode(call->arena, s, &ignored, NULL)) {
        v = as_fn_string(call, s);
    }
    return v ? v : fail_at(d, mark, "cannot parse \"%.*s\" as %s", AS_STR_ARG(s), tag);
}

/* --- nodes ------------------------------------------------------------------------------------------ */

static const as_value *read_node(decoder *d);

static as_str begin_anchor(decoder *d, const yaml_char_t *name)
{
    if (!name) {
        return AS_STR_NONE;
    }
    as_str copied = copy(d, name, strlen((const char *)name));
    as_map_put(d->call->arena, &d->pending, copied, d);
    return copied;
}

static const as_value *end_anchor(decoder *d, as_str name, const as_value *v)
{
    if (name.n > 0 && v) {
        as_value **slot = AS_NEW(d->call->arena, as_value *);
        memcpy(slot, &v, sizeof v);
        as_map_put(d->call->arena, &d->anchors, name, slot);
        as_map_put(d->call->arena, &d->pending, name, NULL);
    }
    return v;
}

static size_t count_nodes(const as_value *v)
{
    size_t n = 1;
    for (size_t i = 0; i < as_hcl_count(v) && n < AS_MAX_YAML_ALIAS_NODES; i++) {
        n += count_nodes(as_hcl_item_at(v, i));
    }
    return n;
}

static const as_value *read_alias(decoder *d)
{
    yaml_mark_t mark = d->event.start_mark;
    const yaml_char_t *text = d->event.data.alias.anchor;
    as_str name = copy(d, text, strlen((const char *)text));
    as_value **slot = as_map_get(&d->anchors, name);
    if (as_map_get(&d->pending, name)) {
        return fail_at(d, &mark, "cannot refer to anchor \"%.*s\" from inside its own definition",
                AS_STR_ARG(name));
    }
    if (!slot) {
        return fail_at(d, &mark, "reference to undefined anchor \"%.*s\"", AS_STR_ARG(name));
    }
    d->nodes += count_nodes(*slot);
    if (d->nodes >= AS_MAX_YAML_ALIAS_NODES) {
        return fail_at(d, &mark, "aliases stand for too many values");
    }
    return *slot;
}

static const as_value *read_sequence(decoder *d)
{
    yaml_mark_t mark = d->event.start_mark;
    const char *tag = (const char *)d->event.data.sequence_start.tag;
    if (tag && strcmp(tag, YAML_SEQ_TAG) != 0) {
        return fail_at(d, &mark, "can't interpret sequence as its tag");
    }
    as_str name = begin_anchor(d, d->event.data.sequence_start.anchor);
    as_list_builder items;
    as_list_begin(&items, d->call->arena);
    while (next(d)) {
        if (d->event.type == YAML_SEQUENCE_END_EVENT) {
            return end_anchor(d, name,
                    as_hcl_tuple(d->call->arena, d->call->span, as_list_items(&items), items.n));
        }
        const as_value *item = read_node(d);
        if (!item) {
            return NULL;
        }
        as_list_add(&items, item);
    }
    return NULL;
}

typedef AS_VEC(as_member) members;

/* Of the merge keys of YAML 1.1, go-cty-yaml 1.1.0 takes one mapping, not a sequence of them. */
static bool merge(decoder *d, const yaml_mark_t *mark, members *out)
{
    const as_value *map = next(d) ? read_node(d) : NULL;
    if (map && map->kind != AS_OBJECT) {
        const as_type *type = as_type_of(d->call->arena, map);
        fail_at(d, mark, "cannot merge %.*s into mapping",
                AS_STR_ARG(as_type_friendly_name(d->call->arena, type)));
        return false;
    }
    for (size_t i = 0; map && i < map->as.object->n; i++) {
        AS_VEC_PUSH(d->call->arena, out, map->as.object->members[i]);
    }
    return map != NULL;
}

static bool is_quoted(const yaml_event_t *event)
{
    yaml_scalar_style_t style = event->data.scalar.style;
    return style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

static bool is_merge_key(const yaml_event_t *event)
{
    if (event->type != YAML_SCALAR_EVENT) {
        return false;
    }
    const char *tag = (const char *)event->data.scalar.tag;
    as_str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    return tag ? strcmp(tag, MERGE_TAG) == 0 : as_str_is(text, "<<");
}

static const as_value *read_scalar(decoder *d)
{
    yaml_mark_t mark = d->event.start_mark;
    const char *tag = (const char *)d->event.data.scalar.tag;
    as_str s = copy(d, d->event.data.scalar.value, d->event.data.scalar.length);
    tag = tag ? as_str_cstr(d->call->arena, as_str_from(tag)) : "";
    return resolve(d, &mark, tag, s, is_quoted(&d->event));
}

/* The key in hand and the value behind it. */
static bool read_member(decoder *d, members *out)
{
    yaml_mark_t mark = d->event.start_mark;
    if (is_merge_key(&d->event)) {
        return merge(d, &mark, out);
    }
    if (d->event.type != YAML_SCALAR_EVENT) {
        fail_at(d, &mark, "only strings are allowed as mapping keys");
        return false;
    }
    const as_value *key = read_scalar(d);
    key = key ? as_convert(d->call->arena, key, &as_type_string, NULL) : NULL;
    if (!key || key->kind != AS_STRING) {
        if (d->call->error.n == 0) {
            fail_at(d, &mark, "mapping key cannot be null");
        }
        return false;
    }
    const as_value *value = next(d) ? read_node(d) : NULL;
    if (value) {
        AS_VEC_PUSH(d->call->arena, out,
                (as_member){.key = as_value_str(key), .key_span = d->call->span, .value = value});
    }
    return value != NULL;
}

static const as_value *read_mapping(decoder *d)
{
    yaml_mark_t mark = d->event.start_mark;
    const char *tag = (const char *)d->event.data.mapping_start.tag;
    if (tag && strcmp(tag, YAML_MAP_TAG) != 0) {
        return fail_at(d, &mark, "can't interpret mapping as its tag");
    }
    as_str name = begin_anchor(d, d->event.data.mapping_start.anchor);
    members list = {0};
    while (next(d)) {
        if (d->event.type == YAML_MAPPING_END_EVENT) {
            return end_anchor(
                    d, name, as_hcl_object(d->call->arena, d->call->span, list.items, list.n));
        }
        if (!read_member(d, &list)) {
            return NULL;
        }
    }
    return NULL;
}

/* The node whose first event is in hand. */
static const as_value *read_node(decoder *d)
{
    yaml_mark_t mark = d->event.start_mark;
    const as_value *v = NULL;
    as_str name;
    if (d->depth >= AS_MAX_DEPTH) {
        return fail_at(d, &mark, "the document is nested too deeply");
    }
    d->depth++;
    switch (d->event.type) {
    case YAML_SCALAR_EVENT:
        name = begin_anchor(d, d->event.data.scalar.anchor);
        v = end_anchor(d, name, read_scalar(d));
        break;
    case YAML_ALIAS_EVENT:
        v = read_alias(d);
        break;
    case YAML_SEQUENCE_START_EVENT:
        v = read_sequence(d);
        break;
    case YAML_MAPPING_START_EVENT:
        v = read_mapping(d);
        break;
    default:
        v = fail_at(d, &mark, "expecting value but found the end");
    }
    d->depth--;
    return v;
}

static bool expect(decoder *d, yaml_event_type_t type, const char *otherwise)
{
    if (!next(d)) {
        return false;
    }
    if (d->event.type != type) {
        fail_at(d, &d->event.start_mark, "%s", otherwise);
        return false;
    }
    return true;
}

static const as_value *read_document(decoder *d)
{
    if (!expect(d, YAML_STREAM_START_EVENT, "missing stream start token") ||
            !expect(d, YAML_DOCUMENT_START_EVENT, "missing start of document") || !next(d)) {
        return NULL;
    }
    const as_value *v = read_node(d);
    if (!v || !expect(d, YAML_DOCUMENT_END_EVENT, "unexpected extra content after value") ||
            !expect(d, YAML_STREAM_END_EVENT, "unexpected extra content after value")) {
        return NULL;
    }
    return v;
}

static const as_value *fn_yamldecode(as_hcl_call *call)
{
    as_str text = as_fn_arg_str(call, 0);
    decoder *d = AS_NEW(call->arena, decoder);
    d->call = call;
    text = text.n > 0 ? text : AS_STR("\n");
    if (!yaml_parser_initialize(&d->parser)) {
        as_arena_unwind(call->arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(call->arena, release, d);
    yaml_parser_set_encoding(&d->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&d->parser, (const unsigned char *)text.p, text.n);
    const as_value *v = read_document(d);
    release(d); /* each call in a loop would hold some 100 KB */
    return v;
}

static const as_hcl_function functions[] = {
        {.name = "yamldecode", .impl = fn_yamldecode, .params = {{"src", &as_type_string, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_yamldecode = {"yamldecode", functions};
