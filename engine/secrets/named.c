/* Literals assigned to keys that are named like secrets. */
#include "engine/base/fs.h"
#include "engine/secrets/internal.h"

const char as_secret_named_words[] =
        "pass|pwd|secret|token|apikey|api_key|api-key|accesskey|access_key|access-key|privatekey|"
        "private_key|"
        "private-key|credential|authkey|auth_key|auth-key|encryption_key|encryptionkey|encryption-"
        "key|signing_key|"
        "signingkey|signing-key|master_key|masterkey|shared_key|sharedkey";

enum { MAX_KEY = 80, MAX_VALUE = 400 };

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

/* --- the name --------------------------------------------------------------------------------- */

static as_str lowered(as_str s, char *to, size_t cap)
{
    size_t n = s.n < cap ? s.n : cap;

    for (size_t i = 0; i < n; i++)
        to[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
    return (as_str){to, n};
}

/* How a key goes on behind the word that makes it one: "passwd", "tokenValue", "secret_key_base",
 * "password2". All else speaks about a secret: password_length, tokenUrl, secretName. */
static bool ends_well(as_str rest)
{
    static const char *const ends[] = {"word", "wd", "phrase", "key", "value", "string", "base64",
            "b64", "base", "prod", "production", "dev", "staging", "main", "default", "old", "new",
            "plain", "plaintext", "raw", "master", "root", "admin", "text", NULL};

    while (rest.n > 0 && (as_char_in(rest.p[0], "_-.") || is_digit(rest.p[0])))
        rest = as_str_from_index(rest, 1);
    while (rest.n > 0 && is_digit(rest.p[rest.n - 1]))
        rest.n--;
    if (rest.n == 0)
        return true;
    for (size_t i = 0; ends[i]; i++) {
        size_t n = strlen(ends[i]);
        if (as_str_starts(rest, ends[i]) && (rest.n == n || ends_well(as_str_from_index(rest, n))))
            return true;
    }
    return false;
}

static bool named_from(as_str key, as_str low, size_t at, size_t n)
{
    static const char *const heads[] = {"existing", "use_", "has_", "is_", "no_", "with_", "enable",
            "require", "allow", "num_", "max_", "min_", "next", "page", "continuation", "csrf",
            "xsrf", "public", "image_pull", "imagepull", "cancel", "tls", "ssl", "ca_", "external",
            "pull", "old_name", "stop", "start", "end", "eos", "bos", "pad", "unk", "mask", "ckv_",
            "refresh_token_url", "sync", "resource_version", "bearer_token_file", NULL};

    if (!ends_well(as_str_from_index(low, at + n)))
        return false;
    /* "pass" stands for itself only: not bypass, compass, passenger. */
    if (n == 4 && low.p[at] == 'p' && !as_str_starts(as_str_from_index(low, at), "passw") &&
            !as_str_starts(as_str_from_index(low, at), "passphrase")) {
        bool camel = at > 0 && key.p[at] == 'P' && !(key.p[at - 1] >= 'A' && key.p[at - 1] <= 'Z');
        bool apart = at == 0 || !is_alpha(low.p[at - 1]) || camel || as_str_starts(low, "dbpass");
        if (!apart || low.n != at + n)
            return false;
    }
    for (size_t i = 0; heads[i]; i++)
        if (as_str_starts(low, heads[i]))
            return false;
    return true;
}

bool as_secret_key_is_named(as_str key)
{
    char buffer[MAX_KEY];
    as_str low = lowered(key, buffer, sizeof buffer), words = as_str_from(as_secret_named_words),
           word;

    if (key.n > MAX_KEY)
        return false;
    while (as_str_split(&words, '|', &word))
        for (size_t at = 0; at + word.n <= low.n; at++)
            /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): at < low.n */
            if (low.p[at] == word.p[0] && memcmp(low.p + at, word.p, word.n) == 0 &&
                    named_from(key, low, at, word.n))
                return true;
    return false;
}

/* --- the value -------------------------------------------------------------------------------- */

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Words in lower case, apart by '-', '_' or '.', or one word with a capital: the name of a thing, a
 * label of a form. With digits or other characters in it, it is none. */
