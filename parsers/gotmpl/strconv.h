/* Go's package strconv, as far as templates show it: quoting, numbers to text and back. */
#ifndef AS_GOTMPL_STRCONV_H
#define AS_GOTMPL_STRCONV_H

#include "engine/base/buf.h"

/* strconv.Quote (quote '"') and QuoteRune ('\''); ASCII only: QuoteToASCII. */
void as_go_quote(as_buf *buf, as_str s, char quote, bool ascii_only);
/* A "…" or `…` literal with its quotes. False: invalid syntax. */
bool as_go_unquote(as_arena *arena, as_str literal, as_str *out) AS_MUST_CHECK;
/* A '…' literal with its quotes. */
bool as_go_unquote_rune(as_arena *arena, as_str literal, uint32_t *out) AS_MUST_CHECK;
/* The first n code points. */
as_str as_go_runes_prefix(as_str s, size_t n);

typedef enum as_go_parsed { AS_GO_PARSED, AS_GO_BAD_SYNTAX, AS_GO_OUT_OF_RANGE } as_go_parsed;

/* Base 0: by prefix (0x, 0o, 0b, 0), with underscores. Out of range: the nearest value. */
as_go_parsed as_go_parse_int(as_str s, int base, int bits, int64_t *out);
as_go_parsed as_go_parse_uint(as_str s, int base, int bits, uint64_t *out);
as_go_parsed as_go_parse_float(as_str s, double *out);

/* strconv.FormatFloat: fmt is one of e E f g G; precision -1: the shortest that reads back. */
void as_go_format_float(as_buf *buf, double d, char fmt, int precision, int bits);
/* fmt's %v of a float: the shortest, with an exponent below -4 and from 6 on. */
void as_go_float_text(as_buf *buf, double d, int bits);

#endif
