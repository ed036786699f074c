#include "engine/rules/suppress_parse.h"

/* Text with a place to read on from. */
typedef struct cursor {
    as_str text;
    size_t at;
} cursor;

static bool at_end(const cursor *c)
{
    return c->at >= c->text.n;
}

static void skip_blanks(cursor *c)
{
    while (!at_end(c) && as_char_in(c->text.p[c->at], " \t\r\n"))
        c->at++;
}

/* Up to white space or one of `stops`. */
static as_str word(cursor *c, const char *stops)
{
    size_t from = c->at;

    while (!at_end(c) && !as_char_in(c->text.p[c->at], " \t\r\n") &&
            (*stops == '\0' || !as_char_in(c->text.p[c->at], stops)))
        c->at++;
    return as_str_slice(c->text, from, c->at);
}

static bool take(cursor *c, const char *token)
{
    if (!as_str_starts(as_str_from_index(c->text, c->at), token))
        return false;
    c->at += strlen(token);
    return true;
}

static void add(as_arena *arena, as_directives *out, as_directive directive, as_str ids)
{
    as_str id;

    while (as_str_split(&ids, ',', &id)) {
        directive.rule = as_str_trim(id);
        if (directive.rule.n > 0)
            AS_VEC_PUSH(arena, out, directive);
    }
}

/* --- assay:ignore RULE[,RULE] [until=…] [owner=…] [address=…] [reason="…"] ------------------------ */

static as_str value(cursor *c)
{
    char quote = at_end(c) ? '\0' : c->text.p[c->at];

    if (quote != '"' && quote != '\'')
        return word(c, "");
    size_t from = ++c->at;
    while (!at_end(c) && c->text.p[c->at] != quote)
        c->at++;
    as_str text = as_str_slice(c->text, from, c->at);
    c->at += !at_end(c);
    return text;
}

/* "A, B,C": commas may have blanks behind them. */
static as_str id_list(cursor *c)
{
    size_t from = c->at;

    for (;;) {
        (void)word(c, ",");
        size_t end = c->at;
        skip_blanks(c);
        if (at_end(c) || c->text.p[c->at] != ',') {
            c->at = end;
            break;
        }
        c->at++;
        skip_blanks(c);
    }
    return as_str_slice(c->text, from, c->at);
}

static void parse_own(as_arena *arena, cursor *c, as_suppress_scope scope, as_directives *out)
{
    as_directive directive = {.scope = scope, .what = {.source = AS_STR("inline")}};

    skip_blanks(c);
    as_str ids = id_list(c);
    for (skip_blanks(c); !at_end(c); skip_blanks(c)) {
        if (take(c, "until="))
            directive.what.until = value(c);
        else if (take(c, "reason="))
            directive.what.reason = value(c);
        else if (take(c, "owner="))
            directive.what.owner = value(c);
        else if (take(c, "address="))
            directive.address = value(c);
        else if (word(c, "").n == 0)
            c->at++;
    }
    add(arena, out, directive, ids);
}

static void parse_assay(as_arena *arena, cursor *c, as_directives *out)
{
    parse_own(arena, c, take(c, "-file") ? AS_SCOPE_FILE : AS_SCOPE_TARGET, out);
}

/* --- other tools --------------------------------------------------------------------------------- */

/* checkov:skip=CKV_AWS_20[,CKV_AWS_21][:reason], inside the block. */
static void parse_checkov(as_arena *arena, cursor *c, as_directives *out)
{
    as_directive directive = {.scope = AS_SCOPE_BLOCK, .what = {.source = AS_STR("checkov")}};
    as_str ids = word(c, ":");

    if (take(c, ":"))
        directive.what.reason = as_str_trim(as_str_from_index(c->text, c->at));
    c->at = c->text.n;
    add(arena, out, directive, ids);
}

/* tfsec:ignore:ID[:exp:YYYY-MM-DD][:ws:NAME], trivy:ignore:ID[:exp:…], several in one comment. The
 * workspace is a condition that is not known here: such a directive does not count. */
