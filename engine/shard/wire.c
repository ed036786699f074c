#include "engine/shard/wire.h"

#include "engine/base/limits.h"

/* --- writing ---------------------------------------------------------------------------------- */

void as_wire_begin(as_wire_out *out, as_arena *arena)
{
    *out = (as_wire_out){.arena = arena};
    as_buf_init(&out->buf, arena, (size_t)1 << 40);
}

/* Seven bits a byte, the lowest first. */
void as_wire_size(as_wire_out *out, uint64_t n)
{
    for (; n >= 0x80; n >>= 7)
        as_buf_char(&out->buf, (char)(0x80 | (n & 0x7f)));
    as_buf_char(&out->buf, (char)n);
}

void as_wire_long_text(as_wire_out *out, as_str text)
{
    as_wire_size(out, text.n);
    as_buf_str(&out->buf, text);
}

/* The number that was given to a key, or 0 after giving it the next one. */
static size_t number_of(as_wire_out *out, as_map *map, as_str key)
{
    size_t *known = as_map_get(map, key);

    if (known)
        return *known;
    known = AS_NEW(out->arena, size_t);
    *known = map->n + 1;
    as_map_put(out->arena, map, key, known);
    return 0;
}

void as_wire_text(as_wire_out *out, as_str text)
{
    size_t number = number_of(out, &out->texts, text);

    as_wire_size(out, number);
    if (number == 0)
        as_wire_long_text(out, text);
}

void as_wire_texts(as_wire_out *out, as_strs texts)
{
    as_wire_size(out, texts.n);
    for (size_t i = 0; i < texts.n; i++)
        as_wire_text(out, texts.items[i]);
}

static void put_fixed(as_wire_out *out, uint64_t bits)
{
    for (int i = 0; i < 8; i++)
        as_buf_char(&out->buf, (char)(bits >> (8 * i)));
}

void as_wire_double(as_wire_out *out, double d)
{
    uint64_t bits;

    memcpy(&bits, &d, sizeof bits);
    put_fixed(out, bits);
}

/* A pointer as a key that lives as long as the map. */
static as_str pointer_key(as_arena *arena, const void *p)
{
    const void **kept = AS_NEW(arena, const void *);

    *kept = p;
    return (as_str){(const char *)kept, sizeof *kept};
}

static size_t known_number(const as_map *map, const void *p)
{
    const size_t *number = as_map_get(map, (as_str){(const char *)&p, sizeof p});

    return number ? *number : 0;
}

static void give_number(as_wire_out *out, as_map *map, const void *p)
{
    (void)number_of(out, map, pointer_key(out->arena, p));
}

uint32_t as_wire_file(as_wire_out *out, uint32_t id)
{
    if (id == 0)
        return 0;
    as_str key = {(const char *)&id, sizeof id};
    const size_t *known = as_map_get(&out->file_numbers, key);
    if (known)
        return (uint32_t)*known;
    uint32_t *kept = AS_NEW(out->arena, uint32_t);
    *kept = id;
    (void)number_of(out, &out->file_numbers, (as_str){(const char *)kept, sizeof *kept});
    AS_VEC_PUSH(out->arena, &out->files, id);
    return (uint32_t)out->files.n;
}

void as_wire_span(as_wire_out *out, as_span span)
{
    as_wire_size(out, as_wire_file(out, span.file));
    as_wire_size(out, span.begin);
    as_wire_size(out, (uint32_t)(span.end - span.begin));
}

/* A chain is written from its first link that is new to the last, then what the last leads to. */
#define PUT_CHAIN(T, map, first, next, put_link)                                                   \
    do {                                                                                           \
        size_t n_new = 0, rest = 0;                                                                \
        for (const T *l = (first); l != NULL && (rest = known_number((map), l)) == 0; l = l->next) \
            n_new++;                                                                               \
        as_wire_size(out, n_new);                                                                  \
        as_wire_size(out, rest);                                                                   \
        for (const T *l = (first); n_new > 0; n_new--, l = l->next) {                              \
            put_link(out, l);                                                                      \
            give_number(out, (map), l);                                                            \
        }                                                                                          \
    } while (0)