static bool is_plain_words(as_str v)
{
    size_t separators = 0, digits = 0, capitals = 0;

    if (v.n > 1 && as_char_in(v.p[v.n - 1], "?!:.*")) /* a label */
        v.n--;
    for (size_t i = 0; i < v.n; i++) {
        separators += as_char_in(v.p[i], "-_.:");
        digits += is_digit(v.p[i]);
        capitals += is_capital(v.p[i]);
        if (!is_alpha(v.p[i]) && !is_digit(v.p[i]) && !as_char_in(v.p[i], "-_.:"))
            return false;
        /* Capitals within a word and small letters again: no word of any language. */
        if (i > 1 && is_small(v.p[i - 2]) && is_capital(v.p[i - 1]) && is_capital(v.p[i]))
            return false;
        if (i > 2 && is_capital(v.p[i - 1]) && is_small(v.p[i]) && is_small(v.p[i - 2]) &&
                separators > 0)
            return false;
    }
    if (digits > 0) /* "etcd-cluster-k8s" */
        return digits == 1 && separators > 1 && capitals == 0;
    return separators > 0 ||
           (v.n > 1 && v.p[0] >= 'A' && v.p[0] <= 'Z' && !(v.p[1] >= 'A' && v.p[1] <= 'Z'));
}

/* "my-app-token", "db_password": names of what holds the value; also with a number in them. */
static bool names_a_secret(as_str v)
{
    static const char *const nouns[] = {"secret", "token", "password", "passwd", "credential",
            "-key", "_key", "cert", "-tls", "config", NULL};
    bool apart = false;
    size_t digits = 0;

    for (size_t i = 0; i < v.n; i++) {
        if (!is_name(v.p[i]))
            return false;
        digits += is_digit(v.p[i]);
        apart = apart || v.p[i] == '-' || v.p[i] == '_' || v.p[i] == '.' ||
                (i > 0 && v.p[i] >= 'A' && v.p[i] <= 'Z' && v.p[i - 1] >= 'a' &&
                        v.p[i - 1] <= 'z' && !is_digit(v.p[v.n - 1]));
    }
    for (size_t i = 0; nouns[i]; i++)
        if (as_secret_contains(v, nouns[i]) && apart && digits < 2)
            return true;
    return false;
}

bool as_secret_value_is_named(as_str key, as_str v, bool bare)
{
    if (bare && v.n > 1 && as_char_in(v.p[v.n - 1], ".,;")) /* the end of a sentence */
        v.n--;
    if (v.n < 4 || v.n > MAX_VALUE || as_secret_is_toy(v) || as_secret_is_placeholder(v) ||
            as_secret_is_reference(v))
        return false;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        /* Prose, calls, markup and other languages' words are no credentials. */
        if (c <= ' ' || c >= 0x7f || as_char_in((char)c, "<>`\\") ||
                (bare && as_char_in((char)c, "(){}[]$,;")))
            return false;
    }
    size_t open = as_str_find_char(v, '(');
    if (open != (size_t)-1 && as_str_find_char(v, ')') != (size_t)-1 && open > 0 &&
            is_alpha(v.p[open - 1]) && v.p[v.n - 1] == ')')
        return false;
    if (names_a_secret(v) || (is_plain_words(v) && as_secret_entropy(v) < 4.3))
        return false;
    char a[MAX_KEY], b[MAX_KEY];
    /* secret: db, "password": "password" … */
    if (as_str_eq(lowered(key, a, sizeof a), lowered(v, b, sizeof b)))
        return false;
    as_str low = lowered(key, a, sizeof a);
    /* CACertsSecret = "cacerts" */
    if (as_str_ends(low, "secret") && as_str_find(low, lowered(v, b, sizeof b)) != (size_t)-1)
        return false;
    bool names_key = as_str_ends(low, "secretkey") || as_str_ends(low, "passwordkey") ||
                     as_str_ends(low, "tokenkey");
    bool ends_secret = names_key ||
                       (as_str_ends(low, "secret") && !as_secret_contains(low, "client") &&
                               !as_secret_contains(low, "app") && !as_secret_contains(low, "jwt") &&
                               !as_secret_contains(low, "shared"));
    if (ends_secret && (bare || names_key)) { /* most name an object of Kubernetes */
        bool label = true;
        for (size_t i = 0; i < v.n; i++)
            label = label && ((v.p[i] >= 'a' && v.p[i] <= 'z') || is_digit(v.p[i]) ||
                                     as_char_in(v.p[i], "-."));
        return !label || as_secret_entropy(v) >= 3.5;
    }
    return true;
}

