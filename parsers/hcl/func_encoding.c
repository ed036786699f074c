/* Encodings of text: Terraform internal/lang/funcs/encoding.go and go-cty stdlib/csv.go;
 * base64gunzip and urldecode are OpenTofu's. */
#include <archive.h>

#include "engine/base/base64.h"
#include "engine/base/limits.h"
#include "engine/base/map.h"
#include "engine/base/utf8.h"
#include "parsers/hcl/charset.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/gzip.h"

/* --- base64 --------------------------------------------------------------------------------------- */

static const as_value *fn_base64encode(as_hcl_call *call)
{
    return as_fn_string(call, as_base64_encode(call->arena, as_fn_arg_str(call, 0)));
}

/* The first argument decoded; false after a failure. */
static bool decoded(as_hcl_call *call, as_str *bytes)
{
    as_str text = as_fn_arg_str(call, 0);
    if (as_base64_decode(call->arena, text, bytes, NULL)) {
        return true;
    }
    if (as_hcl_marks(call->args[0]) & AS_SENSITIVE) {
        as_fn_fail(call, "failed to decode base64 data (sensitive value)");
    } else {
        as_fn_fail(call, "failed to decode base64 data \"%.*s\"", AS_STR_ARG(text));
    }
    return false;
}

static const as_value *fn_base64decode(as_hcl_call *call)
{
    unsigned marks = as_hcl_marks(call->args[0]);
    as_str bytes;
    if (!as_hcl_is_known(call->args[0])) {
        return as_hcl_with_marks(call->arena, as_fn_unknown(call, &as_type_string), marks);
    }
    if (!decoded(call, &bytes)) {
        return NULL;
    }
    if (!as_utf8_valid(bytes)) {
        return as_fn_fail(call, "the result of decoding the provided string is not valid UTF-8");
    }
    return as_hcl_with_marks(call->arena, as_fn_string(call, bytes), marks);
}

/* --- gzip ----------------------------------------------------------------------------------------- */

static const as_value *fn_base64gzip(as_hcl_call *call)
{
    as_str packed = as_gzip(call->arena, as_fn_arg_str(call, 0));
    return as_fn_string(call, as_base64_encode(call->arena, packed));
}

static void close_archive(void *object)
{
    struct archive **archive = object;
    archive_read_free(*archive);
    *archive = NULL;
}

/* libarchive's raw format gives the one member of a gzip file. */
static const as_value *fn_base64gunzip(as_hcl_call *call)
{
    as_str bytes;
    if (!decoded(call, &bytes)) {
        return NULL;
    }
    struct archive **kept = AS_NEW(call->arena, struct archive *);
    struct archive *archive = *kept = archive_read_new();
    struct archive_entry *entry;
    if (!archive) {
        as_arena_unwind(call->arena, AS_CAUSE_MEMORY);
    }
    as_arena_defer(call->arena, close_archive, kept);
    as_buf out;
    char chunk[16384];
    la_ssize_t n = -1;
    as_buf_init(&out, call->arena, 0);
    if (archive_read_support_filter_gzip(archive) == ARCHIVE_OK &&
            archive_read_support_format_raw(archive) == ARCHIVE_OK &&
            archive_read_open_memory(archive, bytes.p, bytes.n) == ARCHIVE_OK &&
            archive_filter_code(archive, 0) == ARCHIVE_FILTER_GZIP &&
            archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        while ((n = archive_read_data(archive, chunk, sizeof chunk)) > 0) {
            as_buf_add(&out, chunk, (size_t)n);
        }
    }
    close_archive(kept);
    if (n < 0) {
        return as_fn_fail(call, "failed to gunzip bytestream: gzip: invalid header");
    }
    return as_hcl_with_marks(
            call->arena, as_fn_string(call, as_buf_view(&out)), as_hcl_marks(call->args[0]));
}

/* --- URLs ----------------------------------------------------------------------------------------- */

static const as_value *fn_urlencode(as_hcl_call *call)
{
    static const char plain[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    as_str s = as_fn_arg_str(call, 0);
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ') {
            as_buf_char(&out, '+');
        } else if (as_char_in(s.p[i], plain)) {
            as_buf_char(&out, s.p[i]);
        } else {
            as_buf_fmt(&out, "%%%02X", (unsigned)(unsigned char)s.p[i]);
        }
    }
    return as_fn_string(call, as_buf_view(&out));
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static const as_value *fn_urldecode(as_hcl_call *call)
{
    as_str s = as_fn_arg_str(call, 0);
    as_buf out;
    as_buf_init(&out, call->arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%') {
            as_buf_char(&out, s.p[i] == '+' ? ' ' : s.p[i]);
            continue;
        }
        int high = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
        int low = i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;
        if (high < 0 || low < 0) {
            as_str escape = as_str_slice(s, i, i + 3);
            return as_fn_fail(call, "failed to decode URL '': invalid URL escape \"%.*s\"",
                    AS_STR_ARG(escape));
        }
        as_buf_char(&out, (char)(high << 4 | low));
        i += 2;
    }
    return as_fn_string(call, as_buf_view(&out));
}

