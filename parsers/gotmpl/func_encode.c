/* Encodings: YAML, JSON, TOML (Helm's engine/funcs.go), base64 and base32 (sprig's strings.go). */
#include "engine/base/base64.h"
#include "parsers/gotmpl/json.h"

#include "parsers/yaml/emit.h"
#include "parsers/yaml/yaml.h"

static as_buf new_buf(as_gotmpl *t)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    return buf;
}

static bool give(as_str s, as_go *out)
{
    *out = as_go_from_str(s);
    return true;
}

/* The text of the failure, which is then forgotten: for functions that answer with it. */
static as_str take_failure(as_gotmpl *t)
{
    as_str text = as_gotmpl_error_text(t->arena, t->failure);
    t->failure = NULL;
    return text;
}

/* --- YAML --------------------------------------------------------------------------------------------------- */

static void mark_scalar(void *self, const as_value *v, size_t begin, size_t end)
{
    as_text *text = self;
    while (begin < end && text->buf.p[begin] == ' ')
        begin++;
    if (v && v->span.file && end == text->buf.n)
        as_text_mark_at(text, begin, AS_SPAN_NONE, v);
}

static as_go to_yaml(as_gotmpl *t, const as_go *v, const as_yaml_style *style)
{
    as_text *text = as_text_borrow(t);
    as_yaml_marks marks = {mark_scalar, text};
    as_yaml_write_marked(&text->buf, as_go_to_value(t, v), style, &marks);
    if (text->buf.n > 0 && text->buf.p[text->buf.n - 1] == '\n')
        text->buf.n--;
    if (text->segments.n > 0) {
        as_gotmpl_segment *last = &text->segments.items[text->segments.n - 1];
        if (last->end > text->buf.n)
            last->end = (uint32_t)text->buf.n;
    }
    as_go out = as_text_end(text);
    as_text_return(text);
    return out;
}

AS_GO_FUNC(f_to_yaml)
{
    (void)n;
    *out = to_yaml(t, &a[0], &as_yaml_style_kubernetes);
    return true;
}

AS_GO_FUNC(f_to_yaml_pretty)
{
    (void)n;
    *out = to_yaml(t, &a[0], &as_yaml_style_v3);
    return true;
}

bool as_go_to_yaml(as_gotmpl *t, const as_go *v, as_buf *out)
{
    as_go text = to_yaml(t, v, &as_yaml_style_kubernetes);
    as_buf_str(out, as_go_str(&text));
    return true;
}

/* What was read from a text remembers what that part of the text showed. */
static const as_value *rebase(as_gotmpl *t, const as_value *v, const as_go *text, int depth)
{
    if (v->kind == AS_LIST && depth < 100) {
        as_list_builder b;
        as_list_begin(&b, t->arena);
        for (size_t i = 0; i < v->as.list.n; i++)
            as_list_add(&b, rebase(t, v->as.list.items[i], text, depth + 1));
        return as_list_end(&b, AS_SPAN_NONE);
    }
    if (v->kind == AS_OBJECT && depth < 100) {
        as_object_builder b;
        as_object_begin(&b, t->arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&b, m->key, AS_SPAN_NONE, rebase(t, m->value, text, depth + 1));
        }
        return as_object_end(&b, AS_SPAN_NONE);
    }
    const as_value *shown = text->flags & AS_GO_FROM_TEXT ? as_gotmpl_value_in(text->origin.text,
                                                                    v->span.begin, v->span.end)
                                                          : as_go_origin(text);
    as_value *copy = as_value_copy(t->arena, v);
    copy->span = shown ? shown->span : AS_SPAN_NONE;
    copy->meta = shown ? shown->meta : NULL;
    return copy;
}

/* Go's wording of what libyaml found (yaml.v2 decode.go, parser.fail). */
static bool yaml_failed(as_gotmpl *t, as_str text, const as_diags *diags)
{
    const as_diag *d = NULL;
    for (size_t i = 0; i < diags->list.n && !d; i++)
        if (diags->list.items[i].severity == AS_DIAG_ERROR)
            d = &diags->list.items[i];
    if (!d)
        return as_go_fail(t, "error converting YAML to JSON: yaml: unknown problem");
    size_t colon = as_str_rfind_char(d->summary, ':');
    if (strcmp(d->code, "yaml-number") == 0 && colon != (size_t)-1) {
        as_str number = as_str_trim(as_str_from_index(d->summary, colon + 1));
        return as_go_fail(t, "error converting YAML to JSON: json: unsupported value: %.*s",
                AS_STR_ARG(number));
    }
    size_t lines = 0;
    for (size_t i = 0; i < d->span.begin && i < text.n; i++)
        lines += text.p[i] == '\n';
    bool by_parser = as_str_starts(d->summary, "did not find expected");
    as_buf where = new_buf(t);
    if (lines > 0)
        as_buf_fmt(&where, "line %zu: ", by_parser ? lines : lines + 1);
    return as_go_fail(t, "error converting YAML to JSON: yaml: %s%.*s", as_buf_c(&where),
            AS_STR_ARG(d->summary));
}

