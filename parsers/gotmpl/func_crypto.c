/* Digests, random texts, passwords and AES: sprig's crypto.go and goutils' random strings. */
#include "parsers/gotmpl/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "engine/base/base64.h"
#include "engine/base/utf8.h"

/* --- the stream ----------------------------------------------------------------------------------------- */

void as_go_random(as_gotmpl *t, void *out, size_t n)
{
    unsigned char *p = out;
    while (n > 0) {
        unsigned char block[32];
        as_str input = as_str_fmt(t->arena, "%.*s/%llu", AS_STR_ARG(t->options.seed),
                (unsigned long long)t->n_random++);
        SHA256((const unsigned char *)input.p, input.n, block);
        size_t take = n < sizeof block ? n : sizeof block;
        memcpy(p, block, take);
        p += take;
        n -= take;
    }
}

uint64_t as_go_random_below(as_gotmpl *t, uint64_t n)
{
    uint64_t u;
    as_go_random(t, &u, sizeof u);
    return u % n;
}

static bool give(as_str s, as_go *out)
{
    *out = as_go_from_str(s);
    return true;
}

/* --- digests ---------------------------------------------------------------------------------------------- */

static bool hex(as_gotmpl *t, const unsigned char *bytes, size_t n, as_go *out)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    for (size_t i = 0; i < n; i++)
        as_buf_fmt(&buf, "%02x", bytes[i]);
    return give(as_buf_view(&buf), out);
}

AS_GO_FUNC(f_sha1)
{
    (void)n;
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)a[0].as.s, a[0].n, digest);
    return hex(t, digest, sizeof digest, out);
}

AS_GO_FUNC(f_sha256)
{
    (void)n;
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)a[0].as.s, a[0].n, digest);
    return hex(t, digest, sizeof digest, out);
}

AS_GO_FUNC(f_sha512)
{
    (void)n;
    unsigned char digest[SHA512_DIGEST_LENGTH];
    SHA512((const unsigned char *)a[0].as.s, a[0].n, digest);
    return hex(t, digest, sizeof digest, out);
}

/* RFC 1950 §8.2 */
AS_GO_FUNC(f_adler32)
{
    (void)n;
    uint32_t x = 1, y = 0;
    for (size_t i = 0; i < a[0].n; i++) {
        x = (x + (unsigned char)a[0].as.s[i]) % 65521;
        y = (y + x) % 65521;
    }
    return give(as_str_fmt(t->arena, "%u", y << 16 | x), out);
}

/* --- random texts ------------------------------------------------------------------------------------------- */

static bool random_text(as_gotmpl *t, const as_go *count, const char *letters, as_go *out)
{
    if (count->as.i <= 0) /* goutils' error, which sprig drops */
        return give(AS_STR(""), out);
    if ((uint64_t)count->as.i > t->options.max_bytes)
        return as_go_limit(t, "a random text of %lld bytes is too long", (long long)count->as.i);
    size_t n = (size_t)count->as.i, n_letters = strlen(letters);
    char *text = as_arena_alloc(t->arena, n);
    as_go_random(t, text, n);
    for (size_t i = 0; i < n; i++)
        text[i] = letters[(unsigned char)text[i] % n_letters];
    return give((as_str){text, n}, out);
}

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

AS_GO_FUNC(f_rand_alpha_num)
{
    (void)n;
    return random_text(t, a, DIGITS LETTERS, out);
}

AS_GO_FUNC(f_rand_alpha)
{
    (void)n;
    return random_text(t, a, LETTERS, out);
}

AS_GO_FUNC(f_rand_numeric)
{
    (void)n;
    return random_text(t, a, DIGITS, out);
}

AS_GO_FUNC(f_rand_ascii)
{
    (void)n;
    return random_text(t, a, " !\"#$%&'()*+,-./" DIGITS ":;<=>?@" LETTERS "[\\]^_`{|}~", out);
}

AS_GO_FUNC(f_rand_bytes)
{
    (void)n;
    if (a[0].as.i < 0)
        return as_go_fail(t, "runtime error: makeslice: len out of range");
    if ((uint64_t)a[0].as.i > t->options.max_bytes / 2)
        return as_go_limit(t, "a random text of %lld bytes is too long", (long long)a[0].as.i);
    char *bytes = as_arena_alloc(t->arena, (size_t)a[0].as.i);
    as_go_random(t, bytes, (size_t)a[0].as.i);
    return give(as_base64_encode(t->arena, (as_str){bytes, (size_t)a[0].as.i}), out);
}

AS_GO_FUNC(f_rand_int)
{
    (void)n;
    if (a[1].as.i <= a[0].as.i)
        return as_go_fail(t, "invalid argument to Intn");
    uint64_t width = (uint64_t)a[1].as.i - (uint64_t)a[0].as.i;
    *out = as_go_from_int((int64_t)((uint64_t)a[0].as.i + as_go_random_below(t, width)));
    return true;
}