static void put_ref(as_wire_out *out, const as_ref *ref)
{
    as_wire_text(out, ref->address);
    as_wire_text(out, ref->path);
    as_wire_span(out, ref->span);
}

static void put_step(as_wire_out *out, const as_trail *step)
{
    as_wire_span(out, step->span);
    as_wire_text(out, step->note);
}

static void put_call(as_wire_out *out, const as_call *call)
{
    as_wire_text(out, call->name);
    as_wire_span(out, call->span);
}

void as_wire_calls(as_wire_out *out, const as_call *calls)
{
    PUT_CHAIN(as_call, &out->calls, calls, outer, put_call);
}

static void put_meta(as_wire_out *out, const as_meta *meta)
{
    PUT_CHAIN(as_ref, &out->refs, meta->refs, next, put_ref);
    PUT_CHAIN(as_trail, &out->trails, meta->trail, next, put_step);
    as_wire_text(out, meta->reason);
    as_wire_text(out, meta->partial);
    as_wire_value(out, meta->decoded);
    as_wire_value(out, meta->pieces);
}

static void put_data(as_wire_out *out, const as_value *v)
{
    switch ((as_kind)v->kind) {
    case AS_NULL:
    case AS_UNKNOWN:
        break;
    case AS_BOOL:
        as_wire_size(out, v->as.boolean);
        break;
    case AS_INT:
        put_fixed(out, (uint64_t)v->as.integer);
        break;
    case AS_FLOAT:
        as_wire_double(out, v->as.number);
        break;
    case AS_BIGNUM:
    case AS_STRING:
        as_wire_text(out, v->as.str);
        break;
    case AS_LIST:
        as_wire_size(out, v->as.list.n);
        for (size_t i = 0; i < v->as.list.n; i++)
            as_wire_value(out, v->as.list.items[i]);
        break;
    case AS_OBJECT:
        as_wire_size(out, v->as.object->n);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_wire_text(out, m->key);
            as_wire_span(out, m->key_span);
            as_wire_value(out, m->value);
        }
        break;
    }
}

enum { NO_VALUE, NEW_VALUE, FIRST_KNOWN }; /* what a value begins with; then its number */

void as_wire_value(as_wire_out *out, const as_value *v)
{
    size_t known = v == NULL ? 0 : known_number(&out->values, v);

    if (v == NULL || known > 0) {
        as_wire_size(out, v == NULL ? (size_t)NO_VALUE : known - 1 + FIRST_KNOWN);
        return;
    }
    as_wire_size(out, NEW_VALUE);
    as_wire_size(out, v->kind);
    as_wire_size(out, v->flags);
    as_wire_span(out, v->span);
    as_wire_size(out, v->meta != NULL);
    if (v->meta)
        put_meta(out, v->meta);
    put_data(out, v);
    give_number(out, &out->values, v);
}

/* --- reading ---------------------------------------------------------------------------------- */

static unsigned char get_byte(as_wire_in *in)
{
    if (in->bad || in->p == in->end) {
        in->bad = true;
        return 0;
    }
    return (unsigned char)*in->p++;
}

uint64_t as_wire_get_size(as_wire_in *in)
{
    uint64_t n = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned char byte = get_byte(in);
        n |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return n;
    }
    in->bad = true;
    return 0;
}

size_t as_wire_get_count(as_wire_in *in)
{
    uint64_t n = as_wire_get_size(in), left = (uint64_t)(in->end - in->p);

    if (left < in->owed || n > left - in->owed) {
        in->bad = true;
        return 0;
    }
    return (size_t)n;
}

bool as_wire_get_bool(as_wire_in *in)
{
    return as_wire_get_size(in) != 0;
}

as_str as_wire_get_long_text(as_wire_in *in)
{
    size_t n = as_wire_get_count(in);
    as_str text = {in->p, n};

    in->p += n;
    return text;
}