/* --- the assignment --------------------------------------------------------------------------- */

static size_t skip(as_str t, size_t at, const char *what)
{
    for (size_t n = 0; at < t.n && n < 24 && as_char_in(t.p[at], what); n++)
        at++;
    return at;
}

/* Behind the separator; false when there is none. `*colon`: it was ':' alone. */
static bool pass_separator(as_str t, size_t *at, bool *colon, bool *tight)
{
    size_t i = skip(t, *at, " \t");
    char c = i < t.n ? t.p[i] : '\0', next = i + 1 < t.n ? t.p[i + 1] : '\0';

    *colon = false;
    if (c == ':' && next == '=') {
        i += 2;
    } else if (c == '=' && next == '>') {
        i += 2;
    } else if (c == '?' && next == '=') {
        i += 2;
    } else if (c == '=' && next != '=' && next != '~') {
        i++;
    } else if (c == ':' && next != ':' && next != '/') {
        *colon = true;
        i++;
    } else {
        return false;
    }
    *tight = i == *at + 1;
    *at = skip(t, i, " \t");
    *tight = *tight && *at == i;
    return *at < t.n && t.p[*at] != '\n';
}

static bool quoted(as_str t, size_t at, as_secret *out)
{
    char quote = t.p[at];
    size_t end = at + 1;

    while (end < t.n && end - at <= MAX_VALUE && t.p[end] != quote && t.p[end] != '\n')
        end += t.p[end] == '\\' ? 2 : 1;
    if (end >= t.n || t.p[end] != quote || end == at + 1)
        return false;
    out->begin = at + 1;
    out->end = end;
    /* A text that goes on: "…" + x, "…" % y. */
    size_t behind = skip(t, end + 1, " \t");
    return behind >= t.n || (t.p[behind] != '+' && t.p[behind] != '%' && t.p[behind] != '.');
}

static bool bare_word(as_str t, size_t at, bool alone_only, as_secret *out)
{
    size_t end = at;

    while (end < t.n && end - at <= MAX_VALUE && !as_char_in(t.p[end], " \t\r\n\"'`"))
        end++;
    out->begin = at;
    out->end = end;
    size_t behind = skip(t, end, " \t\r");
    bool alone = behind >= t.n || t.p[behind] == '\n' || (t.p[behind] == '#' && behind > end);
    /* `key: word more words` is prose, `key := expression of words` code, `--password=word …` a
     * command. */
    return end > at && t.p[at] != '|' && t.p[at] != '&' && t.p[at] != '*' && t.p[at] != '!' &&
           (alone || !alone_only);
}

static bool in_element(as_str t, size_t from, size_t *at, as_secret *out)
{
    if (from == 0 || t.p[from - 1] != '<' || *at >= t.n || t.p[*at] != '>')
        return false;
    size_t begin = *at + 1, end = begin;
    while (end < t.n && end - begin <= MAX_VALUE && t.p[end] != '<' && t.p[end] != '\n')
        end++;
    out->begin = begin;
    out->end = end;
    return end > begin && end + 1 < t.n && t.p[end] == '<' && t.p[end + 1] == '/';
}

/* `password: str = "…"`: behind the type. */
static void pass_type(as_str t, size_t *at)
{
    size_t i = *at;

    while (i < t.n && i - *at < 40 && (is_name(t.p[i]) || as_char_in(t.p[i], "[]<>?| ")))
        i++;
    if (i > *at && i < t.n && t.p[i] == '=' && i + 1 < t.n && t.p[i + 1] != '=')
        *at = skip(t, i + 1, " \t");
}

