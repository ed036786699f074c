/* What a literal is when it is no secret. */
#include <math.h>

#include "engine/secrets/internal.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool matches_at(as_str text, size_t at, const char *word, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (lower(text.p[at + k]) != word[k])
            return false;
    return true;
}

bool as_secret_contains(as_str text, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= text.n; i++)
        if (matches_at(text, i, word, n))
            return true;
    return false;
}

static bool starts(as_str text, const char *word)
{
    size_t n = strlen(word);

    return text.n >= n && matches_at(text, 0, word, n);
}

double as_secret_entropy(as_str text)
{
    size_t count[256] = {0};
    double sum = 0;

    for (size_t i = 0; i < text.n; i++)
        count[(unsigned char)text.p[i]]++;
    for (size_t c = 0; c < 256; c++) {
        double p = text.n > 0 ? (double)count[c] / (double)text.n : 0;
        if (count[c] > 0)
            sum -= p * log2(p);
    }
    return sum;
}

bool as_secret_is_hex(as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = lower(text.p[i]);
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return text.n > 0;
}

bool as_secret_is_sequence(as_str text)
{
    size_t up = 1, same = 1;

    for (size_t i = 1; i < text.n; i++) {
        unsigned char before = (unsigned char)lower(text.p[i - 1]),
                      now = (unsigned char)lower(text.p[i]);
        up = now == before + 1 || (before == '9' && (now == '0' || now == 'a')) ? up + 1 : 1;
        same = now == before ? same + 1 : 1;
        if (up >= 9 || same >= 6)
            return true;
    }
    return false;
}

static size_t distinct(as_str text)
{
    bool seen[256] = {false};
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        n += !seen[(unsigned char)text.p[i]];
        seen[(unsigned char)text.p[i]] = true;
    }
    return n;
}

/* $VAR, $ENV_NAME, ${…}, %NAME%, $(…), {{…}}, <…>, __NAME__, [NAME], #{…}, @NAME@: filled in
 * elsewhere. */
static bool is_slot(as_str t)
{
    static const char *const marks[] = {
            "${", "{{", "$(", "<%", "%(", "#{", "$[", "{%", "\xef\xbf\xbf", "…", "...", "@@", NULL};
    char first = t.p[0], last = t.p[t.n - 1];

    for (size_t i = 0; marks[i]; i++)
        if (as_str_contains(t, marks[i]))
            return true;
    if ((first == '<' && last == '>') || (first == '[' && last == ']') ||
            (first == '{' && last == '}') || (first == '%' && last == '%') ||
            (first == '@' && last == '@') || (first == '%' && t.n <= 3) ||
            (t.n > 4 && as_str_starts(t, "__") && as_str_ends(t, "__")))
        return true;
    if (first != '$' || t.n < 2)
        return false;
    size_t colon = as_str_find_char(t, ':');
    if (colon != (size_t)-1 && colon > 1) /* $kms_keys:own */
        t = as_str_slice(t, 0, colon);
    for (size_t i = 1; i < t.n; i++) {
        char c = t.p[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
                c != '_')
            return false;
    }
    return !(t.p[1] >= '0' && t.p[1] <= '9') || t.n == 2;
}

bool as_secret_is_placeholder(as_str text)
{
    static const char *const inside[] = {"example", "changeme", "change-me", "change_me",
            "changeit", "change_this", "change-this", "changethis", "placeholder", "redacted",
            "replaceme", "replace_", "replace-", "replacewith", "your_", "your-", "yourpass",
            "yoursecret", "yourtoken", "yourkey", "yourapi", "dummy", "todo", "fixme", "insert_",
            "insert-", "fake", "sample", "notreal", "not-real", "not_real", "xxxx", "****", "____",
            "....", "----", "goes-here", "goes_here", "not-a-secret", "notasecret", "not_a_secret",
            "to_be_", "to-be-", "lorem", "my_password_here", "_here", "-here", NULL};
    static const char *const whole[] = {"password", "passwd", "passphrase", "pass", "pwd", "secret",
            "token", "key", "apikey", "api_key", "api-key", "none", "null", "nil", "undefined",
            "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "string", "str",
            "int", "bool", "boolean", "text", "value", "default", "auto", "read", "write",
            "required", "optional", "n/a", "na", "unset", "empty", "test", "tbd", "user",
            "username", "env", "vault", "random", "generated", "generate", "hidden", "masked",
            "sensitive", "encrypted", "plaintext", "basic", "bearer", "prompt", "mypassword",
            "mysecret", "mytoken", "foo", "bar", "baz", "foobar", "xxx", "***", "abc", "base64",
            "file", "name", "credentials", "credential", "client_secret", "inherit", "manual",
            "existing", "passw0rd-here", "object", "number", "any", "self", "this", "unused", NULL};

    text = as_str_trim(text);
    if (text.n == 0 || is_slot(text))
        return true;
    for (size_t i = 0; inside[i]; i++)
        if (as_secret_contains(text, inside[i]))
            return true;
    for (size_t i = 0; whole[i]; i++)
        if (text.n == strlen(whole[i]) && starts(text, whole[i]))
            return true;
    return starts(text, "your") || (text.n >= 3 && distinct(text) == 1) ||
           (text.n >= 8 && distinct(text) <= 2);
}

