/* Hashes, UUIDs and decryption: Terraform internal/lang/funcs/crypto.go. What is random in
 * Terraform is unknown here, as it is while Terraform plans. */
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "engine/base/base64.h"
#include "parsers/hcl/func.h"
#include "parsers/hcl/func_file.h"

static as_str hex(as_arena *arena, as_str bytes)
{
    char *out = AS_NEW_ARRAY(arena, char, bytes.n * 2);
    for (size_t i = 0; i < bytes.n; i++) {
        out[2 * i] = "0123456789abcdef"[(unsigned char)bytes.p[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[(unsigned char)bytes.p[i] & 15];
    }
    return (as_str){out, bytes.n * 2};
}

typedef as_str encode_fn(as_arena *arena, as_str bytes);

static const as_value *hashed(
        as_hcl_call *call, as_str text, const EVP_MD *algorithm, encode_fn *encode)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!EVP_Digest(text.p ? text.p : "", text.n, digest, &n, algorithm, NULL)) {
        return as_fn_fail(call, "the hash cannot be computed here");
    }
    return as_fn_string(call, encode(call->arena, (as_str){(const char *)digest, n}));
}

/* name(str), and filename(path) of the file's bytes. */
#define HASH(name, algorithm, encode)                                                              \
    static const as_value *fn_##name(as_hcl_call *call)                                            \
    {                                                                                              \
        return hashed(call, as_fn_arg_str(call, 0), algorithm(), encode);                          \
    }                                                                                              \
    static const as_value *fn_file##name(as_hcl_call *call)                                        \
    {                                                                                              \
        const as_value *bytes = as_fn_file_bytes(call, 0);                                         \
        bool text = bytes && bytes->kind == AS_STRING;                                             \
        return text ? hashed(call, as_value_str(bytes), algorithm(), encode) : bytes;              \
    }

HASH(md5, EVP_md5, hex)
HASH(sha1, EVP_sha1, hex)
HASH(sha256, EVP_sha256, hex)
HASH(sha512, EVP_sha512, hex)
HASH(base64sha256, EVP_sha256, as_base64_encode)
HASH(base64sha512, EVP_sha512, as_base64_encode)

/* --- uuidv5 ----------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Plain, "urn:uuid:…", "{…}" or 32 digits, as google/uuid reads it. NULL when good, else what is
 * wrong. */
static const char *parse_uuid(as_str s, unsigned char out[16])
{
    if (s.n == 45 && as_str_ieq(as_str_slice(s, 0, 9), AS_STR("urn:uuid:"))) {
        s = as_str_from_index(s, 9);
    } else if (s.n == 38 && s.p[0] == '{' && s.p[37] == '}') {
        s = as_str_slice(s, 1, 37);
    } else if (s.n != 36 && s.n != 32) {
        return s.n == 45 ? "invalid urn prefix" : "invalid UUID length";
    }
    bool dashes = s.n == 36;
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        if (dashes && (i == 4 || i == 6 || i == 8 || i == 10) && s.p[at++] != '-') {
            return "invalid UUID format";
        }
        int high = hex_digit(s.p[at]), low = hex_digit(s.p[at + 1]);
        if (high < 0 || low < 0) {
            return "invalid UUID format";
        }
        out[i] = (unsigned char)(high << 4 | low);
        at += 2;
    }
    return NULL;
}

/* RFC 4122 §4.3 with SHA-1 */
static const as_value *fn_uuidv5(as_hcl_call *call)
{
    static const struct {
        const char *name;
        char last; /* of the fourth byte: they differ in nothing else (RFC 4122 appendix C) */
    } spaces[] = {{"dns", 0x10}, {"url", 0x11}, {"oid", 0x12}, {"x500", 0x14}};
    unsigned char id[16] = {0x6b, 0xa7, 0xb8, 0, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0,
            0x4f, 0xd4, 0x30, 0xc8};
    as_str space = as_fn_arg_str(call, 0), name = as_fn_arg_str(call, 1);
    bool known = false;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces && !known; i++) {
        known = as_str_is(space, spaces[i].name);
        id[3] = known ? (unsigned char)spaces[i].last : id[3];
    }
    const char *error = known ? NULL : parse_uuid(space, id);
    if (error && strcmp(error, "invalid UUID length") == 0) {
        return as_fn_fail(call, "uuidv5() doesn't support namespace %.*s (%s: %zu)",
                AS_STR_ARG(space), error, space.n);
    }
    if (error) {
        return as_fn_fail(
                call, "uuidv5() doesn't support namespace %.*s (%s)", AS_STR_ARG(space), error);
    }
    char *message = AS_NEW_ARRAY(call->arena, char, name.n + 16);
    unsigned char digest[EVP_MAX_MD_SIZE];
    memcpy(message, id, 16);
    memcpy(message + 16, name.p ? name.p : "", name.n);
    if (!EVP_Digest(message, name.n + 16, digest, NULL, EVP_sha1(), NULL)) {
        return as_fn_fail(call, "the hash cannot be computed here");
    }
    digest[6] = (unsigned char)((digest[6] & 0x0F) | 0x50);
    digest[8] = (unsigned char)((digest[8] & 0x3F) | 0x80);
    as_str h = hex(call->arena, (as_str){(const char *)digest, 16});
    return as_fn_string(call, as_str_fmt(call->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", h.p, h.p + 8,
                                      h.p + 12, h.p + 16, h.p + 20));
}