/* --- character sets ------------------------------------------------------------------------------- */

static const as_charset *charset(as_hcl_call *call)
{
    const as_charset *found = as_charset_find(as_fn_arg_str(call, 1));
    return found ? found
                 : as_fn_fail_arg(call, 1,
                           "\"%.*s\" is not a supported IANA encoding name or alias in this "
                           "Terraform version",
                           AS_STR_ARG(as_fn_arg_str(call, 1)));
}

static const as_value *fn_textencodebase64(as_hcl_call *call)
{
    as_str bytes;
    const as_charset *to = charset(call);
    if (!to) {
        return NULL;
    }
    if (!as_charset_encode(call->arena, to, as_fn_arg_str(call, 0), &bytes)) {
        return as_fn_fail_arg(call, 0,
                "the given string contains characters that cannot be represented in %s", to->name);
    }
    return as_fn_string(call, as_base64_encode(call->arena, bytes));
}

static const as_value *fn_textdecodebase64(as_hcl_call *call)
{
    as_str bytes, text;
    size_t at;
    const as_charset *from = charset(call);
    if (!from) {
        return NULL;
    }
    if (!as_base64_decode(call->arena, as_fn_arg_str(call, 0), &bytes, &at)) {
        return as_fn_fail_arg(
                call, 0, "the given value has an invalid base64 symbol at offset %zu", at);
    }
    if (!as_charset_decode(call->arena, from, bytes, &text)) {
        return as_fn_fail_arg(call, 0,
                "the given string contains symbols that are not defined for %s", from->name);
    }
    return as_fn_string(call, text);
}

/* --- CSV: Go's encoding/csv (RFC 4180 with line ends of either kind) ------------------------------------ */

typedef AS_VEC(as_str) fields;

typedef struct csv_reader {
    as_hcl_call *call;
    as_str rest;
    size_t line; /* from 1, of what was read last */
} csv_reader;

/* The next line with its end, "\r\n" as "\n"; false at the end of the text. */
static bool read_line(csv_reader *r, as_str *line)
{
    if (r->rest.n == 0) {
        return false;
    }
    size_t end = as_str_find_char(r->rest, '\n');
    bool complete = end != (size_t)-1;
    *line = as_str_slice(r->rest, 0, complete ? end + 1 : r->rest.n);
    r->rest = as_str_from_index(r->rest, line->n);
    r->line++;
    if (!complete && as_str_ends(*line, "\r")) {
        line->n--;
    } else if (as_str_ends(*line, "\r\n")) {
        *line = as_str_join(r->call->arena, as_str_slice(*line, 0, line->n - 2), AS_STR("\n"));
    }
    return true;
}

static bool csv_error(csv_reader *r, size_t line, const char *what)
{
    as_fn_fail(r->call, "CSV parse error on line %zu: %s", line, what);
    return false;
}

/* A field in quotes, the opening one taken off *line; behind it *line is the rest after the comma,
 * and *more tells that there was one. */
static bool quoted_field(csv_reader *r, as_str *line, as_buf *out, bool *more)
{
    for (;;) {
        size_t quote = as_str_find_char(*line, '"');
        if (quote == (size_t)-1) {
            as_buf_str(out, *line);
            if (!read_line(r, line)) {
                return csv_error(r, r->line, "extraneous or missing \" in quoted-field");
            }
            continue;
        }
        as_buf_str(out, as_str_slice(*line, 0, quote));
        *line = as_str_from_index(*line, quote + 1);
        if (as_str_starts(*line, "\"")) {
            as_buf_char(out, '"');
            *line = as_str_from_index(*line, 1);
            continue;
        }
        *more = as_str_starts(*line, ",");
        if (*more) {
            *line = as_str_from_index(*line, 1);
        }
        return *more || line->n == 0 || as_str_is(*line, "\n") ||
               csv_error(r, r->line, "extraneous or missing \" in quoted-field");
    }
}

