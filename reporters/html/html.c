#include "reporters/html/html.h"

#include <openssl/evp.h>

#include "engine/base/base64.h"
#include "reporters/html/internal.h"
#include "reporters/reporter.h"

as_str as_html_part(const char *name)
{
    for (size_t i = 0; i < as_html_files_n; i++) {
        as_str path = as_html_files[i].path;
        if (as_str_is(as_str_from_index(path, as_str_rfind_char(path, '/') + 1), name))
            return as_html_files[i].text;
    }
    return AS_STR("");
}

/* All scripts in the order of their names; they only declare, and page.js begins when the page is
 * there. */
static as_str all_scripts(as_arena *arena)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    as_buf_cstr(&buf, "\"use strict\";\n");
    for (size_t i = 0; i < as_html_files_n; i++)
        if (as_str_ends(as_html_files[i].path, ".js"))
            as_buf_str(&buf, as_html_files[i].text);
    return as_buf_view(&buf);
}

/* 'sha256-…' of a script or style, as a Content-Security-Policy names it (CSP Level 3 §2.3.1). */
static as_str hash_source(as_arena *arena, as_str text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (EVP_Digest(text.p, text.n, digest, &n, EVP_sha256(), NULL) != 1)
        return AS_STR("'none'");
    as_str encoded = as_base64_encode(arena, (as_str){(const char *)digest, n});
    return as_str_fmt(arena, "'sha256-%.*s'", AS_STR_ARG(encoded));
}

static as_str policy_of(as_arena *arena, as_str style, as_str script)
{
    return as_str_fmt(arena,
            "default-src 'none'; base-uri 'none'; form-action 'none'; style-src %.*s; "
            "script-src %.*s",
            AS_STR_ARG(hash_source(arena, style)), AS_STR_ARG(hash_source(arena, script)));
}

as_str as_html_policy(as_arena *arena)
{
    return policy_of(arena, as_html_part("style.css"), all_scripts(arena));
}

static void add_text(as_buf *buf, as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '<' || c == '>' || c == '&' || c == '"')
            as_buf_fmt(buf, "&#%d;", c);
        else
            as_buf_char(buf, c);
    }
}

/* No text of the data may end the element that holds it (HTML §4.12.1.3): in JSON a '<' can be
 * written otherwise, and it stands in texts alone. */
static void add_data(void *self, as_str piece)
{
    as_buf *out = self;

    for (size_t from = 0; from < piece.n;) {
        const char *at = memchr(piece.p + from, '<', piece.n - from);
        size_t to = at ? (size_t)(at - piece.p) : piece.n;
        as_buf_add(out, piece.p + from, to - from);
        if (at)
            as_buf_cstr(out, "\\u003c");
        from = at ? to + 1 : to;
    }
}

static void add_part(as_buf *buf, const as_audit *audit, as_str name, as_str style, as_str script)
{
    if (as_str_is(name, "policy")) {
        as_buf_str(buf, policy_of(buf->arena, style, script));
    } else if (as_str_is(name, "title")) {
        add_text(buf, audit->title);
    } else if (as_str_is(name, "style")) {
        as_buf_str(buf, style);
    } else if (as_str_is(name, "script")) {
        as_buf_str(buf, script);
    } else if (as_str_is(name, "data")) {
        as_buf data;
        as_buf_init_sink(&data, buf->arena, add_data, buf);
        as_html_data(&data, audit);
        as_buf_flush(&data);
    }
}

void as_html_write(as_buf *buf, const as_audit *audit)
{
    as_str page = as_html_part("page.html"), style = as_html_part("style.css");
    as_str script = all_scripts(buf->arena);

    for (;;) {
        size_t begin = as_str_find(page, AS_STR("{{"));
        size_t end = as_str_find(page, AS_STR("}}"));
        if (begin == (size_t)-1 || end == (size_t)-1)
            break;
        as_buf_str(buf, as_str_slice(page, 0, begin));
        add_part(buf, audit, as_str_slice(page, begin + 2, end), style, script);
        page = as_str_from_index(page, end + 2);
    }
    as_buf_str(buf, page);
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_audit_options options = {.title = report->root};
    as_diags ignored; /* the frameworks that are built in have been checked by the tests */

    (void)style;
    as_diags_init(&ignored, buf->arena);
    as_html_write(buf, as_audit_of(buf->arena, report, &options, &ignored));
}

const as_reporter as_reporter_html = {
        .name = "html",
        .summary = "one page for people: by control, with search (more: assay report)",
        .extension = "html",
        .write = write,
};
