/* Time zones from the system's database (TZif, RFC 8536), for dateInZone. */
#include "parsers/gotmpl/gotime.h"

#include <stdio.h>

#define ZONES "/usr/share/zoneinfo/"

enum { MAX_ZONE_BYTES = 1 << 20 };

/* A name of the database stays within it. */
static bool good_name(as_str name)
{
    if (name.n == 0 || name.n > 200 || name.p[0] == '/' || as_str_contains(name, ".."))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '\0' || name.p[i] == '\\')
            return false;
    return true;
}

static bool read_zone(as_gotmpl *t, as_str name, as_str *out)
{
    if (!good_name(name))
        return false;
    char *path = as_str_cstr(t->arena, as_str_join(t->arena, AS_STR(ZONES), name));
    char *bytes = as_arena_alloc(t->arena, MAX_ZONE_BYTES);
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    size_t n = fread(bytes, 1, MAX_ZONE_BYTES, f);
    bool good = !ferror(f) && n >= 44 && memcmp(bytes, "TZif", 4) == 0;
    fclose(f);
    *out = (as_str){bytes, n};
    return good;
}

static int64_t big_endian(as_str s, size_t at, size_t n)
{
    uint64_t u = at < s.n && n == 4 && (unsigned char)s.p[at] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < n; i++)
        u = u << 8 | (at + i < s.n ? (unsigned char)s.p[at + i] : 0);
    return (int64_t)u;
}

typedef struct header {
    size_t n_utc, n_std, n_leap, n_times, n_types, n_chars;
} header;

static header read_header(as_str s, size_t at)
{
    size_t n[6];
    for (size_t i = 0; i < 6; i++)
        n[i] = (size_t)(uint32_t)big_endian(s, at + 20 + 4 * i, 4);
    return (header){n[0], n[1], n[2], n[3], n[4], n[5]};
}

static size_t body_size(const header *h, size_t time_size)
{
    return h->n_times * time_size + h->n_times + h->n_types * 6 + h->n_chars +
           h->n_leap * (time_size + 4) + h->n_std + h->n_utc;
}

/* The type of local time in force at `when`: the last change before it. */
static bool apply(as_gotmpl *t, as_str s, size_t at, const header *h, as_go_instant *when)
{
    size_t times = at, indexes = times + h->n_times * 8, types = indexes + h->n_times;
    size_t chars = types + h->n_types * 6;
    if (h->n_types == 0 || body_size(h, 8) > s.n - at)
        return false;
    size_t type = 0, lo = 0, hi = h->n_times;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (big_endian(s, times + 8 * mid, 8) <= when->seconds)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo > 0)
        type = (unsigned char)s.p[indexes + lo - 1];
    if (type >= h->n_types)
        return false;
    when->offset = (int32_t)big_endian(s, types + 6 * type, 4);
    size_t name = chars + (unsigned char)s.p[types + 6 * type + 5], end = name;
    while (end < s.n && s.p[end] != '\0')
        end++;
    when->zone = as_str_dup(t->arena, as_str_slice(s, name, end));
    return true;
}

bool as_go_time_in_zone(as_gotmpl *t, as_str zone, as_go_instant *instant)
{
    instant->offset = 0;
    instant->zone = AS_STR("UTC");
    if (zone.n == 0 || as_str_is(zone, "UTC") || as_str_is(zone, "Local"))
        return true;
    as_str s;
    if (!read_zone(t, zone, &s) || s.p[4] < '2')
        return false;
    header first = read_header(s, 0);
    size_t second = 44 + body_size(&first, 4);
    if (second > s.n || s.n - second < 44)
        return false;
    header h = read_header(s, second);
    return apply(t, s, second + 44, &h, instant);
}
