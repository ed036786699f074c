#include "engine/base/buf.h"
#include "parsers/hcl/deflate.h"
#include "parsers/hcl/gzip.h"

static void put_le(as_buf *out, uint32_t v, int n_bytes)
{
    for (int i = 0; i < n_bytes; i++) {
        as_buf_char(out, (char)(v >> (8 * i) & 0xFF));
    }
}

/* RFC 1952 §8, a bit at a time */
static uint32_t crc32_of(as_str bytes)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < bytes.n; i++) {
        crc ^= (unsigned char)bytes.p[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
        }
    }
    return ~crc;
}

as_str as_gzip(as_arena *arena, as_str bytes)
{
    static const char header[] = {0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, (char)0xff};
    as_buf out;
    as_arena_spend(arena, bytes.n * 4);
    as_buf_init(&out, arena, 0);
    as_buf_add(&out, header, sizeof header);
    as_deflate(&out, bytes);
    put_le(&out, crc32_of(bytes), 4);
    put_le(&out, (uint32_t)bytes.n, 4);
    return as_buf_view(&out);
}