as_str as_wire_get_text(as_wire_in *in)
{
    uint64_t number = as_wire_get_size(in);

    if (number > in->texts.n)
        in->bad = true;
    if (in->bad)
        return AS_STR("");
    if (number > 0)
        return in->texts.items[number - 1];
    as_str text = as_wire_get_long_text(in);
    AS_VEC_PUSH(in->arena, &in->texts, text);
    return text;
}

as_strs as_wire_get_texts(as_wire_in *in)
{
    size_t n = as_wire_get_count(in);
    as_str *items = AS_NEW_ARRAY(in->arena, as_str, n);

    for (size_t i = 0; i < n; i++)
        items[i] = as_wire_get_text(in);
    return (as_strs){items, n};
}

static uint64_t get_fixed(as_wire_in *in)
{
    uint64_t bits = 0;

    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)get_byte(in) << (8 * i);
    return bits;
}

double as_wire_get_double(as_wire_in *in)
{
    uint64_t bits = get_fixed(in);
    double d;

    memcpy(&d, &bits, sizeof d);
    return d;
}

const as_source *as_wire_get_file(as_wire_in *in)
{
    uint64_t number = as_wire_get_size(in);

    if (number > in->n_files)
        in->bad = true;
    return in->bad || number == 0 ? NULL : in->files[number - 1];
}

as_span as_wire_get_span(as_wire_in *in)
{
    const as_source *file = as_wire_get_file(in);
    uint32_t begin = (uint32_t)as_wire_get_size(in);
    uint32_t end = begin + (uint32_t)as_wire_get_size(in);

    if (in->bad || file == NULL)
        return AS_SPAN_NONE;
    uint32_t n = (uint32_t)file->text.n;
    return (as_span){file->id, begin < n ? begin : n, end < n ? end : n};
}

static void get_ref(as_wire_in *in, as_ref *ref)
{
    ref->address = as_wire_get_text(in);
    ref->path = as_wire_get_text(in);
    ref->span = as_wire_get_span(in);
}

static void get_step(as_wire_in *in, as_trail *step)
{
    step->span = as_wire_get_span(in);
    step->note = as_wire_get_text(in);
}

static void get_call(as_wire_in *in, as_call *call)
{
    call->name = as_wire_get_text(in);
    call->span = as_wire_get_span(in);
}

#define GET_CHAIN(T, name, list, next, get_link)                                                   \
    static const T *name(as_wire_in *in)                                                           \
    {                                                                                              \
        size_t n = as_wire_get_count(in);                                                          \
        uint64_t rest = as_wire_get_size(in);                                                      \
        in->bad = in->bad || rest > in->list.n;                                                    \
        const T *last = in->bad || rest == 0 ? NULL : in->list.items[rest - 1];                    \
        T *links = AS_NEW_ARRAY(in->arena, T, in->bad ? 0 : n); /* NOLINT: T is a type */          \
        for (size_t i = 0; i < n && !in->bad; i++) {                                               \
            get_link(in, &links[i]);                                                               \
            links[i].next = i + 1 < n ? &links[i + 1] : last;                                      \
            AS_VEC_PUSH(in->arena, &in->list, &links[i]);                                          \
        }                                                                                          \
        return in->bad ? NULL : n > 0 ? links : last;                                              \
    }

GET_CHAIN(as_ref, get_refs, refs, next, get_ref)
GET_CHAIN(as_trail, get_trail, trails, next, get_step)
GET_CHAIN(as_call, get_calls, calls, outer, get_call)

const as_call *as_wire_get_calls(as_wire_in *in)
{
    return get_calls(in);
}

/* The value that was read last is part of another one. */
static void add_extent(as_wire_in *in, as_wire_extent *whole)
{
    whole->nodes +=
            in->last.nodes; /* of each at most AS_WIRE_NODES: no overflow before it is bad */
    if (in->last.depth >= whole->depth)
        whole->depth = in->last.depth + 1;
    in->bad = in->bad || whole->nodes > AS_WIRE_NODES || whole->depth > AS_WIRE_DEPTH;
}