/* `# adminPassword: somepassword` shows how it would be written. */
static bool is_comment(as_str t, size_t at)
{
    while (at > 0 && as_char_in(t.p[at - 1], " \t"))
        at--;
    return at > 0 && t.p[at - 1] == '#';
}

static bool is_word_of_letters(as_str v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!is_alpha(v.p[i]))
            return false;
    return true;
}

bool as_secret_named(as_str t, size_t begin, size_t end, as_secret_syntax syntax, as_secret *out)
{
    size_t from = begin, at = end;
    bool colon, tight, bare = false;

    while (from > 0 && begin - from < MAX_KEY && is_name(t.p[from - 1]))
        from--;
    while (at < t.n && at - end < MAX_KEY && is_name(t.p[at]))
        at++;
    as_str key = as_str_slice(t, from, at);
    while (key.n > 0 && key.p[0] == '-') /* --password */
        key = as_str_from_index(key, 1);
    out->key = key;
    bool element = in_element(t, from, &at, out);
    if (!element) {
        at = skip(t, at, "\\\"'`]");
        if (!pass_separator(t, &at, &colon, &tight))
            return false;
    }
    if (!as_secret_key_is_named(key)) /* costs most */
        return false;
    if (!element) {
        if (colon && t.p[at] != '"' && t.p[at] != '\'')
            pass_type(t, &at);
        if (at >= t.n)
            return false;
        if (t.p[at] == '"' || t.p[at] == '\'') {
            if (!quoted(t, at, out))
                return false;
        } else {
            bare = true;
            if (syntax != AS_SECRET_SETTINGS || !bare_word(t, at, colon || !tight, out))
                return false;
        }
    }
    as_str value = as_str_slice(t, out->begin, out->end);
    return (!bare || !is_comment(t, from) || !is_word_of_letters(value)) &&
           as_secret_value_is_named(key, value, bare);
}

/* --- kinds of text ---------------------------------------------------------------------------- */

static bool one_of(as_str text, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (as_str_is(text, words[i]))
            return true;
    return false;
}

as_secret_syntax as_secret_syntax_of(as_str path)
{
    static const char *const settings[] = {".yaml", ".yml", ".env", ".properties", ".ini", ".conf",
            ".cfg", ".cnf", ".toml", ".sh", ".bash", ".zsh", ".npmrc", ".pypirc", ".netrc",
            ".envrc", ".service", ".tpl", ".gotmpl", ".dockerfile", ".cmd", ".bat", ".ps1",
            ".config", ".mk", ".local", ".dist", ".prod", ".production", ".dev", ".development",
            ".staging", NULL};
    static const char *const prose[] = {".md", ".mdx", ".rst", ".adoc", ".txt", ".html", ".htm",
            ".tex", ".po", ".markdown", NULL};
    static const char *const hashes[] = {".lock", ".sum", ".svg", ".map", ".css", ".ipynb", ".csv",
            ".pub", ".crt", ".pem", ".key", ".cer", ".woff", ".snap", ".patch", ".diff", ".asc",
            ".sig", ".mod", ".lockb", ".log", NULL};
    as_str base = as_path_base(path), ext = as_path_ext(base);

    if (as_str_starts(base, "README") || as_str_starts(base, "NOTES") ||
            as_str_starts(base, "CHANGELOG"))
        return AS_SECRET_PROSE;
    if (one_of(ext, hashes) || as_str_ends(base, "lock.json") || as_str_ends(base, ".lock.hcl") ||
            as_str_ends(base, "-lock.yaml") || as_str_ends(base, ".min.js") ||
            as_str_starts(base, "known_hosts") || as_str_contains(path, "/i18n/") ||
            as_str_contains(path, "/locales/") || as_str_contains(path, "/locale/"))
        return AS_SECRET_HASHES;
    if (one_of(ext, settings) || as_str_starts(base, ".env") || as_str_starts(base, "Dockerfile") ||
            as_str_is(base, "Makefile") || as_str_is(base, "credentials") ||
            as_str_is(base, "config"))
        return AS_SECRET_SETTINGS;
    return one_of(ext, prose) ? AS_SECRET_PROSE : AS_SECRET_CODE;
}
