/* What AWS's services and the files of its tools may hold: answers in each protocol, with their
 * errors, pages and redaction, and profiles. The last two bytes choose the operation, the
 * one before them the status. */
#include <stdint.h>
#include <stdlib.h>

#include "parsers/live/aws/answer.h"
#include "parsers/live/aws/plan.h"
#include "parsers/live/aws/profile.h"
#include "parsers/live/aws/redact_paths.h"
#include "tests/fuzz/fuzz.h"

static void visit(void *self, const as_value *item)
{
    const as_aws_step *step = self;
    as_arena *arena = as_arena_new(0);
    as_guard guard;

    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        if (as_aws_when(step->when, item)) {
            const as_value *params =
                    as_aws_params(arena, step->params, item, NULL, AS_STR("111122223333"));
            as_aws_page page = {.limit = 10};
            if (params)
                (void)as_aws_request_make(
                        arena, step->operation, AS_STR("https://localhost"), params, &page);
        }
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
}

static void answer(
        as_arena *arena, const as_aws_tables *tables, as_aws_step *step, int status, as_str body)
{
    as_http_answer http = {.status = status, .body = body};
    as_aws_answer read = as_aws_answer_read(arena, step->operation, &http);
    as_aws_page page = {0}, next;
    bool loop;

    (void)as_aws_is_absent(step, read.code, read.message);
    if (!read.body)
        return;
    (void)as_aws_next_page(arena, step->operation, read.body, &page, &next, &loop);
    as_buf text;
    as_buf_init(&text, arena, 0);
    as_value_write_json(&text,
            as_aws_redact_paths(arena, as_secret_finder_new(arena), read.body, step->redact),
            (as_json_style){0});
    for (size_t i = 0; i < tables->n_steps; i++)
        if (as_str_eq(tables->steps[i].after, step->operation->id))
            as_aws_items(read.body, tables->steps[i].items, visit, &tables->steps[i]);
}

void fuzz_aws(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    static const as_aws_tables *tables;
    static as_arena *kept;
    as_aws_profiles profiles = {0};
    size_t which = as_fuzz_choice(text, 0) * 256u + as_fuzz_choice(text, 1);
    unsigned third = as_fuzz_choice(text, 2);

    (void)sources;
    (void)detail;
    if (!kept) {
        kept = as_arena_new(0);
        tables = as_aws_tables_load(kept);
    }
    answer(arena, tables, &tables->steps[which % tables->n_steps], third & 1 ? 403 : 200, text);
    as_aws_profiles_add(arena, &profiles, text, third & 2);
}