static const as_meta *get_meta(as_wire_in *in, as_wire_extent *whole)
{
    as_meta *meta = AS_NEW(in->arena, as_meta);

    meta->refs = get_refs(in);
    meta->trail = get_trail(in);
    meta->reason = as_wire_get_text(in);
    meta->partial = as_wire_get_text(in);
    meta->decoded = as_wire_get_value(in);
    add_extent(in, whole);
    meta->pieces = as_wire_get_value(in);
    add_extent(in, whole);
    return meta;
}

/* An element that is not there would be taken for null by nobody. */
static const as_value *get_present(as_wire_in *in, as_wire_extent *whole)
{
    const as_value *v = as_wire_get_value(in);

    if (v == NULL)
        in->bad = true;
    add_extent(in, whole);
    return v;
}

static void get_list(as_wire_in *in, as_value *v, as_wire_extent *whole)
{
    size_t n = as_wire_get_count(in);
    const as_value **items = AS_NEW_ARRAY(in->arena, const as_value *, n);

    in->owed += n;
    for (size_t i = 0; i < n && !in->bad; i++) {
        in->owed--;
        items[i] = get_present(in, whole);
    }
    v->as.list.items = items;
    v->as.list.n = in->bad ? 0 : n;
}

static void get_object(as_wire_in *in, as_value *v, as_wire_extent *whole)
{
    size_t n = as_wire_get_count(in);
    as_member *members = AS_NEW_ARRAY(in->arena, as_member, n);

    in->owed += n;
    for (size_t i = 0; i < n && !in->bad; i++) {
        in->owed--;
        members[i].key = as_wire_get_text(in);
        members[i].key_span = as_wire_get_span(in);
        members[i].value = get_present(in, whole);
    }
    v->as.object = as_value_object(in->arena, v->span, members, in->bad ? 0 : n)->as.object;
}

static void get_data(as_wire_in *in, as_value *v, as_wire_extent *whole)
{
    switch ((as_kind)v->kind) {
    case AS_NULL:
    case AS_UNKNOWN:
        break;
    case AS_BOOL:
        v->as.boolean = as_wire_get_bool(in);
        break;
    case AS_INT:
        v->as.integer = (int64_t)get_fixed(in);
        break;
    case AS_FLOAT:
        v->as.number = as_wire_get_double(in);
        break;
    case AS_BIGNUM:
    case AS_STRING:
        v->as.str = as_wire_get_text(in);
        break;
    case AS_LIST:
        get_list(in, v, whole);
        break;
    case AS_OBJECT:
        get_object(in, v, whole);
        break;
    }
}

const as_value *as_wire_get_value(as_wire_in *in)
{
    uint64_t lead = as_wire_get_size(in);

    in->last = (as_wire_extent){0};
    if (lead >= FIRST_KNOWN && lead - FIRST_KNOWN >= in->values.n)
        in->bad = true;
    if (in->bad || lead == NO_VALUE)
        return NULL;
    if (lead >= FIRST_KNOWN) {
        in->last = in->extents.items[lead - FIRST_KNOWN];
        return in->values.items[lead - FIRST_KNOWN];
    }
    uint64_t kind = as_wire_get_size(in);
    as_value *v = AS_NEW(in->arena, as_value);
    as_wire_extent whole = {.nodes = 1, .depth = 1};
    if (kind > AS_UNKNOWN || ++in->depth > AS_WIRE_DEPTH) {
        in->bad = true;
        return NULL;
    }
    v->kind = (uint8_t)kind;
    v->flags = (uint8_t)as_wire_get_size(in);
    v->span = as_wire_get_span(in);
    if (as_wire_get_bool(in))
        v->meta = get_meta(in, &whole);
    get_data(in, v, &whole);
    in->depth--;
    in->last = whole;
    AS_VEC_PUSH(in->arena, &in->values, v);
    AS_VEC_PUSH(in->arena, &in->extents, whole);
    return in->bad ? NULL : v;
}
