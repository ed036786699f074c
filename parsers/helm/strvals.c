#include "parsers/helm/strvals.h"

#include <assert.h>

#include "parsers/helm/decode.h"

/* strvals.MaxIndex and MaxNestedNameLevel. */
enum { MAX_INDEX = 65536, MAX_LEVEL = 30 };

typedef enum outcome { GOOD, END, BAD } outcome; /* END: io.EOF travels up as in the original */

typedef struct reader {
    as_arena *arena;
    as_helm_set set;
    size_t at;
    as_helm_read_file read_file;
    void *context;
    as_str error;
} reader;

static outcome fail(reader *r, const char *fmt, ...) AS_PRINTF(2, 3);

static outcome fail(reader *r, const char *fmt, ...)
{
    as_buf buf;
    va_list args;
    as_buf_init(&buf, r->arena, 0);
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    r->error = as_buf_view(&buf);
    return BAD;
}

static bool at_end(const reader *r)
{
    return r->at >= r->set.text.n;
}

static char peek(const reader *r)
{
    return at_end(r) ? '\0' : r->set.text.p[r->at];
}

/* The place of bytes [from, to) of the argument. */
static as_span span_of(const reader *r, size_t from, size_t to)
{
    if (!r->set.span.file) {
        return AS_SPAN_NONE;
    }
    return (as_span){
            r->set.span.file, r->set.span.begin + (uint32_t)from, r->set.span.begin + (uint32_t)to};
}

/* Reads up to one of `stops`, which is consumed and returned; 0 at the end. A backslash takes the
 * next byte as it is, except in literals. */
static char read_until(reader *r, const char *stops, as_str *out)
{
    as_buf buf;
    as_buf_init(&buf, r->arena, 0);
    char stop = '\0';
    while (!at_end(r)) {
        char c = r->set.text.p[r->at++];
        if (as_char_in(c, stops)) {
            stop = c;
            break;
        }
        if (c == '\\' && r->set.kind != AS_HELM_SET_LITERAL) {
            if (at_end(r)) {
                break;
            }
            c = r->set.text.p[r->at++];
        }
        as_buf_char(&buf, c);
    }
    *out = as_buf_view(&buf);
    return stop;
}

static const char *go_type(const as_helm_node *node)
{
    assert(node != NULL);
    if (node->table || as_value_is(node->value, AS_OBJECT)) {
        return "map[string]interface {}";
    }
    if (node->list || as_value_is(node->value, AS_LIST)) {
        return "[]interface {}";
    }
    switch ((as_kind)node->value->kind) {
    case AS_NULL:
        return "nil";
    case AS_BOOL:
        return "bool";
    case AS_INT:
        return "int64";
    case AS_STRING:
        return "string";
    default:
        return "float64";
    }
}

static outcome fail_type(reader *r, const as_helm_node *node, const char *wanted)
{
    return fail(r, "unable to parse key: interface conversion: interface {} is %s, not %s",
            go_type(node), wanted);
}

/* true, null, 0 and integers that do not start with 0 (strvals typedVal). */
static const as_value *typed(reader *r, as_str text, as_span span)
{
    int64_t number;
    if (as_str_ieq(text, AS_STR("true")) || as_str_ieq(text, AS_STR("false"))) {
        return as_value_bool(r->arena, span, text.n == 4);
    }
    if (as_str_ieq(text, AS_STR("null"))) {
        return as_value_null(r->arena, span);
    }
    if (as_str_is(text, "0")) {
        return as_value_int(r->arena, span, 0);
    }
    as_str digits = text;
    if (digits.n > 1 && digits.p[0] == '+') { /* strconv.ParseInt takes a sign of both kinds */
        digits = as_str_from_index(digits, 1);
    }
    bool signed_twice = digits.n != text.n && (digits.p[0] == '-' || digits.p[0] == '+');
    if (text.n && text.p[0] != '0' && !signed_twice && as_str_to_int(digits, &number)) {
        return as_value_int(r->arena, span, number);
    }
    return as_value_string(r->arena, span, text);
}

static outcome convert(reader *r, as_str text, as_span span, const as_value **out)
{
    switch (r->set.kind) {
    case AS_HELM_SET:
        *out = typed(r, text, span);
        return GOOD;
    case AS_HELM_SET_FILE: {
        as_str content;
        *out = as_value_null(r->arena, span);
        if (!r->read_file(r->context, r->arena, text, &content, &r->error)) {
            return BAD;
        }
        *out = as_value_string(r->arena, span, content);
        return GOOD;
    }
    default:
        *out = as_value_string(r->arena, span, text);
        return GOOD;
    }
}

