#include "engine/secrets/values.h"

#include <zlib.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "engine/secrets/internal.h"
#include "parsers/json/json.h"

enum { MAX_UNPACKED = 4 << 20, MAX_FOUND = 20000 };

struct as_value_search {
    as_arena *arena;
    as_sources *sources;
    as_secret_finder *finder;
    as_map named; /* key → itself when it is named like a secret, else NULL */
    /* the resource under way */
    const as_resource *resource;
    as_value_secrets *out;
    bool is_secret; /* a Secret: its data is encoded */
};

as_value_search *as_value_search_new(as_arena *arena, as_sources *sources)
{
    as_value_search *s = AS_NEW(arena, as_value_search);

    s->arena = arena;
    s->sources = sources;
    return s;
}

static bool is_named(as_value_search *s, as_str key)
{
    if (as_map_has(&s->named, key))
        return as_map_get(&s->named, key) != NULL;
    bool named = as_secret_key_is_named(key);
    as_map_put(s->arena, &s->named, key, named ? s : NULL);
    return named;
}

/* --- places ----------------------------------------------------------------------------------- */

/* Where the bytes stand in the text of `span`; the whole of it when they do not. */
static bool find_bytes(const as_value_search *s, as_span span, as_str bytes, as_span *out)
{
    const as_source *source = as_sources_get(s->sources, span.file);

    if (source == NULL)
        return false;
    size_t at = as_str_find(as_str_slice(source->text, span.begin, span.end), bytes);
    *out = span;
    if (at == (size_t)-1)
        return false;
    out->begin = span.begin + (uint32_t)at;
    out->end = out->begin + (uint32_t)bytes.n;
    return true;
}

/* The place nearest to the origin that holds the bytes; else the origin itself. */
static bool locate(const as_value_search *s, const as_value *v, as_str bytes, as_span *out)
{
    as_span origin = v->span, found;
    bool exact = v->span.file != 0 && find_bytes(s, v->span, bytes, out);

    for (const as_trail *t = as_value_trail(v); t; t = t->next) {
        if (t->span.file == 0)
            continue;
        origin = t->span;
        if (find_bytes(s, t->span, bytes, &found)) {
            *out = found;
            exact = true;
        }
    }
    if (!exact)
        *out = origin;
    return exact;
}

/* --- what a text encodes ---------------------------------------------------------------------- */

static bool is_text(as_str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        if (c == 0x7f || (c < 0x20 && !as_char_in((char)c, "\t\n\r")))
            return false;
    }
    return bytes.n > 0;
}

static bool looks_encoded(as_str t)
{
    if (t.n < 8 || t.n % 4 != 0)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
                c != '+' && c != '/' && !(c == '=' && i + 2 >= t.n))
            return false;
    }
    return true;
}

static as_str unpack(as_arena *arena, as_str packed)
{
    z_stream z = {0};
    as_buf out;
    unsigned char chunk[16384];
    int status = Z_OK;

    as_buf_init(&out, arena, 0);
    if (packed.n > MAX_UNPACKED || inflateInit2(&z, 15 + 16) != Z_OK)
        return AS_STR("");
    unsigned char *copy = as_arena_alloc(arena, packed.n + 1);
    memcpy(copy, packed.p, packed.n);
    z.next_in = copy;
    z.avail_in = (uInt)packed.n;
    while (status == Z_OK && out.n < MAX_UNPACKED) {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        status = inflate(&z, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END)
            break;
        as_buf_add(&out, chunk, sizeof chunk - z.avail_out);
    }
    (void)inflateEnd(&z);
    return as_buf_view(&out);
}

/* The text in base64 and, within that, in gzip; false when it is no text. */
static bool decode(as_arena *arena, as_str t, as_str *out)
{
    if (!looks_encoded(t) || !as_base64_decode(arena, t, out, NULL))
        return false;
    if (as_str_starts(*out, "\x1f\x8b"))
        *out = unpack(arena, *out);
    return is_text(*out);
}

/* --- the walk --------------------------------------------------------------------------------- */

static void take(as_value_search *s, const as_value *v, as_str key, as_str text, as_str source_text)
{
    as_secrets found = {0};

    if (s->finder == NULL) /* most scans have no value that needs it */
        s->finder = as_secret_finder_new(s->arena);
    as_secret_find_value(s->finder, s->arena, key, text, &found);
    for (size_t i = 0; i < found.n && s->out->n < MAX_FOUND; i++) {
        as_value_secret one = {
                .secret = found.items[i], .text = text, .value = v, .resource = s->resource};
        if (!locate(s, v, as_str_slice(text, one.secret.begin, one.secret.end), &one.span))
            locate(s, v, source_text, &one.span); /* encoded: all of the literal */
        AS_VEC_PUSH(s->arena, s->out, one);
    }
}

/* What a collector hid when it asked: that there was a secret is known, and of which group, but not
 * which one. Its hash stands in for it, so that the same secret is the same in two places. */
