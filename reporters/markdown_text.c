#include "reporters/markdown_text.h"

#include "engine/base/utf8.h"

void as_markdown_text(as_buf *out, as_str text)
{
    for (size_t at = 0; at < text.n;) {
        uint32_t rune = as_utf8_next(text, &at);
        if (rune == '<')
            as_buf_cstr(out, "&lt;");
        else if (rune == '>')
            as_buf_cstr(out, "&gt;");
        else if (rune == '&')
            as_buf_cstr(out, "&amp;");
        else if (rune == '@')
            as_buf_cstr(out, "&#64;");
        else if (rune < 0x20 || rune == 0x7f)
            as_buf_char(out, ' ');
        else if (rune < 0x80 && as_char_in((char)rune, "\\`*_{}[]()#|~!"))
            as_buf_fmt(out, "\\%c", (char)rune);
        else
            as_buf_rune(out, rune);
    }
}

void as_markdown_code(as_buf *out, as_str text)
{
    size_t run = 0, longest = 0;

    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    as_buf_repeat(out, '`', longest + 1);
    if (longest > 0)
        as_buf_char(out, ' ');
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '|')
            as_buf_cstr(out, "\\|");
        else
            as_buf_char(out, c < 0x20 || c == 0x7f ? ' ' : (char)c);
    }
    if (longest > 0)
        as_buf_char(out, ' ');
    as_buf_repeat(out, '`', longest + 1);
}
