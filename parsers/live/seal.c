#include "parsers/live/seal.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <zstd.h>

#include "engine/base/buf.h"

bool as_zstd_compress(as_arena *arena, as_str text, as_str *out)
{
    size_t most = ZSTD_compressBound(text.n);
    char *p = as_arena_try_alloc(arena, most);
    size_t n = p ? ZSTD_compress(p, most, text.p, text.n, 6) : 0;

    if (!p || ZSTD_isError(n))
        return false;
    *out = (as_str){p, n};
    return true;
}

/* Piece by piece: what the frame says of its size is the word of whoever made it. */
bool as_zstd_decompress(as_arena *arena, as_str bytes, size_t limit, as_str *out)
{
    ZSTD_DStream *stream = ZSTD_createDStream();
    ZSTD_inBuffer in = {bytes.p, bytes.n, 0};
    static const size_t step = 1u << 16;
    char *piece = as_arena_try_alloc(arena, step);
    size_t left = 1;
    as_buf text;
    bool fine = stream && piece;

    as_buf_init(&text, arena, limit + 1);
    while (fine && (in.pos < in.size || left != 0)) {
        ZSTD_outBuffer got = {piece, step, 0};
        size_t before = in.pos;
        left = ZSTD_decompressStream(stream, &got, &in);
        fine = !ZSTD_isError(left) && text.n + got.pos <= limit &&
               (in.pos > before || got.pos > 0 || left == 0);
        if (fine)
            as_buf_add(&text, piece, got.pos);
    }
    ZSTD_freeDStream(stream);
    *out = as_buf_view(&text);
    return fine;
}

/* --- CMS -------------------------------------------------------------------------------------- */

static bool failed(as_arena *arena, as_str *problem, const char *what)
{
    unsigned long code = ERR_get_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;

    *problem = as_str_fmt(arena, "%s%s%s", what, reason ? ": " : "", reason ? reason : "");
    ERR_clear_error();
    return false;
}

static BIO *bio_of(as_str text)
{
    return text.n <= INT32_MAX ? BIO_new_mem_buf(text.p, (int)text.n) : NULL;
}

static as_str bytes_of(as_arena *arena, BIO *bio)
{
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);

    return n > 0 ? as_str_dup(arena, (as_str){p, (size_t)n}) : AS_STR("");
}

bool as_cms_seal(as_arena *arena, as_str text, as_str cert_pem, as_str *out, as_str *problem)
{
    BIO *pem = bio_of(cert_pem), *in = bio_of(text), *der = BIO_new(BIO_s_mem());
    X509 *cert = pem ? PEM_read_bio_X509(pem, NULL, NULL, NULL) : NULL;
    STACK_OF(X509) *to = sk_X509_new_null();
    CMS_ContentInfo *sealed = NULL;
    bool fine = cert && in && der && to && sk_X509_push(to, cert) > 0;

    if (fine)
        sealed = CMS_encrypt(to, in, EVP_aes_256_gcm(), CMS_BINARY);
    fine = sealed && i2d_CMS_bio(der, sealed) == 1;
    if (fine)
        *out = bytes_of(arena, der);
    else
        failed(arena, problem, cert ? "it cannot be sealed" : "this is no certificate");
    CMS_ContentInfo_free(sealed);
    sk_X509_free(to);
    X509_free(cert);
    BIO_free(der);
    BIO_free(in);
    BIO_free(pem);
    return fine;
}

bool as_cms_open(as_arena *arena, as_str bytes, as_str key_pem, as_str *out, as_str *problem)
{
    BIO *pem = bio_of(key_pem), *in = bio_of(bytes), *text = BIO_new(BIO_s_mem());
    EVP_PKEY *key = pem ? PEM_read_bio_PrivateKey(pem, NULL, NULL, (void *)(uintptr_t) "") : NULL;
    CMS_ContentInfo *sealed = in ? d2i_CMS_bio(in, NULL) : NULL;
    bool fine =
            key && sealed && text && CMS_decrypt(sealed, key, NULL, NULL, text, CMS_BINARY) == 1;

    if (fine)
        *out = bytes_of(arena, text);
    else
        failed(arena, problem, key ? "it cannot be opened" : "this is no private key");
    CMS_ContentInfo_free(sealed);
    EVP_PKEY_free(key);
    BIO_free(text);
    BIO_free(in);
    BIO_free(pem);
    return fine;
}
