/* Lines of a part of a snapshot, and the same bytes as an output of the AWS CLI: whatever they
 * hold, they become resources or diagnostics. */
#include "engine/base/fs_memory.h"
#include "parsers/live/assemble.h"
#include "parsers/live/reader.h"
#include "tests/fuzz/fuzz.h"

extern const as_snapshot_reader as_snapshot_reader_aws;
extern const as_parser as_parser_aws_answers;

static void read_part(as_arena *arena, as_sources *sources, as_str text)
{
    as_diags diags;
    as_target target = {.path = AS_STR("manifest.json")};
    as_load load = {.arena = arena, .diags = &diags, .target = &target};
    as_snapshot_part items[2];
    as_snapshot_parts parts = {.items = items, .n = 2};

    as_diags_init(&diags, arena);
    items[0] = (as_snapshot_part){AS_STR("aws/123456789012/global/iam"),
            as_sources_add(sources, AS_STR("a.ndjson"), text, true)};
    items[1] = (as_snapshot_part){AS_STR("aws/123456789012/eu-west-1/ec2"),
            as_sources_add(sources, AS_STR("b.ndjson"), text, true)};
    as_snapshot_reader_aws.read(&load, AS_STR("123456789012"), &parts);
}

static void read_output(as_arena *arena, as_sources *sources, as_str text)
{
    as_diags diags;
    as_memory_file file = {AS_STR("describe.json"), text};
    as_fs *fs = as_fs_open_memory(&file, 1, sources);
    as_str path = file.path;
    as_target target = {.path = path, .files = {&path, 1}};
    as_load load = {.arena = arena, .fs = fs, .diags = &diags, .target = &target};

    as_diags_init(&diags, arena);
    as_parser_aws_answers.load(&load);
    as_fs_free(fs);
}

void fuzz_live(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    (void)detail;
    read_part(arena, sources, text);
    read_output(arena, sources, text);
}