static void take_hidden(
        as_value_search *s, const as_value *v, as_str key, as_str class_name, as_str sum)
{
    as_value_secret one = {.secret = {.detector = "hidden",
                                   .what = "a secret that was hidden when it was collected",
                                   .end = sum.n,
                                   .key = key,
                                   .entropy = 4},
            .text = sum,
            .span = v->span,
            .value = v,
            .resource = s->resource};

    for (int group = 0; group < AS_SECRET_N_GROUPS && s->out->n < MAX_FOUND; group++) {
        if (as_str_is(class_name, as_secret_group_name((as_secret_group)group))) {
            one.secret.group = (as_secret_group)group;
            AS_VEC_PUSH(s->arena, s->out, one);
        }
    }
}

/* "[redacted CLASS sha256:…]" in a longer text. */
static void take_hidden_parts(as_value_search *s, const as_value *v, as_str key)
{
    static const char front[] = "[redacted ", middle[] = " sha256:";
    as_str rest = v->as.str;

    for (;;) {
        size_t at = as_str_find(rest, as_str_from(front));
        if (at == (size_t)-1)
            return;
        rest = as_str_from_index(rest, at + strlen(front));
        size_t end = as_str_find_char(rest, ']');
        as_str inside = as_str_slice(rest, 0, end == (size_t)-1 ? 0 : end);
        size_t gap = as_str_find(inside, as_str_from(middle));
        if (gap == (size_t)-1)
            continue;
        take_hidden(s, v, key, as_str_slice(inside, 0, gap),
                as_str_from_index(inside, gap + strlen(middle)));
    }
}

static void walk(as_value_search *s, const as_value *v, as_str key, bool encoded, unsigned depth);

static void walk_text(
        as_value_search *s, const as_value *v, as_str key, bool encoded, unsigned depth)
{
    as_str t = v->as.str, plain;
    as_span place;

    if (t.n < 4 || t.n > AS_MAX_TEXT_BYTES)
        return;
    if (s->resource->origin == AS_ORIGIN_LIVE)
        take_hidden_parts(s, v, key);
    if (v->meta != NULL && v->meta->decoded != NULL) {
        walk(s, v->meta->decoded, key, false, depth + 1);
        return;
    }
    if (encoded || t.n >= 24) {
        bool decoded = decode(s->arena, t, &plain);
        if (decoded && (encoded || plain.n >= 16)) {
            take(s, v, key, plain, t);
            return;
        }
    }
    bool lines = as_str_find_char(t, '\n') != (size_t)-1;
    bool literal = !lines && locate(s, v, t, &place);
    if (!literal || is_named(s, key))
        take(s, v, key, t, t);
}

/* { name = "DB_PASSWORD", value = "…" }: the name is the key. */
static as_str name_of(const as_value *v)
{
    static const char *const names[] = {"name", "Name", "key", NULL};

    if (!as_value_get(v, AS_STR("value")) && !as_value_get(v, AS_STR("Value")))
        return AS_STR("");
    for (size_t i = 0; names[i]; i++) {
        as_str name = as_value_str(as_value_get(v, as_str_from(names[i])));
        if (name.n > 0)
            return name;
    }
    return AS_STR("");
}

static void walk(as_value_search *s, const as_value *v, as_str key, bool encoded, unsigned depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH)
        return;
    if (v->kind == AS_STRING)
        walk_text(s, v, key, encoded, depth);
    for (size_t i = 0; v->kind == AS_LIST && i < v->as.list.n; i++)
        walk(s, v->as.list.items[i], key, encoded, depth + 1);
    as_str name = v->kind == AS_OBJECT ? name_of(v) : AS_STR("");
    if (s->resource->origin == AS_ORIGIN_LIVE && v->kind == AS_OBJECT &&
            as_value_bool_or(as_value_get(v, AS_STR("redacted")), false)) {
        take_hidden(s, v, key, as_value_str(as_value_get(v, AS_STR("class"))),
                as_value_str(as_value_get(v, AS_STR("sha256"))));
        return;
    }
    for (size_t i = 0; v->kind == AS_OBJECT && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        bool is_value = as_str_is(m->key, "value") || as_str_is(m->key, "Value");
        bool data = depth == 0 && s->is_secret && as_str_is(m->key, "data");
        walk(s, m->value, is_value && name.n > 0 ? name : m->key, data || encoded, depth + 1);
    }
}

void as_value_search_run(as_value_search *s, const as_resource *resource, as_value_secrets *out)
{
    as_str kind = resource->kind;

    s->resource = resource;
    s->out = out;
    s->is_secret = as_str_is(resource->type, "v1/Secret");
    if (s->is_secret && as_value_get(resource->raw, AS_STR("sops")) != NULL)
        return;
    bool variable = as_str_is(kind, "terraform.variable") || as_str_is(kind, "terraform.local") ||
                    as_str_is(kind, "terraform.assignment");
    if (variable) {
        const as_value *value = as_value_get(resource->raw, AS_STR("value"));
        walk(s, value, resource->name, false, 1);
        walk(s, as_value_get(resource->raw, AS_STR("default")), resource->name, false, 1);
    } else if (!as_str_is(kind, "terraform.output") && !as_str_is(kind, "terraform.module_call")) {
        walk(s, resource->raw, AS_STR(""), false, 0);
    }
}