static void parse_colons(as_arena *arena, cursor *c, as_str source, as_directives *out)
{
    as_directive directive = {.scope = AS_SCOPE_TARGET, .what = {.source = source}};
    as_str rest = word(c, ""), id = AS_STR_NONE, part;
    bool conditional = false;

    (void)as_str_split(&rest, ':', &id);
    while (as_str_split(&rest, ':', &part)) {
        as_str argument = AS_STR_NONE;
        (void)as_str_split(&rest, ':', &argument);
        if (as_str_is(part, "exp"))
            directive.what.until = argument;
        else if (as_str_is(part, "ws"))
            conditional = true;
    }
    size_t bracket = as_str_find_char(id, '[');
    if (bracket != (size_t)-1) { /* [name=value]: a condition too */
        conditional = true;
        id = as_str_slice(id, 0, bracket);
    }
    if (!conditional)
        add(arena, out, directive, id);
}

static void parse_tfsec(as_arena *arena, cursor *c, as_directives *out)
{
    parse_colons(arena, c, AS_STR("tfsec"), out);
}

static void parse_trivy(as_arena *arena, cursor *c, as_directives *out)
{
    parse_colons(arena, c, AS_STR("trivy"), out);
}

/* kics-scan ignore-line | ignore-block | ignore | disable=ID,ID */
static void parse_kics(as_arena *arena, cursor *c, as_directives *out)
{
    as_directive directive = {.scope = AS_SCOPE_TARGET, .what = {.source = AS_STR("kics")}};

    skip_blanks(c);
    if (take(c, "ignore-line") || take(c, "ignore-block")) {
        add(arena, out, directive, AS_STR("*"));
        return;
    }
    directive.scope = AS_SCOPE_FILE;
    if (take(c, "disable="))
        add(arena, out, directive, id_list(c));
    else if (as_str_is(word(c, ""), "ignore"))
        add(arena, out, directive, AS_STR("*"));
}

/* #ts:skip=AC_AWS_0001 reason, inside the block. */
static void parse_terrascan(as_arena *arena, cursor *c, as_directives *out)
{
    as_directive directive = {.scope = AS_SCOPE_BLOCK, .what = {.source = AS_STR("terrascan")}};
    as_str ids = word(c, ":");

    directive.what.reason = as_str_trim(as_str_from_index(c->text, c->at));
    c->at = c->text.n;
    add(arena, out, directive, ids);
}

/* gitleaks:allow, trufflehog:ignore, pragma: allowlist secret: the secret on that line. */
static void allow_secret(as_arena *arena, const char *source, as_directives *out)
{
    as_directive directive = {
            .scope = AS_SCOPE_TARGET, .foreign = true, .what = {.source = as_str_from(source)}};

    add(arena, out, directive, AS_STR("SEC-*"));
}

static void parse_gitleaks(as_arena *arena, cursor *c, as_directives *out)
{
    (void)c;
    allow_secret(arena, "gitleaks", out);
}

static void parse_trufflehog(as_arena *arena, cursor *c, as_directives *out)
{
    (void)c;
    allow_secret(arena, "trufflehog", out);
}

static void parse_detect_secrets(as_arena *arena, cursor *c, as_directives *out)
{
    (void)c;
    allow_secret(arena, "detect-secrets", out);
}

static const struct form {
    const char *marker;
    void (*parse)(as_arena *arena, cursor *c, as_directives *out);
} forms[] = {
        {"assay:ignore", parse_assay},
        {"checkov:skip=", parse_checkov},
        {"bridgecrew:skip=", parse_checkov},
        {"cortex:skip=", parse_checkov},
        {"tfsec:ignore:", parse_tfsec},
        {"trivy:ignore:", parse_trivy},
        {"kics-scan", parse_kics},
        {"ts:skip=", parse_terrascan},
        {"gitleaks:allow", parse_gitleaks},
        {"trufflehog:ignore", parse_trufflehog},
        {"pragma: allowlist secret", parse_detect_secrets},
        {"pragma: allowlist nextline secret", parse_detect_secrets},
        {"pragma: whitelist secret", parse_detect_secrets},
        {"pragma: whitelist nextline secret", parse_detect_secrets},
};