/* Skips blanks up to a comma or the end, both of which mean that no value follows. */
static bool skip_to_value(reader *r)
{
    for (; !at_end(r); r->at++) {
        char c = peek(r);
        if (c == ',') {
            r->at++;
            return false;
        }
        if (c != ' ' && c != '\t' && c != '\n' && c != '\v' && c != '\f' && c != '\r') {
            return true;
        }
    }
    return false;
}

/* How far the JSON value at the front reaches: to the end of its string, brackets or word. Whether
 * it is JSON is for the parser to say. */
static size_t json_extent(as_str s)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (quoted) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        } else {
            if (depth == 0 && (c == ',' || c == ' ')) {
                return i;
            }
            continue;
        }
        if (!quoted && depth == 0) {
            return i + 1;
        }
    }
    return s.n;
}

static outcome read_json(reader *r, as_helm_node *node)
{
    size_t from = r->at;
    if (!skip_to_value(r)) {
        as_helm_node_set(node, as_value_null(r->arena, span_of(r, from, from)));
        return GOOD;
    }
    as_str text = as_str_from_index(r->set.text, r->at);
    text = as_str_slice(text, 0, json_extent(text));
    const as_value *v = as_helm_json(r->arena, text, span_of(r, r->at, r->at + text.n), &r->error);
    if (!v) {
        return BAD;
    }
    as_helm_node_set(node, v);
    r->at += text.n;
    (void)skip_to_value(r);
    return GOOD;
}

/* {a,b,c}; the brace is already consumed. */
static outcome read_braces(reader *r, as_helm_node *node)
{
    as_list_builder b;
    as_list_begin(&b, r->arena);
    size_t open = r->at - 1;
    for (;;) {
        as_str text;
        const as_value *v;
        size_t from = r->at;
        char stop = read_until(r, ",}", &text);
        if (!stop) {
            return fail(r, "list must terminate with '}'");
        }
        outcome o = convert(r, text, span_of(r, from, r->at - 1), &v);
        if (o != GOOD) {
            return o;
        }
        as_list_add(&b, v);
        if (stop == '}') {
            as_helm_node_set(node, as_list_end(&b, span_of(r, open, r->at)));
            if (peek(r) == ',') {
                r->at++;
            }
            return GOOD;
        }
    }
}

/* What follows '='. Sets the node. */
static outcome read_value(reader *r, as_helm_node *node)
{
    as_str text;
    const as_value *v;
    size_t from = r->at;
    if (r->set.kind == AS_HELM_SET_JSON) {
        return read_json(r, node);
    }
    if (r->set.kind == AS_HELM_SET_LITERAL) {
        (void)read_until(r, "", &text);
        as_helm_node_set(node, as_value_string(r->arena, span_of(r, from, r->at), text));
        return GOOD;
    }
    if (at_end(r)) {
        as_helm_node_set(node, as_value_string(r->arena, span_of(r, from, from), AS_STR("")));
        return END;
    }
    if (peek(r) == '{') {
        r->at++;
        return read_braces(r, node);
    }
    char stop = read_until(r, ",", &text);
    outcome o = convert(r, text, span_of(r, from, stop ? r->at - 1 : r->at), &v);
    as_helm_node_set(node, v);
    return o;
}

static outcome read_key(reader *r, as_helm_table *into, int level);

/* The number of [n]; the bracket is already consumed. */
static outcome read_index(reader *r, int64_t *out)
{
    as_str text;
    if (!read_until(r, "]", &text)) {
        return END; /* the original wraps io.EOF, and so takes it for the end */
    }
    if (!as_str_to_int(text, out)) {
        return fail(r, "error parsing index: strconv.Atoi: parsing \"%.*s\": invalid syntax",
                AS_STR_ARG(text));
    }
    if (*out < 0) {
        return fail(r, "negative %lld index not allowed", (long long)*out);
    }
    return GOOD;
}

static as_helm_node *item_at(reader *r, as_helm_list *list, int64_t index)
{
    if (index > MAX_INDEX) {
        (void)fail(r, "index of %lld is greater than maximum supported index of %d",
                (long long)index, MAX_INDEX);
        return NULL;
    }
    while (list->items.n <= (size_t)index) {
        AS_VEC_PUSH(r->arena, &list->items,
                (as_helm_node){.value = as_value_null(r->arena, AS_SPAN_NONE)});
    }
    return &list->items.items[index];
}

