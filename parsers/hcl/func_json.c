/* jsonencode and jsondecode: go-cty cty/function/stdlib/json.go, cty/json. */
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "parsers/hcl/func_json.h"

/* --- writing -------------------------------------------------------------------------------------- */

static void write_string(as_buf *buf, as_str s)
{
    const as_value text = {.kind = AS_STRING, .as.str = s};
    as_value_write_json(buf, &text, (as_json_style){.escape_html = true, .show_sensitive = true});
}

static bool is_infinite(const as_value *v)
{
    return v->kind == AS_FLOAT && (v->as.number > 1e308 || v->as.number < -1e308) &&
           v->as.number == v->as.number * 2;
}

/* Values nest at most AS_MAX_DEPTH: what makes them is bounded. */
bool as_hcl_json_write(as_buf *buf, const as_value *v, const char **error)
{
    switch (v->kind) {
    case AS_BOOL:
        as_buf_cstr(buf, v->as.boolean ? "true" : "false");
        return true;
    case AS_INT:
    case AS_FLOAT:
    case AS_BIGNUM:
        if (is_infinite(v)) {
            *error = "cannot serialize infinity as JSON";
            return false;
        }
        as_buf_str(buf, as_num_text(buf->arena, v));
        return true;
    case AS_STRING:
        write_string(buf, v->as.str);
        return true;
    case AS_LIST:
        as_buf_char(buf, '[');
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_buf_cstr(buf, i > 0 ? "," : "");
            if (!as_hcl_json_write(buf, v->as.list.items[i], error)) {
                return false;
            }
        }
        as_buf_char(buf, ']');
        return true;
    case AS_OBJECT:
        as_buf_char(buf, '{');
        for (size_t i = 0; i < v->as.object->n; i++) {
            as_buf_cstr(buf, i > 0 ? "," : "");
            write_string(buf, v->as.object->members[i].key);
            as_buf_char(buf, ':');
            if (!as_hcl_json_write(buf, v->as.object->members[i].value, error)) {
                return false;
            }
        }
        as_buf_char(buf, '}');
        return true;
    default:
        as_buf_cstr(buf, "null");
        return true;
    }
}

static const as_value *fn_jsonencode(as_hcl_call *call)
{
    const as_value *v = call->args[0];
    if (!as_hcl_is_wholly_known(call->arena, v)) {
        const as_value *unknown = as_fn_unknown(call, &as_type_string);
        as_type_kind kind = as_type_kind_of(v);
        const char *prefix = kind == AS_TYPE_STRING                          ? "\""
                             : kind == AS_TYPE_OBJECT || kind == AS_TYPE_MAP ? "{"
                             : kind >= AS_TYPE_LIST && kind <= AS_TYPE_TUPLE ? "["
                                                                             : NULL;
        if (prefix && as_hcl_not_null(v)) {
            unknown = as_hcl_refine(call->arena, unknown,
                    (as_hcl_refinement){
                            .not_null = true, .prefix = as_str_from(prefix), .max_length = -1});
        }
        return as_value_with_decoded(call->arena, unknown, v);
    }
    as_buf out;
    const char *error = NULL;
    as_buf_init(&out, call->arena, 0);
    if (!as_hcl_json_write(&out, v, &error)) {
        return as_fn_fail(call, "%s", error);
    }
    return as_fn_string(call, as_buf_view(&out));
}

/* --- reading: numbers keep all their digits, which is why parsers/json does not serve ------------------ */

typedef struct reader {
    as_hcl_call *call;
    as_str s;
    size_t at;
    unsigned depth;
} reader;

static const as_value *read_value(reader *r);

static int peek(const reader *r)
{
    return r->at < r->s.n ? (unsigned char)r->s.p[r->at] : -1;
}

static void skip_space(reader *r)
{
    while (r->at < r->s.n && as_char_in(r->s.p[r->at], " \t\r\n")) {
        r->at++;
    }
}

static void *unexpected(reader *r, const char *context)
{
    if (r->at >= r->s.n) {
        return as_fn_fail(r->call, r->at == 0 || r->depth > 0 ? "EOF" : "unexpected EOF");
    }
    size_t end = r->at;
    as_utf8_next(r->s, &end);
    return as_fn_fail(r->call, "invalid character '%.*s' %s",
            AS_STR_ARG(as_str_slice(r->s, r->at, end)), context);
}

