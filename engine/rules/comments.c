#include "engine/rules/comments.h"

#include "engine/base/fs.h"
#include "engine/rules/suppress_parse.h"

enum { MAX_NESTING = 64 }; /* of strings in interpolations in strings */

as_comment_syntax as_comment_syntax_of(as_str path)
{
    static const struct {
        const char *ext;
        as_comment_syntax syntax;
    } table[] = {
            {".tf", AS_COMMENTS_HCL},
            {".tofu", AS_COMMENTS_HCL},
            {".hcl", AS_COMMENTS_HCL},
            {".tfvars", AS_COMMENTS_HCL},
            {".yaml", AS_COMMENTS_YAML},
            {".yml", AS_COMMENTS_YAML},
            {".tpl", AS_COMMENTS_YAML},
            {".gotmpl", AS_COMMENTS_YAML},
            {".txt", AS_COMMENTS_YAML},
            {".json", AS_COMMENTS_NONE},
            {".tfstate", AS_COMMENTS_NONE},
            {".tfplan", AS_COMMENTS_NONE},
    };
    as_str ext = as_path_ext(path);

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (as_str_is(ext, table[i].ext))
            return table[i].syntax;
    return AS_COMMENTS_LINE;
}

static size_t line_start(as_str text, size_t at)
{
    while (at > 0 && text.p[at - 1] != '\n')
        at--;
    return at;
}

/* Behind the line's "\n", or the end. */
static size_t line_end(as_str text, size_t at)
{
    while (at < text.n && text.p[at] != '\n')
        at++;
    return at < text.n ? at + 1 : at;
}

static size_t skip_blanks(as_str text, size_t at)
{
    while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'))
        at++;
    return at;
}

static bool looking_at(as_str text, size_t at, const char *word)
{
    return as_str_starts(as_str_from_index(text, at), word);
}

static void add(as_arena *arena, as_comments *out, as_str text, size_t begin, size_t end)
{
    size_t start = line_start(text, begin);
    as_comment comment = {(uint32_t)begin, (uint32_t)end, skip_blanks(text, start) == begin};

    AS_VEC_PUSH(arena, out, comment);
}

/* --- HCL (spec: hclsyntax, "Lexical Elements") -------------------------------------------------- */

typedef enum hcl_token {
    HCL_END,
    HCL_COMMENT,
    HCL_OPEN,
    HCL_CLOSE,
    HCL_NEWLINE,
    HCL_OTHER
} hcl_token;
typedef enum hcl_mode { HCL_CODE, HCL_STRING, HCL_HEREDOC } hcl_mode;

typedef struct hcl_scan {
    as_str text;
    size_t at, begin; /* of the token: [begin, at) */
    struct {
        hcl_mode mode;
        size_t braces; /* open in this stretch of code */
        as_str delimiter;
    } stack[MAX_NESTING];
    size_t depth; /* index of the innermost */
} hcl_scan;