/* What follows [n]: "=value", "[m]…" or ".key…". */
static outcome read_item(reader *r, as_helm_list *list, int64_t index, int level)
{
    as_str text;
    char stop = read_until(r, "[.=", &text);
    if (text.n) {
        return fail(r, "unexpected data at end of array index: \"%.*s\"", AS_STR_ARG(text));
    }
    if (!stop) {
        return END;
    }
    int64_t next = 0;
    outcome index_read = stop == '[' ? read_index(r, &next) : GOOD;
    if (index_read != GOOD) {
        return index_read;
    }
    as_helm_node *node = item_at(r, list, index);
    if (!node) {
        return BAD;
    }
    if (stop == '=') {
        outcome o = read_value(r, node);
        return o == END ? GOOD : o;
    }
    if (stop == '[') {
        if (as_helm_node_is_null(node)) {
            node->list = AS_NEW(r->arena, as_helm_list);
            node->value = NULL;
        }
        as_helm_list *inner = as_helm_node_list(r->arena, node);
        return inner ? read_item(r, inner, next, level) : fail_type(r, node, "[]interface {}");
    }
    if (!as_helm_node_is_table(node)) { /* whatever stood there gives way */
        as_helm_node_set_table(node, as_helm_table_new(r->arena));
    }
    return read_key(r, as_helm_node_table(r->arena, node), level);
}

/* "key." : goes on below the table of that name. */
static outcome read_below(reader *r, as_helm_table *into, as_str key, as_span span, int level)
{
    if (level + 1 > MAX_LEVEL) {
        return fail(r,
                "value name nested level is greater than maximum supported nested level of %d",
                MAX_LEVEL);
    }
    as_helm_node *node = as_helm_table_get(into, key);
    as_helm_table *inner = node ? as_helm_node_table(r->arena, node) : as_helm_table_new(r->arena);
    if (!inner) {
        return fail_type(r, node, "map[string]interface {}");
    }
    outcome o = read_key(r, inner, level + 1);
    if (o == GOOD && inner->n == 0) {
        return fail(r, "key map \"%.*s\" has no value", AS_STR_ARG(key));
    }
    if (inner->n && key.n) {
        node = as_helm_table_slot(r->arena, into, key);
        if (node->table != inner) {
            as_helm_node_set_table(node, inner);
            node->key_span = span;
        }
    }
    return o;
}

/* "key[" : goes on in the list of that name. */
static outcome read_in_list(reader *r, as_helm_table *into, as_str key, as_span span, int level)
{
    int64_t index;
    outcome o = read_index(r, &index);
    if (o != GOOD) {
        return o;
    }
    as_helm_node *node = as_helm_table_get(into, key);
    as_helm_list *list = node ? as_helm_node_list(r->arena, node) : AS_NEW(r->arena, as_helm_list);
    if (!list) {
        return fail_type(r, node, "[]interface {}");
    }
    o = read_item(r, list, index, level);
    if (key.n) {
        node = as_helm_table_slot(r->arena, into, key);
        node->value = NULL;
        node->list = list;
        node->key_span = span;
    }
    return o;
}

/* One key with its value. */
static outcome read_key(reader *r, as_helm_table *into, int level)
{
    as_str key;
    size_t from = r->at;
    bool literal = r->set.kind == AS_HELM_SET_LITERAL;
    char stop = read_until(r, literal ? "=[." : "=[,.", &key);
    as_span span = span_of(r, from, stop ? r->at - 1 : r->at);
    /* An empty key takes its value nowhere (strvals set). */
    as_helm_node nowhere = {0};
    switch (stop) {
    case '\0':
        return key.n ? fail(r, "key \"%.*s\" has no value", AS_STR_ARG(key)) : END;
    case '[':
        return read_in_list(r, into, key, span, level);
    case '.':
        return read_below(r, into, key, span, level);
    case '=': {
        as_helm_node fresh = {.value = as_value_null(r->arena, AS_SPAN_NONE), .key_span = span};
        outcome o = read_value(r, key.n ? &fresh : &nowhere);
        if (key.n && o != BAD) {
            *as_helm_table_slot(r->arena, into, key) = fresh;
        }
        return o;
    }
    default: /* a comma */
        if (key.n) {
            as_helm_node_set(as_helm_table_slot(r->arena, into, key),
                    as_value_string(r->arena, span, AS_STR("")));
        }
        return fail(r, "key \"%.*s\" has no value (cannot end with ,)", AS_STR_ARG(key));
    }
}

bool as_helm_set_apply(as_arena *arena, as_helm_set set, as_helm_read_file read_file, void *context,
        as_helm_table *into, as_str *error)
{
    reader r = {.arena = arena, .set = set, .read_file = read_file, .context = context};
    outcome o;
    do {
        o = read_key(&r, into, 0);
    } while (o == GOOD);
    if (o == BAD) {
        *error = r.error;
    }
    return o == END;
}