static bool from_yaml(as_gotmpl *t, const as_go *text, as_go *out)
{
    as_source source = {.id = 0, .path = AS_STR("yaml"), .text = as_go_str(text)};
    as_diags diags;
    as_diags_init(&diags, t->arena);
    as_yaml_options options = {.flavour = AS_YAML_GO_V2,
            .float_numbers = true,
            .duplicates = AS_YAML_DUPLICATES_IGNORE};
    const as_value *v = as_yaml_parse_one(t->arena, &source, options, &diags);
    if (!v)
        return yaml_failed(t, source.text, &diags);
    *out = as_go_from(t, rebase(t, v, text, 0));
    return true;
}

static bool wrong_kind(as_gotmpl *t, const as_go *v, const char *want, const char *before)
{
    return as_go_fail(t, "%sjson: cannot unmarshal %s into Go value of type %s", before,
            as_go_json_kind(v), want);
}

#define IN_YAML "error unmarshaling JSON: while decoding JSON: "

static bool give_map(as_gotmpl *t, bool good, as_go v, const char *before, as_go *out)
{
    if (good && v.type && !as_go_is_map(&v))
        good = wrong_kind(t, &v, "map[string]interface {}", before);
    as_go_map *map = as_go_map_new(t, 1);
    if (good && v.type) {
        *out = v;
        return true;
    }
    if (!good)
        as_go_map_set(t, map, AS_STR("Error"), as_go_from_str(take_failure(t)));
    *out = as_go_map_value(&as_go_dict, map);
    return true;
}

static bool give_array(as_gotmpl *t, bool good, as_go v, const char *before, as_go *out)
{
    if (good && v.type && !as_go_is_list(&v))
        good = wrong_kind(t, &v, "[]interface {}", before);
    if (good && v.type) {
        *out = v;
        return true;
    }
    bool keeps_empty = before[0] != '\0'; /* YAML's null leaves the list as it was made */
    as_go_list *list = good && !keeps_empty ? NULL : as_go_list_new(t, 1);
    if (!good)
        as_go_list_add(t, list, as_go_from_str(take_failure(t)));
    *out = as_go_list_value(&as_go_slice, list);
    return true;
}

AS_GO_FUNC(f_from_yaml)
{
    (void)n;
    as_go v = AS_GO_NIL;
    bool good = from_yaml(t, &a[0], &v);
    return give_map(t, good, v, IN_YAML, out);
}

AS_GO_FUNC(f_from_yaml_array)
{
    (void)n;
    as_go v = AS_GO_NIL;
    bool good = from_yaml(t, &a[0], &v);
    return give_array(t, good, v, IN_YAML, out);
}

/* --- JSON ---------------------------------------------------------------------------------------------------- */

static bool to_json(as_gotmpl *t, const as_go *v, as_go_json_style style, bool must, as_go *out)
{
    as_buf buf = new_buf(t);
    if (as_go_json_write(t, &buf, v, style))
        return give(as_buf_view(&buf), out);
    if (must)
        return false;
    t->failure = NULL;
    return give(AS_STR(""), out);
}

AS_GO_FUNC(f_to_json)
{
    (void)n;
    return to_json(t, &a[0], (as_go_json_style){.escape_html = true}, false, out);
}

AS_GO_FUNC(f_must_to_json)
{
    (void)n;
    return to_json(t, &a[0], (as_go_json_style){.escape_html = true}, true, out);
}

AS_GO_FUNC(f_to_pretty_json)
{
    (void)n;
    return to_json(t, &a[0], (as_go_json_style){.indent = true, .escape_html = true}, false, out);
}

AS_GO_FUNC(f_must_to_pretty_json)
{
    (void)n;
    return to_json(t, &a[0], (as_go_json_style){.indent = true, .escape_html = true}, true, out);
}

AS_GO_FUNC(f_to_raw_json)
{
    (void)n;
    return to_json(t, &a[0], (as_go_json_style){0}, true, out);
}

AS_GO_FUNC(f_from_json)
{
    (void)n;
    as_go v = AS_GO_NIL;
    bool good = as_go_json_read(t, as_go_str(&a[0]), &v);
    return give_map(t, good, v, "", out);
}

AS_GO_FUNC(f_from_json_array)
{
    (void)n;
    as_go v = AS_GO_NIL;
    bool good = as_go_json_read(t, as_go_str(&a[0]), &v);
    return give_array(t, good, v, "", out);
}

AS_GO_FUNC(f_must_from_json)
{
    (void)n;
    return as_go_json_read(t, as_go_str(&a[0]), out);
}

/* --- TOML ---------------------------------------------------------------------------------------------------- */

AS_GO_FUNC(f_to_toml)
{
    (void)n;
    as_buf buf = new_buf(t);
    if (!as_go_toml_write(t, &buf, &a[0]))
        return give(take_failure(t), out);
    return give(as_buf_view(&buf), out);
}