static bool push(hcl_scan *scan, hcl_mode mode)
{
    if (scan->depth + 1 >= MAX_NESTING)
        return false;
    scan->depth++;
    scan->stack[scan->depth].mode = mode;
    scan->stack[scan->depth].braces = 0;
    return true;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* "<<EOT" or "<<-EOT" and the end of the line. */
static bool start_heredoc(hcl_scan *scan)
{
    size_t from = scan->at + 2, to;

    if (from < scan->text.n && scan->text.p[from] == '-')
        from++;
    for (to = from; to < scan->text.n && is_word(scan->text.p[to]);)
        to++;
    if (to == from || to >= scan->text.n || (scan->text.p[to] != '\n' && scan->text.p[to] != '\r'))
        return false;
    if (!push(scan, HCL_HEREDOC))
        return false;
    scan->stack[scan->depth].delimiter = as_str_slice(scan->text, from, to);
    scan->at = line_end(scan->text, to);
    return true;
}

static hcl_token code_token(hcl_scan *scan)
{
    char c = scan->text.p[scan->at];
    size_t *braces = &scan->stack[scan->depth].braces;

    if (c == '#' || looking_at(scan->text, scan->at, "//")) {
        while (scan->at < scan->text.n && scan->text.p[scan->at] != '\n')
            scan->at++;
        return HCL_COMMENT;
    }
    if (looking_at(scan->text, scan->at, "/*")) {
        size_t length = as_str_find(as_str_from_index(scan->text, scan->at + 2), AS_STR("*/"));
        scan->at = length == (size_t)-1 ? scan->text.n : scan->at + 2 + length + 2;
        return HCL_COMMENT;
    }
    if (looking_at(scan->text, scan->at, "<<") && start_heredoc(scan))
        return HCL_OTHER;
    scan->at++;
    switch (c) {
    case '\n':
        return HCL_NEWLINE;
    case '"':
        return push(scan, HCL_STRING) ? HCL_OTHER : HCL_END;
    case '{':
    case '[':
    case '(':
        ++*braces;
        return HCL_OPEN;
    case '}':
    case ']':
    case ')':
        if (*braces == 0 && scan->depth > 0) {
            scan->depth--; /* the end of an interpolation */
            return HCL_OTHER;
        }
        *braces -= *braces > 0;
        return HCL_CLOSE;
    default:
        return HCL_OTHER;
    }
}

/* "${" and "%{" start an interpolation, "$${" and "%%{" do not. */
static bool interpolation(hcl_scan *scan)
{
    char c = scan->text.p[scan->at];

    if ((c != '$' && c != '%') || scan->at + 1 >= scan->text.n)
        return false;
    if (scan->text.p[scan->at + 1] == c && looking_at(scan->text, scan->at + 2, "{")) {
        scan->at += 3;
        return true;
    }
    if (scan->text.p[scan->at + 1] != '{' || !push(scan, HCL_CODE))
        return false;
    scan->at += 2;
    return true;
}

static void string_token(hcl_scan *scan)
{
    char c = scan->text.p[scan->at];

    if (interpolation(scan))
        return;
    scan->at += c == '\\' && scan->at + 1 < scan->text.n ? 2 : 1;
    if (c == '"' || c == '\n') /* strings end with their line */
        scan->depth--;
}

static void heredoc_token(hcl_scan *scan)
{
    size_t start = line_start(scan->text, scan->at);

    if (start == scan->at) {
        size_t end = line_end(scan->text, start);
        as_str line = as_str_trim(as_str_slice(scan->text, start, end));
        if (as_str_eq(line, scan->stack[scan->depth].delimiter)) {
            scan->at = start + (size_t)(line.p - (scan->text.p + start)) + line.n;
            scan->depth--;
            return;
        }
    }
    if (!interpolation(scan))
        scan->at++;
}

static hcl_token hcl_next(hcl_scan *scan)
{
    scan->begin = scan->at;
    if (scan->at >= scan->text.n)
        return HCL_END;
    switch (scan->stack[scan->depth].mode) {
    case HCL_CODE:
        return code_token(scan);
    case HCL_STRING:
        string_token(scan);
        break;
    case HCL_HEREDOC:
        heredoc_token(scan);
        break;
    }
    return HCL_OTHER;
}

static void find_hcl(as_arena *arena, as_str text, as_comments *out)
{
    hcl_scan scan = {.text = text};
    hcl_token token;

    while ((token = hcl_next(&scan)) != HCL_END)
        if (token == HCL_COMMENT)
            add(arena, out, text, scan.begin, scan.at);
}

/* From the start of a line to the end of the statement that starts there. */
static as_extent hcl_statement(as_str text, size_t start)
{
    hcl_scan scan = {.text = text, .at = start};
    hcl_token token;

    while ((token = hcl_next(&scan)) != HCL_END) {
        bool top = scan.depth == 0 && scan.stack[0].braces == 0;
        if ((token == HCL_NEWLINE && top) || (token == HCL_CLOSE && scan.depth == 0 && top))
            break;
    }
    return (as_extent){(uint32_t)start, (uint32_t)scan.at};
}

static void hcl_blocks(as_arena *arena, as_str text, as_extents *out)
{
    hcl_scan scan = {.text = text};
    hcl_token token;
    size_t begin = 0;

    while ((token = hcl_next(&scan)) != HCL_END) {
        if (token == HCL_OPEN && scan.depth == 0 && scan.stack[0].braces == 1)
            begin = line_start(text, scan.begin);
        if (token == HCL_CLOSE && scan.depth == 0 && scan.stack[0].braces == 0) {
            as_extent block = {(uint32_t)begin, (uint32_t)scan.at};
            AS_VEC_PUSH(arena, out, block);
        }
    }
}

/* --- YAML, and templates of it ------------------------------------------------------------------ */

/* Behind the "}}" of the action at `at`; strings in it may hold braces. */
static size_t action_end(as_str text, size_t at)
{
    for (at += 2; at < text.n; at++) {
        char c = text.p[at];
        if (c == '"' || c == '`' || c == '\'') {
            for (at++; at < text.n && text.p[at] != c && (c == '`' || text.p[at] != '\n'); at++)
                at += c != '`' && text.p[at] == '\\';
        } else if (c == '}' && looking_at(text, at, "}}")) {
            return at + 2;
        }
    }
    return text.n;
}

/* Behind the template comment at `at`, or `at` when there is none (text/template: {{/ * and {{- / *
 * without the blank). */
static size_t template_comment_end(as_str text, size_t at)
{
    size_t open = looking_at(text, at, "{{- /*") ? 6 : looking_at(text, at, "{{/*") ? 4 : 0;
    if (open == 0)
        return at;
    size_t length = as_str_find(as_str_from_index(text, at + open), AS_STR("*/"));
    if (length == (size_t)-1)
        return text.n;
    size_t close = as_str_find(as_str_from_index(text, at + open + length), AS_STR("}}"));
    return close == (size_t)-1 ? text.n : at + open + length + close + 2;
}

static size_t indent_of(as_str text, size_t start)
{
    size_t at = start;

    while (at < text.n && text.p[at] == ' ')
        at++;
    return at - start;
}

/* Where the innermost key of the line stands: "- run: |" gives 2. */
static size_t key_indent(as_str text, size_t start)
{
    size_t at = start + indent_of(text, start), indent = at - start;

    while (looking_at(text, at, "- ")) {
        at = skip_blanks(text, at + 1);
        size_t end = line_end(text, at);
        if (as_str_find_char(as_str_slice(text, at, end), ':') == (size_t)-1)
            break;
        indent = at - start;
    }
    return indent;
}

/* Whether the line, without its comment, ends in a block scalar's header (YAML 1.2 §8.1.1). */
static bool opens_block_scalar(as_str line)
{
    size_t n = as_str_trim(line).n;
    as_str text = as_str_trim(line);

    while (n > 0 && (text.p[n - 1] == '+' || text.p[n - 1] == '-' ||
                            (text.p[n - 1] >= '1' && text.p[n - 1] <= '9')))
        n--;
    if (n == 0 || text.n - n > 2 || (text.p[n - 1] != '|' && text.p[n - 1] != '>'))
        return false;
    return n == 1 || text.p[n - 2] == ' ' || text.p[n - 2] == '\t';
}

static bool is_blank_line(as_str text, size_t start)
{
    return as_str_trim(as_str_slice(text, start, line_end(text, start))).n == 0;
}

/* A quote starts a scalar only where a value may start. */
static bool starts_value(as_str text, size_t start, size_t at)
{
    while (at > start && (text.p[at - 1] == ' ' || text.p[at - 1] == '\t'))
        at--;
    return at == start || as_char_in(text.p[at - 1], ":-,[{?(!&");
}

/* Behind the quoted scalar at `at`. */
static size_t quoted_end(as_str text, size_t at)
{
    char quote = text.p[at++];

    for (; at < text.n; at++) {
        if (text.p[at] == '\\' && quote == '"')
            at++;
        else if (text.p[at] == quote)
            return at + 1;
    }
    return at;
}

/* Template comments of a stretch in which "#" means nothing. */
static void find_template_comments(
        as_arena *arena, as_str text, size_t from, size_t to, as_comments *out)
{
    while (from < to) {
        size_t end = template_comment_end(text, from);
        if (end > from)
            add(arena, out, text, from, end);
        from = end > from ? end : from + 1;
    }
}

/* Behind the lines of the block scalar whose header stands in the line at `start`. */
static size_t block_scalar_end(as_str text, size_t start)
{
    size_t indent = key_indent(text, start), at = line_end(text, start);

    while (at < text.n && (is_blank_line(text, at) || indent_of(text, at) > indent))
        at = line_end(text, at);
    return at;
}

static void find_yaml(as_arena *arena, as_str text, as_comments *out)
{
    size_t at = 0, start = 0;

    while (at < text.n) {
        size_t comment = template_comment_end(text, at);
        size_t content_end = 0; /* of the line, once its end is reached */

        if (comment > at) {
            add(arena, out, text, at, comment);
            at = comment;
        } else if (looking_at(text, at, "{{")) {
            at = action_end(text, at);
        } else if (text.p[at] == '#' &&
                   (at == start || text.p[at - 1] == ' ' || text.p[at - 1] == '\t')) {
            size_t end = line_end(text, at);
            content_end = at;
            add(arena, out, text, at, end - (end > at && text.p[end - 1] == '\n'));
            at = end;
        } else if ((text.p[at] == '"' || text.p[at] == '\'') && starts_value(text, start, at)) {
            at = quoted_end(text, at);
        } else if (text.p[at++] == '\n') {
            content_end = at;
        }
        if (content_end == 0)
            continue;
        if (content_end > start && opens_block_scalar(as_str_slice(text, start, content_end))) {
            size_t end = block_scalar_end(text, line_start(text, content_end - 1));
            find_template_comments(arena, text, at, end, out);
            at = end;
        }
        start = at;
    }
}

/* The key or element that starts in the line, with what is indented below it. */
static as_extent yaml_node(as_str text, size_t start)
{
    size_t indent = indent_of(text, start), end = line_end(text, start);
    bool element = looking_at(text, start + indent, "- ");

    for (size_t at = end; at < text.n; at = line_end(text, at)) {
        size_t here = indent_of(text, at);
        bool directive = looking_at(text, skip_blanks(text, at), "{{");
        if (is_blank_line(text, at) || directive)
            continue;
        /* A list may stand at the same column as its key. */
        bool inside =
                here > indent || (here == indent && !element && looking_at(text, at + here, "- "));
        if (!inside)
            break;
        end = line_end(text, at);
    }
    return (as_extent){(uint32_t)start, (uint32_t)end};
}

static void yaml_documents(as_arena *arena, as_str text, as_extents *out)
{
    size_t begin = 0;

    for (size_t at = 0; at < text.n;) {
        at = line_end(text, at);
        if (at < text.n && !looking_at(text, at, "---"))
            continue;
        as_extent document = {(uint32_t)begin, (uint32_t)at};
        AS_VEC_PUSH(arena, out, document);
        begin = at;
    }
}

/* The languages of these texts are not known: of their marks the first that stands at the start of
 * a word counts. Only asked of lines that have a directive, so that a "#" in a text does no harm.
 */
static size_t find_mark(as_str line)
{
    static const char *const marks[] = {
            "#", "//", "/*", "--", "<!--", ";", "%", "\"\"\"", "REM ", NULL};

    for (size_t at = 0; at < line.n; at++) {
        bool starts_word = at == 0 || as_char_in(line.p[at - 1], " \t;,\"'");
        for (size_t i = 0; starts_word && marks[i]; i++)
            if (as_str_starts(as_str_from_index(line, at), marks[i]))
                return at;
    }
    return line.n;
}

static void find_line(as_arena *arena, as_str text, as_comments *out)
{
    for (size_t at = 0; at < text.n;) {
        size_t next = line_end(text, at), end = next - (text.p[next - 1] == '\n');
        as_str line = as_str_slice(text, at, end);
        if (as_directives_possible(line)) {
            size_t mark = find_mark(line);
            if (mark < line.n)
                add(arena, out, text, at + mark, end);
        }
        at = next;
    }
}

/* --- both --------------------------------------------------------------------------------------- */

void as_comments_find(as_arena *arena, as_str text, as_comment_syntax syntax, as_comments *out)
{
    switch (syntax) {
    case AS_COMMENTS_HCL:
        find_hcl(arena, text, out);
        break;
    case AS_COMMENTS_YAML:
        find_yaml(arena, text, out);
        break;
    case AS_COMMENTS_LINE:
        find_line(arena, text, out);
        break;
    case AS_COMMENTS_NONE:
        break;
    }
}

/* A line that says nothing itself. */
static bool is_passed_over(as_str text, as_comment_syntax syntax, size_t start)
{
    size_t at = skip_blanks(text, start);

    if (is_blank_line(text, start) || looking_at(text, at, "#"))
        return true;
    if (syntax == AS_COMMENTS_HCL)
        return looking_at(text, at, "//");
    return syntax == AS_COMMENTS_YAML &&
           (looking_at(text, at, "{{") ||
                   as_str_is(as_str_trim(as_str_slice(text, at, line_end(text, at))), "---"));
}

uint32_t as_comment_content(as_str text, as_comment_syntax syntax, uint32_t offset)
{
    size_t at = offset;

    if (is_passed_over(text, syntax, at)) {
        at = line_end(text, at);
        while (at < text.n && is_passed_over(text, syntax, at))
            at = line_end(text, at);
    }
    at = skip_blanks(text, at);
    /* A block comment in front of an HCL statement. */
    while (syntax == AS_COMMENTS_HCL && looking_at(text, at, "/*")) {
        size_t length = as_str_find(as_str_from_index(text, at), AS_STR("*/"));
        size_t next = length == (size_t)-1 ? text.n : at + length + 2;
        while (next < text.n && as_char_in(text.p[next], " \t\r\n"))
            next++;
        at = next;
    }
    return (uint32_t)(at < text.n ? at : text.n);
}

as_extent as_comment_target(as_str text, as_comment_syntax syntax, const as_comment *comment)
{
    size_t start = comment->own_line
                           ? line_start(text, as_comment_content(text, syntax,
                                                      (uint32_t)line_end(text, comment->end)))
                           : line_start(text, comment->begin);

    switch (syntax) {
    case AS_COMMENTS_HCL:
        return hcl_statement(text, start);
    case AS_COMMENTS_YAML:
        return yaml_node(text, start);
    case AS_COMMENTS_LINE:
    case AS_COMMENTS_NONE:
        break;
    }
    return (as_extent){(uint32_t)start, (uint32_t)line_end(text, start)};
}

void as_comment_blocks(as_arena *arena, as_str text, as_comment_syntax syntax, as_extents *out)
{
    if (syntax == AS_COMMENTS_HCL)
        hcl_blocks(arena, text, out);
    else if (syntax == AS_COMMENTS_YAML)
        yaml_documents(arena, text, out);
}
