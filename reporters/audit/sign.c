#include "reporters/audit/sign.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

static bool failed(as_arena *arena, as_str *problem, const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;

    *problem = as_str_fmt(arena, "%s%s%s", what, reason ? ": " : "", reason ? reason : "");
    ERR_clear_error();
    return false;
}

static BIO *bio_of(as_str text)
{
    return text.n <= INT32_MAX ? BIO_new_mem_buf(text.n > 0 ? text.p : "", (int)text.n) : NULL;
}

static as_str bytes_of(as_arena *arena, BIO *bio)
{
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);

    return n > 0 ? as_str_dup(arena, (as_str){p, (size_t)n}) : AS_STR("");
}

static X509 *read_cert(as_str pem)
{
    BIO *bio = bio_of(pem);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return cert;
}

/* Without a passphrase: nobody is there to type one. */
static EVP_PKEY *read_key(as_str pem)
{
    BIO *bio = bio_of(pem);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "") : NULL;

    BIO_free(bio);
    return key;
}

bool as_cms_sign(
        as_arena *arena, as_str text, as_str key_pem, as_str cert_pem, as_str *out, as_str *problem)
{
    X509 *cert = read_cert(cert_pem);
    EVP_PKEY *key = read_key(key_pem);
    BIO *in = bio_of(text), *der = BIO_new(BIO_s_mem());
    CMS_ContentInfo *cms = NULL;
    bool matches = cert && key && X509_check_private_key(cert, key) == 1;

    if (matches && in && der)
        cms = CMS_sign(cert, key, NULL, in, CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP);
    bool fine = cms && i2d_CMS_bio(der, cms) == 1;
    if (fine)
        *out = bytes_of(arena, der);
    else
        failed(arena, problem,
                !cert      ? "this is no certificate"
                : !key     ? "this is no private key without a passphrase"
                : !matches ? "the key is not that of the certificate"
                           : "it cannot be signed");
    CMS_ContentInfo_free(cms);
    BIO_free(der);
    BIO_free(in);
    EVP_PKEY_free(key);
    X509_free(cert);
    return fine;
}

/* Certificates that are trusted as they are, roots or not. */
static X509_STORE *store_of(as_str trust_pem)
{
    X509_STORE *store = X509_STORE_new();
    BIO *bio = bio_of(trust_pem);
    X509 *cert;
    bool any = false;

    while (store && bio && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        any = X509_STORE_add_cert(store, cert) == 1 || any;
        X509_free(cert);
    }
    ERR_clear_error();
    BIO_free(bio);
    if (!any) {
        X509_STORE_free(store);
        return NULL;
    }
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
    return store;
}

static as_str signer_name(as_arena *arena, CMS_ContentInfo *cms)
{
    STACK_OF(X509) *signers = CMS_get0_signers(cms);
    BIO *text = BIO_new(BIO_s_mem());
    as_str name = AS_STR("");

    if (text && signers && sk_X509_num(signers) > 0 &&
            X509_NAME_print_ex(text, X509_get_subject_name(sk_X509_value(signers, 0)), 0,
                    XN_FLAG_RFC2253) >= 0)
        name = bytes_of(arena, text);
    sk_X509_free(signers);
    BIO_free(text);
    return name;
}

bool as_cms_verify(as_arena *arena, as_str text, as_str signature, as_str trust_pem,
        as_signer *signer, as_str *problem)
{
    BIO *in = bio_of(text), *der = bio_of(signature);
    CMS_ContentInfo *cms = der ? d2i_CMS_bio(der, NULL) : NULL;
    X509_STORE *store = trust_pem.n > 0 ? store_of(trust_pem) : NULL;
    unsigned flags = CMS_BINARY | (trust_pem.n > 0 ? 0 : CMS_NO_SIGNER_CERT_VERIFY);
    bool fine = in && cms && (trust_pem.n == 0 || store) &&
                CMS_verify(cms, NULL, store, in, NULL, flags) == 1;

    if (fine)
        *signer = (as_signer){.name = signer_name(arena, cms), .trusted = trust_pem.n > 0};
    else
        failed(arena, problem,
                !cms                        ? "this is no signature"
                : trust_pem.n > 0 && !store ? "there is no certificate to trust"
                                            : "the signature is not right");
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);
    BIO_free(der);
    BIO_free(in);
    return fine;
}
