#include "reporters/audit/tar.h"

#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"

enum { BLOCK = 512, NAME = 100, MAX_MEMBERS = 1000 };

typedef struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100],
            magic[6], version[2];
    char user[32], group[32], major[8], minor[8], prefix[155], rest[12];
} header;

_Static_assert(sizeof(header) == BLOCK, "a header is a block");

/* The sum of all bytes, the field itself taken as blanks. */
static unsigned sum_of(const header *h)
{
    const unsigned char *bytes = (const unsigned char *)h;
    size_t from = offsetof(header, checksum);
    unsigned sum = 0;

    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= from && i < from + sizeof h->checksum ? ' ' : bytes[i];
    return sum;
}

static void write_member(as_buf *out, const as_bundle_file *file, int64_t when)
{
    header h = {0};

    memcpy(h.name, file->name.p, file->name.n < NAME ? file->name.n : NAME - 1);
    snprintf(h.mode, sizeof h.mode, "%07o", 0644U);
    snprintf(h.uid, sizeof h.uid, "%07o", 0U);
    snprintf(h.gid, sizeof h.gid, "%07o", 0U);
    snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)file->text.n & 077777777777ULL);
    snprintf(h.mtime, sizeof h.mtime, "%011llo", (unsigned long long)when & 077777777777ULL);
    h.type = '0';
    memcpy(h.magic, "ustar", sizeof h.magic);
    memcpy(h.version, "00", sizeof h.version);
    snprintf(h.checksum, sizeof h.checksum, "%06o", sum_of(&h) & 0777777U);
    h.checksum[7] = ' ';
    as_buf_add(out, &h, sizeof h);
    as_buf_str(out, file->text);
    as_buf_repeat(out, '\0', (BLOCK - file->text.n % BLOCK) % BLOCK);
}

as_str as_tar_write(as_arena *arena, const as_bundle_files *files, int64_t when)
{
    as_buf out;

    as_buf_init(&out, arena, AS_MAX_UNIT_BYTES);
    for (size_t i = 0; i < files->n; i++)
        write_member(&out, &files->items[i], when);
    as_buf_repeat(&out, '\0', (size_t)2 * BLOCK);
    return as_buf_view(&out);
}

static bool octal(const char *digits, size_t n, size_t *out)
{
    size_t value = 0;

    for (size_t i = 0; i < n && digits[i] != '\0' && digits[i] != ' '; i++) {
        if (digits[i] < '0' || digits[i] > '7')
            return false;
        value = value * 8 + (size_t)(digits[i] - '0');
    }
    *out = value;
    return true;
}

static bool is_end(as_str block)
{
    for (size_t i = 0; i < block.n; i++)
        if (block.p[i] != '\0')
            return false;
    return true;
}

bool as_tar_read(as_arena *arena, as_str text, as_bundle_files *files)
{
    for (size_t at = 0; at + BLOCK <= text.n;) {
        header h;
        size_t size, sum;
        if (is_end(as_str_slice(text, at, at + BLOCK)))
            return files->n > 0;
        memcpy(&h, text.p + at, sizeof h);
        at += BLOCK;
        if (memcmp(h.magic, "ustar", 5) != 0 || (h.type != '0' && h.type != '\0') ||
                h.name[NAME - 1] != '\0' || h.prefix[0] != '\0' || files->n >= MAX_MEMBERS ||
                !octal(h.size, sizeof h.size, &size) ||
                !octal(h.checksum, sizeof h.checksum, &sum) || sum != sum_of(&h) ||
                size > text.n - at)
            return false;
        AS_VEC_PUSH(arena, files,
                (as_bundle_file){
                        as_str_dup(arena, as_str_from(h.name)), as_str_slice(text, at, at + size)});
        at += (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return false; /* without its end: cut off */
}
