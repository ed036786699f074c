/* The assertion with which a service account's key asks for a token
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest). */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "engine/base/base64.h"
#include "engine/base/buf.h"
#include "parsers/live/gcp/credentials.h"

enum { LIFE_S = 3600 };

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

/* RFC 4648 §5 without padding. */
static as_str base64url(as_arena *arena, as_str bytes)
{
    as_str text = as_base64_encode(arena, bytes);
    char *out = as_str_cstr(arena, text);

    while (text.n > 0 && out[text.n - 1] == '=')
        text.n--;
    for (size_t i = 0; i < text.n; i++)
        out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
    return (as_str){out, text.n};
}

static as_str header(as_arena *arena, const as_value *account)
{
    as_str id = text_at(account, "private_key_id");
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, "{\"alg\":\"RS256\",\"typ\":\"JWT\"");
    if (id.n > 0) {
        as_buf_cstr(&out, ",\"kid\":");
        as_buf_json_string(&out, id);
    }
    as_buf_char(&out, '}');
    return base64url(arena, as_buf_view(&out));
}

static as_str claims(as_arena *arena, const as_value *account, as_str scope, int64_t now)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, "{\"iss\":");
    as_buf_json_string(&out, text_at(account, "client_email"));
    as_buf_cstr(&out, ",\"scope\":");
    as_buf_json_string(&out, scope);
    as_buf_cstr(&out, ",\"aud\":");
    as_buf_json_string(&out, text_at(account, "token_uri"));
    as_buf_fmt(&out, ",\"iat\":%lld,\"exp\":%lld}", (long long)now, (long long)now + LIFE_S);
    return base64url(arena, as_buf_view(&out));
}

static bool sign(as_arena *arena, as_str pem, as_str text, as_str *out)
{
    BIO *bio = pem.n <= INT32_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "") : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char bytes[1024];
    size_t n = sizeof bytes;
    bool fine = key && context && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
                EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(context, bytes, &n, (const unsigned char *)text.p, text.n) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(bio);
    ERR_clear_error();
    if (fine)
        *out = base64url(arena, (as_str){(const char *)bytes, n});
    return fine;
}

bool as_gcp_jwt(as_arena *arena, const as_value *account, as_str scope, int64_t now, as_str *jwt,
        as_str *problem)
{
    as_str text = as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(header(arena, account)),
            AS_STR_ARG(claims(arena, account, scope, now)));
    as_str signature;

    if (!sign(arena, text_at(account, "private_key"), text, &signature)) {
        *problem = AS_STR("the service account's private key cannot be read");
        return false;
    }
    *jwt = as_str_fmt(arena, "%.*s.%.*s", AS_STR_ARG(text), AS_STR_ARG(signature));
    return true;
}
