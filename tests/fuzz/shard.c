/* Results of shards, as `assay merge` reads them. Their bytes are compressed and hold numbers of
 * what came before: hostile ones are made here, out of a good result. */
#include <stdlib.h>

#include "engine/scan/scan.h"
#include "parsers/live/seal.h"
#include "tests/fuzz/fuzz.h"

static const char project[] =
        "variable \"password\" {\n  default = \"Tr0ub4dor-9x\"\n}\n"
        "locals {\n  tags = { team = \"a\", of = [1, 2.5, null, true] }\n}\n"
        "resource \"aws_db_instance\" \"d\" {\n  engine = \"postgres\"\n"
        "  password = var.password\n  tags = local.tags\n}\n"
        "resource \"aws_s3_bucket\" \"b\" {\n  count = 2\n  bucket = \"b-${count.index}\"\n"
        "  tags = merge(local.tags, { db = aws_db_instance.d.id })\n}\n"
        "# assay:ignore AWS-S3-001 reason=\"it is public\"\n"
        "resource \"aws_s3_bucket\" \"public\" {\n  acl = \"public-read\"\n}\n"
        "resource \"aws_security_group\" \"g\" {\n  ingress {\n    from_port = 22\n    to_port = "
        "22\n"
        "    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n";

static void free_scan(void *scan)
{
    as_scan_free(scan);
}

/* What a result of the project holds, uncompressed. */
static as_str good_frame(as_arena *arena)
{
    as_memory_file file = {AS_STR("main.tf"), {project, sizeof project - 1}};
    as_shard_head head = {.version = AS_STR("0")}, read;
    as_scan_options options = {.document = &file,
            .jobs = 1,
            .locate_fixes = true,
            .shard = {1, 1},
            .shard_head = &head,
            .today = AS_STR("2026-01-31")};
    as_scan *scan = as_scan_run(&options);
    as_str frame = {0}, problem;

    if (!scan)
        abort();
    as_arena_defer(arena, free_scan, scan);
    if (!as_shard_head_read(arena, AS_STR("r"), as_scan_shard_result(scan), &read, &problem) ||
            !as_zstd_decompress(arena, read.frame, (size_t)1 << 24, &frame))
        abort();
    return frame;
}

typedef struct edit {
    size_t at;
    unsigned what;
    unsigned char how;
} edit;

/* Four bytes an edit: where, what, and with which byte. */
static as_str edited(as_arena *arena, as_str frame, as_str edits)
{
    as_buf out;
    size_t limit = frame.n * 4 + 4096;

    as_buf_init(&out, arena, limit * 2);
    for (size_t i = 0; i + 4 <= edits.n && i < 4096 && frame.n < limit; i += 4) {
        const unsigned char *p = (const unsigned char *)edits.p + i;
        edit e = {((size_t)p[0] << 8 | p[1]) % (frame.n + 1), p[2] % 6u, p[3]};
        as_str before = as_str_slice(frame, 0, e.at), after = as_str_from_index(frame, e.at);
        size_t n = e.how < after.n ? e.how : after.n;
        as_buf_init(&out, arena, limit * 2);
        as_buf_str(&out, before);
        switch (e.what) {
        case 0: /* a byte of another value */
            as_buf_char(&out, (char)e.how);
            as_buf_str(&out, as_str_from_index(after, after.n > 0));
            break;
        case 1: /* one more */
            as_buf_char(&out, (char)e.how);
            as_buf_str(&out, after);
            break;
        case 2: /* some less */
            as_buf_str(&out, as_str_from_index(after, n));
            break;
        case 3: /* some twice */
            as_buf_str(&out, as_str_slice(after, 0, n));
            as_buf_str(&out, after);
            break;
        case 4: /* a large number */
            as_buf_str(&out, (as_str){"\xff\xff\xff\xff\xff\xff\xff\xff\xff", 1u + e.how % 9u});
            as_buf_char(&out, (char)(e.how & 0x7f));
            as_buf_str(&out, as_str_from_index(after, after.n > 0));
            break;
        default: /* what stands at another place */
            as_buf_str(
                    &out, as_str_slice(frame, (size_t)e.how * 37 % (frame.n + 1), (size_t)e.how));
            as_buf_str(&out, after);
        }
        frame = as_buf_view(&out);
    }
    return frame;
}

void fuzz_shard(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    bool is_frame = text.n > 0 && text.p[0] == '#';
    as_str frame = is_frame ? as_str_from_index(text, 1) : edited(arena, good_frame(arena), text);
    as_shard_head head = {.file = AS_STR("r"), .version = AS_STR("0"), .shard = {1, 1}};
    as_scan_options options = {
            .shards = &head, .n_shards = 1, .jobs = 1, .show_passed = true, .locate_fixes = true};

    (void)detail;
    (void)sources;
    options.today = AS_STR("2026-01-31");
    if (!as_zstd_compress(arena, frame, &head.frame))
        abort();
    as_scan *scan = as_scan_run(&options);
    if (!scan)
        abort();
    as_arena_defer(arena, free_scan, scan);
    if (as_scan_bad_shard(scan) == 0) {
        const as_report *report = as_scan_report(scan);
        for (size_t i = 0; i < report->n_findings; i++)
            if (report->findings[i].span.begin > report->findings[i].span.end)
                abort();
    } else if (text.n == 0)
        abort(); /* nothing was changed */
}