static bool read_hex4(reader *r, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int c = peek(r);
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16) {
            unexpected(r, "in \\u hexadecimal character escape");
            return false;
        }
        *out = *out * 16 + digit;
    }
    return true;
}

/* \uD83D\uDE00 is one character; half of a pair is U+FFFD, as in Go's encoding/json. */
static bool read_unicode_escape(reader *r, as_buf *out)
{
    uint32_t rune, low;
    if (!read_hex4(r, &rune)) {
        return false;
    }
    size_t after = r->at;
    if (rune >= 0xD800 && rune < 0xDC00 && as_str_starts(as_str_from_index(r->s, r->at), "\\u")) {
        r->at += 2;
        if (!read_hex4(r, &low)) {
            return false;
        }
        if (low >= 0xDC00 && low < 0xE000) {
            rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
        } else {
            r->at = after;
        }
    }
    as_buf_rune(out, rune);
    return true;
}

/* At the opening quote. */
static bool read_string(reader *r, as_str *text)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    as_buf out;
    as_buf_init(&out, r->call->arena, 0);
    for (r->at++; peek(r) != '"';) {
        int c = peek(r);
        if (c < 0x20) {
            unexpected(r, "in string literal");
            return false;
        }
        if (c != '\\') {
            as_buf_rune(&out, as_utf8_next(r->s, &r->at));
            continue;
        }
        r->at++;
        const char *name = peek(r) > 0 ? strchr(names, peek(r)) : NULL;
        if (name) {
            as_buf_char(&out, values[name - names]);
            r->at++;
        } else if (peek(r) == 'u') {
            r->at++;
            if (!read_unicode_escape(r, &out)) {
                return false;
            }
        } else {
            unexpected(r, "in string escape code");
            return false;
        }
    }
    r->at++;
    *text = as_buf_view(&out);
    return true;
}

static size_t digits(const reader *r, size_t at)
{
    while (at < r->s.n && r->s.p[at] >= '0' && r->s.p[at] <= '9') {
        at++;
    }
    return at;
}

/* RFC 8259 §6 */
static const as_value *read_number(reader *r)
{
    size_t begin = r->at, at = begin + (peek(r) == '-'), end = digits(r, at);
    bool good = end > at && (r->s.p[at] != '0' || end == at + 1);
    if (good && end < r->s.n && r->s.p[end] == '.') {
        at = end + 1;
        end = digits(r, at);
        good = end > at;
    }
    if (good && end < r->s.n && (r->s.p[end] == 'e' || r->s.p[end] == 'E')) {
        at = end + 1;
        at += at < r->s.n && (r->s.p[at] == '+' || r->s.p[at] == '-');
        end = digits(r, at);
        good = end > at;
    }
    if (!good) {
        r->at = end;
        return unexpected(r, "in numeric literal");
    }
    r->at = end;
    as_str text = as_str_slice(r->s, begin, end);
    const as_value *n = as_num_parse(r->call->arena, r->call->span, text);
    return n ? n : as_fn_fail(r->call, "cannot parse %.*s as a number", AS_STR_ARG(text));
}

static const as_value *read_array(reader *r)
{
    as_list_builder items;
    as_list_begin(&items, r->call->arena);
    r->at++;
    skip_space(r);
    while (peek(r) != ']') {
        const as_value *item = read_value(r);
        if (!item) {
            return NULL;
        }
        as_list_add(&items, item);
        skip_space(r);
        if (peek(r) == ',') {
            r->at++;
            skip_space(r);
            if (peek(r) == ']') {
                return unexpected(r, "looking for beginning of value");
            }
        } else if (peek(r) != ']') {
            return unexpected(r, "after array element");
        }
    }
    r->at++;
    return as_hcl_tuple(r->call->arena, r->call->span, as_list_items(&items), items.n);
}

/* Properties may come again, if their types are the same: the last one wins. */
static bool check_repeats(reader *r, as_member *members, size_t n)
{
    as_map seen = {0};
    for (size_t i = 0; i < n; i++) {
        void *last = as_map_put(r->call->arena, &seen, members[i].key, &members[i]);
        if (!last) {
            continue;
        }
        const as_value *before = ((as_member *)last)->value;
        as_arena *arena = r->call->arena;
        if (!as_type_equal(as_type_of(arena, before), as_type_of(arena, members[i].value))) {
            as_fn_fail(r->call, "duplicate \"%.*s\" property in JSON object",
                    AS_STR_ARG(members[i].key));
            return false;
        }
    }
    return true;
}

