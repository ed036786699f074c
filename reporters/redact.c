#include "reporters/redact.h"

/* Parts of names whose values are credentials. A name that also holds one of `harmless` is not
 * meant: password_length, secret_name, token_ttl. */
static const char *const secret_names[] = {"password", "passwd", "passphrase", "secret", "token",
        "api_key", "apikey", "api-key", "access_key", "accesskey", "private_key", "privatekey",
        "client_secret", "credential", "auth_key", "encryption_key", NULL};
static const char *const harmless[] = {"_name", "name:", "_arn", "_id", "length", "policy", "ttl",
        "enabled", "version", "lifetime", "expir", "rotation", "secretref", "secretkeyref",
        "configmap", "automount", "_type", "_path", "_file", "kind", NULL};

/* Prefixes of tokens that name their issuer, with the least number of characters that follow. */
static const struct {
    const char *prefix;
    size_t more;
} tokens[] = {
        {"AKIA", 16},
        {"ASIA", 16},
        {"ghp_", 30},
        {"gho_", 30},
        {"ghs_", 30},
        {"ghu_", 30},
        {"github_pat_", 30},
        {"glpat-", 20},
        {"xoxb-", 20},
        {"xoxp-", 20},
        {"xapp-", 20},
        {"sk_live_", 16},
        {"rk_live_", 16},
        {"AIza", 30},
        {"npm_", 30},
        {"pypi-", 30},
        {"eyJhbGciOi", 20},
        {"hvs.", 20},
        {"dop_v1_", 30},
        {"SG.", 30},
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/' || c == '+';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool holds(as_str text, const char *const *words)
{
    for (size_t w = 0; words[w]; w++) {
        size_t n = strlen(words[w]);
        for (size_t i = 0; i + n <= text.n; i++) {
            size_t k = 0;
            while (k < n && lower(text.p[i + k]) == words[w][k])
                k++;
            if (k == n)
                return true;
        }
    }
    return false;
}

/* The value behind the first '=' or ':' of a line whose name is a credential's; a reference or an
 * expression is none. */
static bool named_secret(as_str line, as_redaction *out)
{
    size_t sep = 0;

    while (sep < line.n && line.p[sep] != '=' && line.p[sep] != ':')
        sep++;
    if (sep == line.n)
        return false;
    as_str name = as_str_slice(line, 0, sep + 1);
    if (!holds(name, secret_names) || holds(name, harmless))
        return false;
    size_t from = sep + 1;
    while (from < line.n && as_char_in(line.p[from], " \t=:"))
        from++;
    if (from >= line.n)
        return false;
    if (line.p[from] == '"' || line.p[from] == '\'') {
        size_t to = ++from;
        while (to < line.n && line.p[to] != line.p[from - 1])
            to += line.p[to] == '\\' && to + 1 < line.n ? 2 : 1;
        *out = (as_redaction){from, to};
    } else {
        size_t to = from;
        while (to < line.n && is_word(line.p[to]))
            to++;
        as_str word = as_str_slice(line, from, to);
        bool expression = line.p[from] == '{' || line.p[from] == '[' || line.p[from] == '$' ||
                          as_str_starts(word, "var.") || as_str_starts(word, "local.") ||
                          as_str_starts(word, "data.") || as_str_starts(word, "module.") ||
                          as_str_starts(word, "random_") || as_str_starts(word, "aws_") ||
                          as_str_starts(word, "google_") || as_str_is(word, "true") ||
                          as_str_is(word, "false") || as_str_is(word, "null");
        if (expression)
            return false;
        *out = (as_redaction){from, to};
    }
    return out->to > out->from;
}

static size_t token_at(as_str line, size_t at)
{
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        size_t n = strlen(tokens[i].prefix);
        if (line.n - at < n || memcmp(line.p + at, tokens[i].prefix, n) != 0)
            continue;
        size_t end = at + n;
        while (end < line.n && is_word(line.p[end]))
            end++;
        if (end - at - n >= tokens[i].more)
            return end;
    }
    return at;
}

size_t as_redact_find(as_str line, as_redaction *out, size_t cap)
{
    as_redaction named = {line.n, line.n};
    size_t n = 0, at = 0;

    named_secret(line, &named);
    while (at < line.n && n < cap) {
        size_t end = at;
        if (at == named.from && named.to > named.from)
            end = named.to;
        else if (at == 0 || !is_word(line.p[at - 1]))
            end = token_at(line, at);
        if (end > at)
            out[n++] = (as_redaction){at, end};
        at = end > at ? end : at + 1;
    }
    return n;
}

static bool line_at(as_str text, size_t at, bool before, as_str *out)
{
    size_t begin = at, end = at;

    if (before) {
        if (at == 0)
            return false;
        begin = end = at - 1;
        while (begin > 0 && text.p[begin - 1] != '\n')
            begin--;
    } else {
        while (begin < text.n && text.p[begin] != '\n')
            begin++;
        if (begin == text.n)
            return false;
        end = ++begin;
        while (end < text.n && text.p[end] != '\n')
            end++;
    }
    *out = as_str_trim(as_str_slice(text, begin, end));
    return true;
}

/* "value: …" of a list of variables, where the line before or behind says "name: DB_PASSWORD". */
static bool value_of_secret(as_str text, as_str line, as_redaction *out)
{
    size_t at = 0, start = (size_t)(line.p - text.p);

    while (at < line.n && as_char_in(line.p[at], " \t-"))
        at++;
    if (!as_str_starts(as_str_slice(line, at, line.n), "value:"))
        return false;
    at += strlen("value:");
    while (at < line.n && as_char_in(line.p[at], " \t\"'"))
        at++;
    for (int before = 0; before < 2; before++) {
        as_str near;
        if (!line_at(text, start, before != 0, &near))
            continue;
        while (near.n > 0 && as_char_in(near.p[0], "- "))
            near = as_str_slice(near, 1, near.n);
        if (!as_str_starts(near, "name:"))
            continue;
        near = as_str_slice(near, strlen("name:"), near.n);
        if (holds(near, secret_names) && !holds(near, harmless) && at < line.n) {
            *out = (as_redaction){at, line.n};
            return true;
        }
    }
    return false;
}

size_t as_redact_source(
        const as_sources *sources, uint32_t file, as_str line, as_redaction *out, size_t cap)
{
    const as_source *source = as_sources_get(sources, file);
    size_t n = as_redact_find(line, out, cap / 2), n_secrets = 0;
    const as_span *secrets = as_sources_hidden(sources, file, &n_secrets);
    size_t start = source ? (size_t)(line.p - source->text.p) : 0;

    bool inside = source && start <= source->text.n && line.n <= source->text.n - start;
    if (inside && n < cap && value_of_secret(source->text, line, &out[n]))
        n++;

    for (size_t i = 0; i < n_secrets && n < cap; i++)
        if (secrets[i].begin < start + line.n && secrets[i].end > start)
            out[n++] = (as_redaction){secrets[i].begin > start ? secrets[i].begin - start : 0,
                    secrets[i].end - start};
    return n;
}

as_redaction as_redact_value(as_str line, size_t begin_at, size_t end_at)
{
    size_t at = begin_at;

    while (at < end_at && line.p[at] != '=' && line.p[at] != ':')
        at++;
    if (at == end_at)
        return (as_redaction){begin_at, end_at};
    at++;
    while (at < end_at && line.p[at] == ' ')
        at++;
    return (as_redaction){at, end_at};
}

bool as_redact_hides(const as_redaction *list, size_t n, size_t at)
{
    for (size_t i = 0; i < n; i++)
        if (at >= list[i].from && at < list[i].to)
            return true;
    return false;
}