bool as_secret_is_toy(as_str t)
{
    static const char *const heads[] = {"test", "abc", "foo", "demo", NULL};
    char plain[64];
    size_t n = 0, digits = 0;

    for (size_t i = 0; heads[i]; i++) {
        size_t k = strlen(heads[i]);
        for (digits = k;
                starts(t, heads[i]) && digits < t.n && t.p[digits] >= '0' && t.p[digits] <= '9';)
            digits++;
        if (digits > k && digits == t.n && digits <= k + 4)
            return true;
    }
    if (t.n >= 9 && as_secret_is_sequence(t))
        return true;
    /* ZXhhbXBsZQ==: "example" */
    static const char alphabet[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, n_bits = 0;
    for (size_t i = 0; i < t.n && t.n % 4 == 0 && t.n >= 8 && t.n <= 64 && t.p[i] != '='; i++) {
        const char *at = strchr(alphabet, t.p[i]);
        if (at == NULL || t.p[i] == '\0')
            return false;
        bits = (bits << 6 | (unsigned)(at - alphabet)) & 0xffff;
        n_bits += 6;
        if (n_bits >= 8 && n < sizeof plain) {
            n_bits -= 8;
            plain[n] = (char)(bits >> n_bits & 0xff);
            if ((unsigned char)plain[n] < 0x20 || (unsigned char)plain[n] > 0x7e)
                return false;
            n++;
        }
    }
    return n >= 6 && as_secret_is_placeholder((as_str){plain, n});
}

static bool is_uuid(as_str t)
{
    if (t.n != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? t.p[i] != '-' : !as_secret_is_hex(as_str_slice(t, i, i + 1)))
            return false;
    }
    return true;
}

/* Numbers, versions, dates, sizes: "3600", "1.2.3", "2024-01-31", "15m", "1e6". */
static bool is_measure(as_str t)
{
    size_t digits = 0, letters = 0;

    for (size_t i = 0; i < t.n; i++) {
        digits += t.p[i] >= '0' && t.p[i] <= '9';
        letters += (t.p[i] >= 'a' && t.p[i] <= 'z') || (t.p[i] >= 'A' && t.p[i] <= 'Z');
        if (!as_char_in(t.p[i], "0123456789.:-+TZsmhdKMGi"))
            return false;
    }
    /* Digits alone may be a password, when there are enough of them. */
    return digits == t.n ? t.n < 4 : digits > 0 && letters <= 2;
}

/* tests/certs/key.pem */
static bool is_path_of_key(as_str t)
{
    static const char *const tails[] = {".pem", ".key", ".crt", ".cer", ".p12", ".pfx", ".jks",
            ".asc", ".gpg", ".json", ".yaml", NULL};

    if (as_str_find_char(t, '/') == (size_t)-1)
        return false;
    for (size_t i = 0; tails[i]; i++)
        if (as_str_ends(t, tails[i]))
            return true;
    return false;
}

bool as_secret_is_reference(as_str text)
{
    static const char *const heads[] = {"arn:", "vault:", "ref+",
            "ssm:", "secretsmanager:", "op://", "awssm", "gcpsm", "azurekms",
            "env:", "file:", "projects/", "@microsoft.keyvault", "keyvault", "/", "./", "../", "~/",
            "http://", "https://", "enc[", "enc(", "enc:", "$ansible_vault", "!vault",
            "-----begin pgp", "aqicah", "{cipher}", "{bcrypt}", "{ssha", "{sha", "{argon2",
            "{pbkdf2", "{md5", "$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$7$", "$y$", "$apr1$",
            "$argon2", "$pbkdf2", "pbkdf2", "scrypt:", "sha256:", "sha512:", "sha256-", "sha384-",
            "sha512-", "sha1:", "sha1-", "md5:", "ssh-rsa", "ssh-ed25519", "ssh-dss", "ecdsa-",
            "aaaab3nza", "aaaac3nza", "-----begin public", "-----begin rsa public",
            "-----begin certificate", "ls0tls1crudjtibdrvju", "var.", "local.", "data.", "module.",
            "each.", "self.", "path.", "secrets.", "env.", "process.env", "os.environ", "os.getenv",
            "getenv", "system.getenv", "secret:", "secret/", "kms:", "dynamodb:", "valuefrom",
            "resolve:", "{{resolve", "aws-ssm", "berglas://", "sm://", "gsm:", "doppler://",
            "bw://", "infisical://", "azkv", NULL};

    text = as_str_trim(text);
    for (size_t i = 0; heads[i]; i++)
        if (starts(text, heads[i]))
            return true;
    /* Bitnami's sealed secrets: RSA-OAEP of a session key, its length in front. */
    bool sealed =
            text.n >= 300 && (as_str_starts(text, "Ag") && as_char_in(text.p[2], "ABCDEFGHIJKL"));
    return sealed || is_uuid(text) || is_measure(text) || is_path_of_key(text);
}