/* --- rsadecrypt ------------------------------------------------------------------------------------- */

static int no_password(char *buffer, int size, int rwflag, void *user)
{
    (void)buffer;
    (void)size;
    (void)rwflag;
    (void)user;
    return -1;
}

/* PKCS #1 v1.5; *n is the length of the plain text in out, which holds out->n bytes. */
static const char *decrypt(as_str cipher, as_str key_text, unsigned char *out, size_t *n)
{
    const char *error = NULL;
    BIO *bio = BIO_new_mem_buf(key_text.p ? key_text.p : "", (int)key_text.n);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
    EVP_PKEY_CTX *ctx = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    if (!key) {
        error = "invalid private key";
    } else if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        error = "invalid private key type";
    } else if (!ctx || EVP_PKEY_decrypt_init(ctx) <= 0 ||
               EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) <= 0 ||
               EVP_PKEY_decrypt(ctx, out, n, (const unsigned char *)cipher.p, cipher.n) <= 0) {
        error = "decryption error";
    }
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return error;
}

static const as_value *fn_rsadecrypt(as_hcl_call *call)
{
    as_str cipher, key = as_fn_arg_str(call, 1);
    if (!as_base64_decode(call->arena, as_fn_arg_str(call, 0), &cipher, NULL)) {
        return as_fn_fail_arg(call, 0,
                "failed to decode input \"%.*s\": cipher text must be base64-encoded",
                AS_STR_ARG(as_fn_arg_str(call, 0)));
    }
    if (key.n > (1u << 20)) {
        return as_fn_fail_arg(call, 1, "invalid private key: it is too long");
    }
    size_t n = 4096;
    unsigned char *out = AS_NEW_ARRAY(call->arena, unsigned char, n);
    const char *error = decrypt(cipher, key, out, &n);
    if (error && strcmp(error, "decryption error") != 0) {
        return as_fn_fail_arg(call, 1, "%s", error);
    }
    if (error) {
        return as_fn_fail(call, "failed to decrypt: %s", error);
    }
    return as_fn_string(call, (as_str){(const char *)out, n});
}

/* --- random --------------------------------------------------------------------------------------- */

static const as_value *fn_random(as_hcl_call *call)
{
    return as_hcl_unknown(call->arena, call->span, &as_type_string,
            as_str_fmt(call->arena, "%s() is random", call->function->name));
}

#define STRING &as_type_string

/* A row for the text and one for the file. */
#define ROWS(fn)                                                                                   \
    {.name = #fn,                                                                                  \
            .impl = fn_##fn,                                                                       \
            .result = STRING,                                                                      \
            .not_null = true,                                                                      \
            .params = {{"str", STRING, 0}}},                                                       \
    {                                                                                              \
        .name = "file" #fn, .impl = fn_file##fn, .result = STRING, .not_null = true, .params = {   \
            {"path", STRING, 0}                                                                    \
        }                                                                                          \
    }

static const as_hcl_function functions[] = {
        ROWS(base64sha256),
        ROWS(base64sha512),
        ROWS(md5),
        ROWS(sha1),
        ROWS(sha256),
        ROWS(sha512),
        {.name = "bcrypt",
                .impl = fn_random,
                .result = STRING,
                .not_null = true,
                .impure = true,
                .params = {{"str", STRING, 0}},
                .rest = {"cost", &as_type_number, 0}},
        {.name = "rsadecrypt",
                .impl = fn_rsadecrypt,
                .result = STRING,
                .not_null = true,
                .params = {{"ciphertext", STRING, 0}, {"privatekey", STRING, 0}}},
        {.name = "uuid", .impl = fn_random, .result = STRING, .not_null = true, .impure = true},
        {.name = "uuidv5",
                .impl = fn_uuidv5,
                .result = STRING,
                .not_null = true,
                .params = {{"namespace", STRING, 0}, {"name", STRING, 0}}},
        {0},
};
const as_hcl_family as_hcl_family_hash = {"hash", functions};