static const as_value *read_object(reader *r)
{
    AS_VEC(as_member) members = {0};
    r->at++;
    skip_space(r);
    while (peek(r) != '}') {
        as_member member = {0};
        if (peek(r) != '"') {
            return unexpected(r, "looking for beginning of object key string");
        }
        if (!read_string(r, &member.key)) {
            return NULL;
        }
        skip_space(r);
        if (peek(r) != ':') {
            return unexpected(r, "after object key");
        }
        r->at++;
        member.value = read_value(r);
        if (!member.value) {
            return NULL;
        }
        AS_VEC_PUSH(r->call->arena, &members, member);
        skip_space(r);
        if (peek(r) == ',') {
            r->at++;
            skip_space(r);
            if (peek(r) == '}') {
                return unexpected(r, "looking for beginning of object key string");
            }
        } else if (peek(r) != '}') {
            return unexpected(r, "after object key:value pair");
        }
    }
    r->at++;
    if (!check_repeats(r, members.items, members.n)) {
        return NULL;
    }
    return as_hcl_object(r->call->arena, r->call->span, members.items, members.n);
}

static const as_value *read_word(reader *r)
{
    static const char *const words[] = {"null", "true", "false"};
    as_str rest = as_str_from_index(r->s, r->at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (as_str_starts(rest, words[i])) {
            r->at += strlen(words[i]);
            return i == 0 ? as_fn_null(r->call, &as_type_any) : as_fn_bool(r->call, i == 1);
        }
    }
    return unexpected(r, "looking for beginning of value");
}

static const as_value *read_value(reader *r)
{
    skip_space(r);
    if (r->depth >= AS_MAX_DEPTH) {
        return as_fn_fail(r->call, "exceeded max depth");
    }
    const as_value *v = NULL;
    as_str text;
    r->depth++;
    int c = peek(r);
    if (c == '{') {
        v = read_object(r);
    } else if (c == '[') {
        v = read_array(r);
    } else if (c == '"') {
        v = read_string(r, &text) ? as_fn_string(r->call, text) : NULL;
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        v = read_number(r);
    } else {
        v = read_word(r);
    }
    r->depth--;
    return v;
}

/* What the known beginning of an unknown text tells of the result. */
static const as_type *type_of_prefix(as_hcl_call *call)
{
    const as_hcl_refinement *known = as_hcl_refinement_of(call->args[0]);
    as_str prefix = known ? as_str_trim(known->prefix) : AS_STR_NONE;
    if (prefix.n == 0) {
        return &as_type_any;
    }
    switch (prefix.p[0]) {
    case '"':
        return &as_type_string;
    case 't':
    case 'f':
        return &as_type_bool;
    case '{':
    case '[':
    case 'n':
        return &as_type_any;
    default:
        break;
    }
    if (as_char_in(prefix.p[0], "-0123456789.")) {
        return &as_type_number;
    }
    size_t end = 0;
    as_utf8_next(prefix, &end);
    return as_fn_fail_arg(call, 0, "a JSON document cannot begin with the character '%.*s'",
            AS_STR_ARG(as_str_slice(prefix, 0, end)));
}

static const as_type *type_jsondecode(as_hcl_call *call)
{
    return as_hcl_is_known(call->args[0]) ? &as_type_any : type_of_prefix(call);
}

static const as_value *fn_jsondecode(as_hcl_call *call)
{
    reader r = {.call = call, .s = as_fn_arg_str(call, 0)};
    const as_value *v = read_value(&r);
    if (!v) {
        return NULL;
    }
    skip_space(&r);
    if (r.at < r.s.n && peek(&r) != ']' && peek(&r) != '}') { /* json.Decoder.More */
        return as_fn_fail(call, "extraneous data after JSON object");
    }
    return v;
}

static const as_hcl_function functions[] = {
        {.name = "jsondecode",
                .impl = fn_jsondecode,
                .type = type_jsondecode,
                .params = {{"str", &as_type_string, 0}}},
        {.name = "jsonencode",
                .impl = fn_jsonencode,
                .result = &as_type_string,
                .not_null = true,
                .params = {{"val", &as_type_any,
                        AS_PARAM_NULL | AS_PARAM_UNKNOWN | AS_PARAM_DYNAMIC}}},
        {0},
};
const as_hcl_family as_hcl_family_json = {"json", functions};