AS_GO_FUNC(f_must_to_toml)
{
    (void)n;
    as_buf buf = new_buf(t);
    return as_go_toml_write(t, &buf, &a[0]) && give(as_buf_view(&buf), out);
}

AS_GO_FUNC(f_from_toml)
{
    (void)n;
    as_go v = AS_GO_NIL;
    bool good = as_go_toml_read(t, as_go_str(&a[0]), &v);
    return give_map(t, good, v, "", out);
}

/* --- base64 and base32 (RFC 4648) ------------------------------------------------------------------------------ */

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static void encode32(as_buf *buf, as_str s)
{
    uint32_t held = 0;
    unsigned n_held = 0, written = 0;
    for (size_t i = 0; i < s.n; i++) {
        held = held << 8 | (unsigned char)s.p[i];
        for (n_held += 8; n_held >= 5; n_held -= 5, written++)
            as_buf_char(buf, base32[held >> (n_held - 5) & 31]);
        held &= 0xff;
    }
    if (n_held > 0) {
        as_buf_char(buf, base32[held << (5 - n_held) & 31]);
        written++;
    }
    for (; written % 8; written++)
        as_buf_char(buf, '=');
}

static void skip_breaks(as_str s, size_t *i)
{
    while (*i < s.n && (s.p[*i] == '\n' || s.p[*i] == '\r'))
        ++*i;
}

/* Go's base32 decode: line breaks are skipped; *at is the offset of what is wrong. */
static bool decode32(as_buf *buf, as_str s, size_t *at)
{
    size_t i = 0;
    for (;;) {
        uint64_t held = 0;
        unsigned n = 0, padding = 0;
        for (; n < 8 && !padding; skip_breaks(s, &i)) {
            skip_breaks(s, &i);
            if (i >= s.n) {
                *at = i - n;
                return n == 0;
            }
            char c = s.p[i++];
            const char *letter = c ? strchr(base32, c) : NULL;
            *at = i - 1;
            if (letter) {
                held = held << 5 | (uint64_t)(letter - base32);
                n++;
            } else if (c == '=' && (n == 2 || n == 4 || n == 5 || n == 7)) {
                for (padding = 1; n + padding < 8; padding++) {
                    skip_breaks(s, &i);
                    *at = i;
                    if (i >= s.n || s.p[i++] != '=')
                        return false;
                }
            } else {
                return false;
            }
        }
        for (unsigned k = 8; k <= n * 5; k += 8)
            as_buf_char(buf, (char)(unsigned char)(held >> (n * 5 - k)));
        *at = i;
        if (padding)
            return i >= s.n;
    }
}

AS_GO_FUNC(f_b64enc)
{
    (void)n;
    return give(as_base64_encode(t->arena, as_go_str(&a[0])), out);
}

AS_GO_FUNC(f_b32enc)
{
    (void)n;
    as_buf buf = new_buf(t);
    encode32(&buf, as_go_str(&a[0]));
    return give(as_buf_view(&buf), out);
}

AS_GO_FUNC(f_b64dec)
{
    (void)n;
    as_str bytes;
    size_t at;
    if (as_base64_decode(t->arena, as_go_str(&a[0]), &bytes, &at))
        return give(bytes, out);
    return give(as_str_fmt(t->arena, "illegal base64 data at input byte %zu", at), out);
}

AS_GO_FUNC(f_b32dec)
{
    (void)n;
    as_buf buf = new_buf(t);
    size_t at;
    if (decode32(&buf, as_go_str(&a[0]), &at))
        return give(as_buf_view(&buf), out);
    return give(as_str_fmt(t->arena, "illegal base32 data at input byte %zu", at), out);
}

const as_go_func as_funcs_encode[] = {
        {"toYaml", "a", f_to_yaml, 0},
        {"mustToYaml", "a", f_to_yaml, 0},
        {"toYamlPretty", "a", f_to_yaml_pretty, 0},
        {"fromYaml", "s", f_from_yaml, AS_FUNC_NEW},
        {"fromYamlArray", "s", f_from_yaml_array, AS_FUNC_NEW},
        {"toJson", "a", f_to_json, 0},
        {"mustToJson", "a", f_must_to_json, 0},
        {"toPrettyJson", "a", f_to_pretty_json, 0},
        {"mustToPrettyJson", "a", f_must_to_pretty_json, 0},
        {"toRawJson", "a", f_to_raw_json, 0},
        {"mustToRawJson", "a", f_to_raw_json, 0},
        {"fromJson", "s", f_from_json, AS_FUNC_NEW},
        {"fromJsonArray", "s", f_from_json_array, AS_FUNC_NEW},
        {"mustFromJson", "s", f_must_from_json, AS_FUNC_NEW},
        {"toToml", "a", f_to_toml, 0},
        {"mustToToml", "a", f_must_to_toml, 0},
        {"fromToml", "s", f_from_toml, AS_FUNC_NEW},
        {"b64enc", "s", f_b64enc, 0},
        {"b64dec", "s", f_b64dec, 0},
        {"b32enc", "s", f_b32enc, 0},
        {"b32dec", "s", f_b32dec, 0},
        {0},
};