/* False at the end, or after a failure. */
static bool read_record(csv_reader *r, fields *out)
{
    as_str line;
    out->n = 0;
    do {
        if (!read_line(r, &line)) {
            return false;
        }
    } while (as_str_is(line, "\n") || line.n == 0);
    for (bool more = true; more;) {
        as_str field;
        if (as_str_starts(line, "\"")) {
            as_buf text;
            as_buf_init(&text, r->call->arena, 0);
            line = as_str_from_index(line, 1);
            if (!quoted_field(r, &line, &text, &more)) {
                return false;
            }
            field = as_buf_view(&text);
        } else {
            size_t comma = as_str_find_char(line, ',');
            more = comma != (size_t)-1;
            size_t end = more ? comma : line.n - as_str_ends(line, "\n");
            field = as_str_slice(line, 0, end);
            line = as_str_from_index(line, end + 1);
            if (as_str_find_char(field, '"') != (size_t)-1) {
                return csv_error(r, r->line, "bare \" in non-quoted-field");
            }
        }
        AS_VEC_PUSH(r->call->arena, out, field);
    }
    return true;
}

static bool read_header(csv_reader *r, fields *header)
{
    as_map seen = {0};
    if (!read_record(r, header)) {
        if (r->call->error.n == 0) {
            as_fn_fail(r->call, "missing header line");
        }
        return false;
    }
    for (size_t i = 0; i < header->n; i++) {
        if (as_map_put(r->call->arena, &seen, header->items[i], &seen)) {
            as_fn_fail(r->call, "duplicate column name \"%.*s\"", AS_STR_ARG(header->items[i]));
            return false;
        }
    }
    return true;
}

static const as_type *type_csvdecode(as_hcl_call *call)
{
    fields header = {0};
    if (!as_hcl_is_known(call->args[0])) {
        return &as_type_any;
    }
    csv_reader r = {.call = call, .rest = as_fn_arg_str(call, 0)};
    if (!read_header(&r, &header)) {
        return NULL;
    }
    as_type_field *types = AS_NEW_ARRAY(call->arena, as_type_field, header.n);
    for (size_t i = 0; i < header.n; i++) {
        types[i] = (as_type_field){.name = header.items[i], .type = &as_type_string};
    }
    return as_type_list(call->arena, as_type_object(call->arena, types, header.n));
}

static const as_value *fn_csvdecode(as_hcl_call *call)
{
    csv_reader r = {.call = call, .rest = as_fn_arg_str(call, 0)};
    fields header = {0}, row = {0};
    as_list_builder rows;
    if (!read_header(&r, &header)) {
        return NULL;
    }
    as_list_begin(&rows, call->arena);
    while (read_record(&r, &row)) {
        if (row.n != header.n) {
            csv_error(&r, r.line, "wrong number of fields");
            return NULL;
        }
        as_member *members = AS_NEW_ARRAY(call->arena, as_member, row.n);
        for (size_t i = 0; i < row.n; i++) {
            members[i] =
                    (as_member){.key = header.items[i], .value = as_fn_string(call, row.items[i])};
        }
        as_list_add(&rows, as_hcl_object(call->arena, call->span, members, row.n));
    }
    if (call->error.n > 0) {
        return NULL;
    }
    return as_hcl_list(call->arena, call->span, call->type->element, as_list_items(&rows), rows.n);
}

#define STRING &as_type_string

static const as_hcl_function functions[] = {
        {.name = "base64decode",
                .impl = fn_base64decode,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_MARKED | AS_PARAM_UNKNOWN}}},
        {.name = "base64encode",
                .impl = fn_base64encode,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "base64gunzip",
                .impl = fn_base64gunzip,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, AS_PARAM_MARKED}}},
        {.name = "base64gzip",
                .impl = fn_base64gzip,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "csvdecode",
                .impl = fn_csvdecode,
                .type = type_csvdecode,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "textdecodebase64",
                .impl = fn_textdecodebase64,
                .result = STRING,
                .not_null = true,
                .params = {{"source", STRING, 0}, {"encoding", STRING, 0}}},
        {.name = "textencodebase64",
                .impl = fn_textencodebase64,
                .result = STRING,
                .not_null = true,
                .params = {{"string", STRING, 0}, {"encoding", STRING, 0}}},
        {.name = "urldecode",
                .impl = fn_urldecode,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {.name = "urlencode",
                .impl = fn_urlencode,
                .result = STRING,
                .not_null = true,
                .params = {{"str", STRING, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_encoding = {"encoding", functions};
