/* Comments, what they stand at and what they say, in any bytes as any syntax; and the same bytes as
 * text for a terminal. */
#include <stdlib.h>

#include "engine/rules/comments.h"
#include "engine/rules/suppress_parse.h"
#include "reporters/terminal.h"
#include "tests/fuzz/fuzz.h"

static void find(as_arena *arena, as_str text, as_comment_syntax syntax)
{
    as_comments comments = {0};
    as_extents blocks = {0};
    as_directives directives = {0};

    as_comments_find(arena, text, syntax, &comments);
    as_comment_blocks(arena, text, syntax, &blocks);
    for (size_t i = 0; i < comments.n && i < 64; i++) {
        const as_comment *c = &comments.items[i];
        as_extent extent = as_comment_target(text, syntax, c);
        if (c->end > text.n || extent.begin > extent.end || extent.end > text.n)
            abort();
        as_directives_parse(arena, as_str_slice(text, c->begin, c->end), &directives);
    }
}

static void show(as_arena *arena, as_sources *sources, as_str text)
{
    const as_source *source = as_sources_add(sources, AS_STR("a"), text, true);
    as_terminal terminal = {.sources = sources};
    as_span span = {source->id, (uint32_t)(text.n / 3), (uint32_t)(text.n / 2)};
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    as_terminal_excerpt(&buf, &terminal, span, AS_PAINT_NONE, text);
    for (size_t i = 0; i < buf.n; i++)
        if (((unsigned char)buf.p[i] < 0x20 && buf.p[i] != '\n') || buf.p[i] == 0x7f)
            abort();
}

void fuzz_comments(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    (void)detail;
    for (int syntax = AS_COMMENTS_NONE; syntax <= AS_COMMENTS_LINE; syntax++)
        find(arena, text, (as_comment_syntax)syntax);
    show(arena, sources, text);
}