enum { N_FORMS = sizeof forms / sizeof *forms };

/* Whether a place of the block may be within a marker: each has ":i", ":s", ":a", "s-s" or "gma".
 * The block has a constant size so that compilers turn the loop into vector instructions. */
enum { BLOCK = 1024, LONGEST_MARKER = 40 };

static bool has_hint(const char *p)
{
    unsigned char any = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char colon =
                (p[i] == ':') & ((p[i + 1] == 'i') | (p[i + 1] == 's') | (p[i + 1] == 'a'));
        unsigned char scan = (p[i] == 's') & (p[i + 1] == '-') & (p[i + 2] == 's');
        unsigned char pragma = (p[i] == 'g') & (p[i + 1] == 'm') & (p[i + 2] == 'a');
        any |= colon | scan | pragma;
    }
    return any != 0;
}

static bool has_marker(as_str text)
{
    /* Every marker holds one of these. */
    return as_str_contains(text, ":ignore") || as_str_contains(text, ":skip=") ||
           as_str_contains(text, "kics-scan") || as_str_contains(text, "gitleaks:allow") ||
           as_str_contains(text, "list secret") || as_str_contains(text, "list nextline secret");
}

bool as_directives_possible(as_str text)
{
    size_t at = 0;

    for (; text.n - at >= BLOCK + 2; at += BLOCK) {
        size_t from = at < LONGEST_MARKER ? 0 : at - LONGEST_MARKER;
        if (has_hint(text.p + at) &&
                has_marker(as_str_slice(text, from, at + BLOCK + LONGEST_MARKER)))
            return true;
    }
    return has_marker(as_str_slice(text, at < LONGEST_MARKER ? 0 : at - LONGEST_MARKER, text.n));
}

void as_directives_parse(as_arena *arena, as_str comment, as_directives *out)
{
    cursor c = {comment, 0};

    if (as_str_ends(c.text, "*/"))
        c.text.n -= 2;
    else if (as_str_ends(c.text, "*/}}") || as_str_ends(c.text, "*/ -}}"))
        c.text.n -= as_str_ends(c.text, "}}") && as_str_ends(c.text, "-}}") ? 6 : 4;
    while (!at_end(&c)) {
        size_t before = c.at;
        for (size_t i = 0; i < N_FORMS && c.at == before; i++)
            if (take(&c, forms[i].marker))
                forms[i].parse(arena, &c, out);
        if (c.at == before)
            c.at++;
    }
}

/* --- annotations --------------------------------------------------------------------------------- */

static void annotate(
        as_arena *arena, as_directives *out, const char *source, as_str ids, as_str reason)
{
    as_directive directive = {.scope = AS_SCOPE_BLOCK,
            .what = {.source = as_str_from(source), .reason = as_str_trim(reason)}};

    add(arena, out, directive, ids);
}

void as_directives_annotation(as_arena *arena, as_str key, as_str value_, as_directives *out)
{
    static const char linter[] = "ignore-check.kube-linter.io/";

    if (as_str_is(key, "assay.dev/ignore")) {
        as_str line; /* several, one a line */
        while (as_str_split(&value_, '\n', &line)) {
            size_t from = out->n;
            cursor c = {line, 0};
            parse_own(arena, &c, AS_SCOPE_BLOCK, out);
            for (; from < out->n; from++)
                out->items[from].what.source = AS_STR("annotation");
        }
    } else if (as_str_starts(key, "checkov.io/skip") || as_str_starts(key, "bridgecrew.io/skip")) {
        as_str ids = AS_STR_NONE; /* CKV_K8S_20=reason */
        (void)as_str_split(&value_, '=', &ids);
        annotate(arena, out, "checkov", ids, value_);
    } else if (as_str_starts(key, linter)) {
        annotate(arena, out, "kube-linter", as_str_from_index(key, strlen(linter)), value_);
    } else if (as_str_is(key, "kube-linter.io/ignore-all")) {
        annotate(arena, out, "kube-linter", AS_STR("*"), value_);
    }
}