AS_GO_FUNC(f_uuidv4)
{
    (void)a;
    (void)n;
    unsigned char b[16];
    as_go_random(t, b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    return give(as_str_fmt(t->arena,
                        "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                        b[12], b[13], b[14], b[15]),
            out);
}

AS_GO_FUNC(f_shuffle)
{
    (void)n;
    as_str s = as_go_str(&a[0]);
    uint32_t *runes = AS_NEW_ARRAY(t->arena, uint32_t, s.n);
    size_t count = 0;
    for (size_t i = 0; i < s.n;)
        runes[count++] = as_utf8_next(s, &i);
    if (!as_gotmpl_step(t, count))
        return false;
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)as_go_random_below(t, i);
        uint32_t rune = runes[i - 1];
        runes[i - 1] = runes[k];
        runes[k] = rune;
    }
    as_buf buf;
    as_buf_init(&buf, t->arena, t->options.max_bytes);
    for (size_t i = 0; i < count; i++)
        as_buf_rune(&buf, runes[i]);
    return give(as_buf_view(&buf), out);
}

/* What an expensive function costs of the budget: some tens of milliseconds. */
enum { SLOW_STEPS = 500000, SCRYPT_STEPS = 4000000 };

/* --- passwords -------------------------------------------------------------------------------------------- */

AS_GO_FUNC(f_bcrypt)
{
    (void)n;
    if (a[0].n > 72)
        return give(AS_STR("failed to encrypt string with bcrypt: bcrypt: password length exceeds "
                           "72 bytes"),
                out);
    return as_gotmpl_step(t, SLOW_STEPS) && give(as_go_bcrypt(t, as_go_str(&a[0])), out);
}

AS_GO_FUNC(f_htpasswd)
{
    (void)n;
    as_str user = as_go_str(&a[0]);
    if (as_str_find_char(user, ':') != (size_t)-1)
        return give(as_str_fmt(t->arena, "invalid username: %.*s", AS_STR_ARG(user)), out);
    as_go hash;
    if (!f_bcrypt(t, &a[1], 1, &hash))
        return false;
    return give(
            as_str_fmt(t->arena, "%.*s:%.*s", AS_STR_ARG(user), AS_STR_ARG(as_go_str(&hash))), out);
}

/* The templates and letters of the Master Password algorithm. */
static const struct {
    const char *type;
    const char *templates; /* separated by blanks */
} password_types[] = {
        {"maximum", "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno"},
        {"long", "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv "
                 "CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc "
                 "CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno "
                 "CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc "
                 "CvccCvcvCvccno"},
        {"medium", "CvcnoCvc CvcCvcno"},
        {"short", "Cvcn"},
        {"basic", "aaanaaan aannaaan aaannaaa"},
        {"pin", "nnnn"},
};

static const char *password_letters(char class)
{
    switch (class) {
    case 'V':
        return "AEIOU";
    case 'C':
        return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v':
        return "aeiou";
    case 'c':
        return "bcdfghjklmnpqrstvwxyz";
    case 'A':
        return "AEIOUBCDFGHJKLMNPQRSTVWXYZ";
    case 'a':
        return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n':
        return "0123456789";
    case 'o':
        return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
        return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
    }
}

static void add_uint32(as_buf *buf, uint32_t u)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        as_buf_char(buf, (char)(unsigned char)(u >> shift));
}

static as_str nth_template(const char *all, unsigned seed)
{
    as_str rest = as_str_from(all), part = AS_STR_NONE;
    unsigned count = 1;
    for (size_t i = 0; i < rest.n; i++)
        count += rest.p[i] == ' ';
    for (unsigned i = 0; i <= seed % count; i++)
        as_str_split(&rest, ' ', &part);
    return part;
}

AS_GO_FUNC(f_derive_password)
{
    (void)n;
    const char *templates = NULL;
    for (size_t i = 0; i < sizeof password_types / sizeof *password_types; i++)
        if (as_str_is(as_go_str(&a[1]), password_types[i].type))
            templates = password_types[i].templates;
    if (!templates)
        return give(as_str_fmt(t->arena, "cannot find password template %.*s",
                            AS_STR_ARG(as_go_str(&a[1]))),
                out);
    if (!as_gotmpl_step(t, SCRYPT_STEPS))
        return false;
    as_buf salt, message;
    as_buf_init(&salt, t->arena, 0);
    as_buf_init(&message, t->arena, 0);
    as_buf_cstr(&salt, "com.lyndir.masterpassword");
    as_buf_str(&message, as_buf_view(&salt));
    add_uint32(&salt, a[3].n);
    as_buf_str(&salt, as_go_str(&a[3]));
    add_uint32(&message, a[4].n);
    as_buf_str(&message, as_go_str(&a[4]));
    add_uint32(&message, (uint32_t)a[0].as.u);
    unsigned char key[64], seed[32];
    unsigned n_seed = sizeof seed;
    if (!EVP_PBE_scrypt(a[2].as.s, a[2].n, (const unsigned char *)salt.p, salt.n, 32768, 8, 2,
                (uint64_t)128 << 20, key, sizeof key) ||
            !HMAC(EVP_sha256(), key, sizeof key, (const unsigned char *)message.p, message.n, seed,
                    &n_seed))
        return give(AS_STR("failed to derive password"), out);
    as_str template = nth_template(templates, seed[0]);
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    for (size_t i = 0; i < template.n; i++) {
        const char *letters = password_letters(template.p[i]);
        as_buf_char(&buf, letters[seed[i + 1] % strlen(letters)]);
    }
    return give(as_buf_view(&buf), out);
}

/* --- AES-256-CBC with PKCS#7 padding ------------------------------------------------------------------------ */

static void aes_key(const as_go *password, unsigned char key[32])
{
    memset(key, 0, 32);
    memcpy(key, password->as.s, password->n < 32 ? password->n : 32);
}

static bool aes(const unsigned char *key, const unsigned char *iv, const unsigned char *in,
        size_t n, unsigned char *out, bool encrypts)
{
    int written = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool good = ctx && EVP_CipherInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv, encrypts) &&
                EVP_CIPHER_CTX_set_padding(ctx, 0) &&
                EVP_CipherUpdate(ctx, out, &written, in, (int)n) && (size_t)written == n;
    EVP_CIPHER_CTX_free(ctx);
    return good;
}

AS_GO_FUNC(f_encrypt_aes)
{
    (void)n;
    if (a[1].n == 0)
        return give(AS_STR(""), out);
    size_t padding = 16 - a[1].n % 16, length = a[1].n + padding;
    unsigned char key[32], *plain = as_arena_alloc(t->arena, length),
                           *cipher = as_arena_alloc(t->arena, length + 16);
    aes_key(&a[0], key);
    memcpy(plain, a[1].as.s, a[1].n);
    memset(plain + a[1].n, (int)padding, padding);
    as_go_random(t, cipher, 16);
    if (!aes(key, cipher, plain, length, cipher + 16, true))
        return as_go_fail(t, "the text cannot be encrypted");
    give(as_base64_encode(t->arena, (as_str){(char *)cipher, length + 16}), out);
    out->flags |= AS_GO_GENERATED;
    return true;
}

AS_GO_FUNC(f_decrypt_aes)
{
    (void)n;
    if (a[1].n == 0)
        return give(AS_STR(""), out);
    as_str crypt;
    size_t at;
    if (!as_base64_decode(t->arena, as_go_str(&a[1]), &crypt, &at))
        return as_go_fail(t, "illegal base64 data at input byte %zu", at);
    if (crypt.n < 16)
        return as_go_fail(t, "runtime error: slice bounds out of range [:16] with capacity %u",
                a[1].n / 4 * 3);
    size_t length = crypt.n - 16;
    if (length % 16)
        return as_go_fail(t, "crypto/cipher: input not full blocks");
    if (length == 0)
        return as_go_fail(t, "runtime error: index out of range [-1]");
    unsigned char key[32], *plain = as_arena_alloc(t->arena, length);
    aes_key(&a[0], key);
    const unsigned char *bytes = (const unsigned char *)crypt.p;
    if (!aes(key, bytes, bytes + 16, length, plain, false))
        return as_go_fail(t, "the text cannot be decrypted");
    size_t padding = plain[length - 1];
    if (padding > length)
        return as_go_fail(t, "runtime error: slice bounds out of range [:%lld]",
                (long long)length - (long long)padding);
    return give((as_str){(char *)plain, length - padding}, out);
}

const as_go_func as_funcs_crypto[] = {
        {"sha1sum", "s", f_sha1, 0},
        {"sha256sum", "s", f_sha256, 0},
        {"sha512sum", "s", f_sha512, 0},
        {"adler32sum", "s", f_adler32, 0},
        {"randAlphaNum", "i", f_rand_alpha_num, AS_FUNC_RANDOM},
        {"randAlpha", "i", f_rand_alpha, AS_FUNC_RANDOM},
        {"randNumeric", "i", f_rand_numeric, AS_FUNC_RANDOM},
        {"randAscii", "i", f_rand_ascii, AS_FUNC_RANDOM},
        {"randBytes", "i", f_rand_bytes, AS_FUNC_RANDOM},
        {"randInt", "ii", f_rand_int, AS_FUNC_RANDOM},
        {"uuidv4", "", f_uuidv4, AS_FUNC_RANDOM},
        {"shuffle", "s", f_shuffle, AS_FUNC_RANDOM},
        {"bcrypt", "s", f_bcrypt, AS_FUNC_RANDOM},
        {"htpasswd", "ss", f_htpasswd, AS_FUNC_RANDOM},
        {"derivePassword", "ussss", f_derive_password, 0},
        {"encryptAES", "ss", f_encrypt_aes, 0},
        {"decryptAES", "ss", f_decrypt_aes, 0},
        {0},
};
