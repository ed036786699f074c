/* Keys and certificates: sprig's crypto.go. Certificates have the fields and extensions that Go's
 * crypto/x509 gives them; validity begins at the set's clock. */
#include "parsers/gotmpl/crypto.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "engine/base/base64.h"

const as_go_type as_go_certificate = {
        .kind = AS_GO_STRUCT, .name = "sprig.certificate", .has_members = true};

static bool give(as_str s, as_go *out)
{
    *out = as_go_from_str(s);
    return true;
}

static as_str pem(as_gotmpl *t, const char *label, as_str der)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_pem_write(&buf, label, der);
    return as_buf_view(&buf);
}

static const struct {
    const char *name;
    as_go_key_kind kind;
    int bits;
} key_types[] = {{"", AS_GO_RSA, 4096}, {"rsa", AS_GO_RSA, 4096}, {"dsa", AS_GO_DSA, 0},
        {"ecdsa", AS_GO_ECDSA, 0}, {"ed25519", AS_GO_ED25519, 0}};

AS_GO_FUNC(f_gen_private_key)
{
    (void)n;
    as_str der;
    for (size_t i = 0; i < sizeof key_types / sizeof *key_types; i++) {
        if (!as_str_is(as_go_str(&a[0]), key_types[i].name))
            continue;
        return as_go_key_make(t, key_types[i].kind, key_types[i].bits, &der) &&
               give(pem(t, as_go_key_label(key_types[i].kind), der), out);
    }
    return give(as_str_join(t->arena, AS_STR("Unknown type "), as_go_str(&a[0])), out);
}

/* --- OpenSSL's objects, freed with the arena --------------------------------------------------------------- */

static void free_key(void *key)
{
    EVP_PKEY_free(key);
}

static void free_x509(void *x)
{
    X509_free(x);
}

/* A private key from PEM. NULL with t->failure, in the words of parsePrivateKeyPEM. */
static EVP_PKEY *read_key(as_gotmpl *t, as_str text, as_str *label)
{
    as_str der;
    if (!as_go_pem_read(t, text, label, &der)) {
        (void)as_go_fail(t, "no PEM data in input");
        return NULL;
    }
    if (!as_str_ends(*label, "PRIVATE KEY") ||
            (!as_str_is(*label, "PRIVATE KEY") && !as_str_ends(*label, " PRIVATE KEY"))) {
        (void)as_go_fail(t, "no private key data in PEM block of type %.*s", AS_STR_ARG(*label));
        return NULL;
    }
    const unsigned char *p = (const unsigned char *)der.p;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)der.n);
    ERR_clear_error();
    if (!key) {
        as_str kind = as_str_slice(*label, 0, label->n > 12 ? label->n - 12 : 0);
        (void)as_go_fail(t, kind.n ? "parsing %.*s private key from PEM" : "decoding PEM as PKCS#8",
                AS_STR_ARG(kind));
        return NULL;
    }
    as_arena_defer(t->arena, free_key, key);
    return key;
}

static X509 *read_certificate(as_gotmpl *t, as_str text)
{
    as_str label, der;
    if (!as_go_pem_read(t, text, &label, &der)) {
        (void)as_go_fail(t, "unable to decode certificate");
        return NULL;
    }
    const unsigned char *p = (const unsigned char *)der.p;
    X509 *x = d2i_X509(NULL, &p, (long)der.n);
    ERR_clear_error();
    if (!x) {
        (void)as_go_fail(
                t, "error parsing certificate: decodedCert.Bytes: x509: malformed certificate");
        return NULL;
    }
    as_arena_defer(t->arena, free_x509, x);
    return x;
}

/* --- building ------------------------------------------------------------------------------------------------ */

typedef struct request {
    as_str common_name;
    const as_go *ips, *names; /* lists; NULL: none */
    int64_t days;
    bool is_ca;
} request;

static bool add_extension(X509 *x, X509V3_CTX *ctx, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
    bool good = e && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    return good;
}

/* "DNS:a,IP:1.2.3.4" of the lists; Go's errors for what does not fit. */
static bool alternative_names(as_gotmpl *t, const request *r, as_buf *out)
{
    unsigned char address[16];
    for (size_t k = 0; k < 2; k++) {
        const as_go *list = k == 0 ? r->names : r->ips;
        size_t n = list ? as_go_list_count(t, list->as.list) : 0;
        for (size_t i = 0; i < n; i++) {
            const as_go *item = as_go_list_at(t, list->as.list, i);
            as_str text = as_go_text(t, item);
            if (item->type != &as_go_string)
                return as_go_fail(t,
                        k == 0 ? "error processing alternate dns name: %.*s is not a string"
                               : "error parsing ip: %.*s is not a string",
                        AS_STR_ARG(text));
            const char *c = as_str_cstr(t->arena, text);
            if (k == 1 && inet_pton(AF_INET, c, address) != 1 &&
                    inet_pton(AF_INET6, c, address) != 1)
                return as_go_fail(t, "error parsing ip: %s", c);
            if (as_str_find_char(text, ',') != (size_t)-1 ||
                    as_str_find_char(text, '\n') != (size_t)-1)
                return as_go_fail(t, "error creating certificate: x509: invalid name %s", c);
            as_buf_fmt(out, "%s%s:%s", out->n > 0 ? "," : "", k == 0 ? "DNS" : "IP", c);
        }
    }
    return true;
}

static void set_serial(as_gotmpl *t, X509 *x)
{
    unsigned char bytes[16];
    as_go_random(t, bytes, sizeof bytes);
    BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
    if (n)
        BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
}

static bool set_name(X509 *x, as_str common_name)
{
    X509_NAME *name = X509_NAME_new();
    bool good = name &&
                (common_name.n == 0 ||
                        X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
                                (const unsigned char *)common_name.p, (int)common_name.n, -1, 0)) &&
                X509_set_subject_name(x, name);
    X509_NAME_free(name);
    return good;
}

static bool set_validity(as_gotmpl *t, X509 *x, int64_t days)
{
    int64_t end = t->options.now + days * 86400;
    return ASN1_TIME_set(X509_getm_notBefore(x), (time_t)t->options.now) &&
           ASN1_TIME_set(X509_getm_notAfter(x), (time_t)end);
}

static bool set_extensions(X509 *x, X509 *parent, const request *r, const char *names)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, parent, x, NULL, NULL, 0);
    bool has_key_id = X509_get0_subject_key_id(parent) != NULL;
    return add_extension(x, &ctx, NID_key_usage,
                   r->is_ca ? "critical,digitalSignature,keyEncipherment,keyCertSign"
                            : "critical,digitalSignature,keyEncipherment") &&
           add_extension(x, &ctx, NID_ext_key_usage, "serverAuth,clientAuth") &&
           add_extension(x, &ctx, NID_basic_constraints,
                   r->is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
           (!r->is_ca || add_extension(x, &ctx, NID_subject_key_identifier, "hash")) &&
           (!has_key_id || parent == x ||
                   add_extension(x, &ctx, NID_authority_key_identifier, "keyid:always")) &&
           (names[0] == '\0' || add_extension(x, &ctx, NID_subject_alt_name, names));
}

static bool encode(as_gotmpl *t, X509 *x, as_str *der)
{
    int n = i2d_X509(x, NULL);
    if (n <= 0)
        return false;
    unsigned char *bytes = as_arena_alloc(t->arena, (size_t)n), *p = bytes;
    i2d_X509(x, &p);
    *der = (as_str){(char *)bytes, (size_t)n};
    return true;
}

static bool give_certificate(as_gotmpl *t, as_str cert, as_str key, as_go *out)
{
    as_go_map *map = as_go_map_new(t, 2);
    as_go values[2] = {as_go_from_str(cert), as_go_from_str(key)};
    for (size_t i = 0; i < 2; i++)
        values[i].flags |= AS_GO_GENERATED;
    as_go_map_set(t, map, AS_STR("Cert"), values[0]);
    as_go_map_set(t, map, AS_STR("Key"), values[1]);
    *out = as_go_map_value(&as_go_certificate, map);
    return true;
}

/* parent NULL: signed by itself. */
static bool issue(as_gotmpl *t, const request *r, as_str key_pem, X509 *parent,
        EVP_PKEY *parent_key, as_go *out)
{
    as_str label, der;
    as_buf names;
    as_buf_init(&names, t->arena, 0);
    if (!alternative_names(t, r, &names))
        return false;
    if (r->days > 3650000 || r->days < -3650000)
        return as_go_fail(
                t, "error creating certificate: x509: cannot represent time as GeneralizedTime");
    EVP_PKEY *key = read_key(t, key_pem, &label);
    if (!key)
        return false;
    X509 *x = X509_new();
    if (!x)
        as_arena_unwind(t->arena, AS_CAUSE_MEMORY);
    as_arena_defer(t->arena, free_x509, x);
    set_serial(t, x);
    X509 *by = parent ? parent : x;
    bool good = X509_set_version(x, X509_VERSION_3) && set_name(x, r->common_name) &&
                X509_set_issuer_name(x, X509_get_subject_name(by)) && set_validity(t, x, r->days) &&
                X509_set_pubkey(x, key) && set_extensions(x, by, r, as_buf_c(&names)) &&
                as_go_sign(x, parent_key ? parent_key : key) && encode(t, x, &der);
    ERR_clear_error();
    if (!good)
        return as_go_fail(t, "error creating certificate");
    return give_certificate(t, pem(t, "CERTIFICATE", der), key_pem, out);
}

/* The PEM that the caller gave, or a new RSA key of 2048 bits. */
static bool key_or_new(as_gotmpl *t, const as_go *given, as_str *out)
{
    as_str der, label;
    if (!given) {
        if (!as_go_key_make(t, AS_GO_RSA, 2048, &der))
            return false;
        *out = pem(t, as_go_key_label(AS_GO_RSA), der);
        return true;
    }
    *out = as_go_str(given);
    if (read_key(t, *out, &label))
        return true;
    as_str why = as_gotmpl_error_text(t->arena, t->failure);
    return as_go_fail(t, "parsing private key: %.*s", AS_STR_ARG(why));
}

static bool gen_ca(as_gotmpl *t, const as_go *a, const as_go *key, as_go *out)
{
    as_str key_pem;
    request r = {.common_name = as_go_str(&a[0]), .days = a[1].as.i, .is_ca = true};
    return key_or_new(t, key, &key_pem) && issue(t, &r, key_pem, NULL, NULL, out);
}

static request leaf(const as_go *a)
{
    return (request){
            .common_name = as_go_str(&a[0]), .ips = &a[1], .names = &a[2], .days = a[3].as.i};
}

static bool gen_self_signed(as_gotmpl *t, const as_go *a, const as_go *key, as_go *out)
{
    as_str key_pem;
    request r = leaf(a);
    return key_or_new(t, key, &key_pem) && issue(t, &r, key_pem, NULL, NULL, out);
}

static bool gen_signed(as_gotmpl *t, const as_go *a, const as_go *key, as_go *out)
{
    as_str key_pem, label;
    request r = leaf(a);
    const as_go *cert = as_go_map_get(t, a[4].as.map, AS_STR("Cert"));
    const as_go *ca_key = as_go_map_get(t, a[4].as.map, AS_STR("Key"));
    if (!cert || !ca_key)
        return as_go_fail(t, "unable to decode certificate");
    X509 *parent = read_certificate(t, as_go_str(cert));
    EVP_PKEY *signer = parent ? read_key(t, as_go_str(ca_key), &label) : NULL;
    if (parent && !signer) {
        as_str why = as_gotmpl_error_text(t->arena, t->failure);
        return as_go_fail(t, "error parsing private key: %.*s", AS_STR_ARG(why));
    }
    return signer && key_or_new(t, key, &key_pem) && issue(t, &r, key_pem, parent, signer, out);
}

AS_GO_FUNC(f_gen_ca)
{
    (void)n;
    return gen_ca(t, a, NULL, out);
}

AS_GO_FUNC(f_gen_ca_with_key)
{
    (void)n;
    return gen_ca(t, a, &a[2], out);
}

AS_GO_FUNC(f_gen_self_signed)
{
    (void)n;
    return gen_self_signed(t, a, NULL, out);
}

AS_GO_FUNC(f_gen_self_signed_with_key)
{
    (void)n;
    return gen_self_signed(t, a, &a[4], out);
}

AS_GO_FUNC(f_gen_signed)
{
    (void)n;
    return gen_signed(t, a, NULL, out);
}

AS_GO_FUNC(f_gen_signed_with_key)
{
    (void)n;
    return gen_signed(t, a, &a[5], out);
}

AS_GO_FUNC(f_build_custom_cert)
{
    (void)n;
    as_str cert, key, label;
    if (!as_base64_decode(t->arena, as_go_str(&a[0]), &cert, NULL))
        return as_go_fail(t, "unable to decode base64 certificate");
    if (!as_base64_decode(t->arena, as_go_str(&a[1]), &key, NULL))
        return as_go_fail(t, "unable to decode base64 private key");
    if (!read_certificate(t, cert))
        return false;
    if (!read_key(t, key, &label)) {
        as_str why = as_gotmpl_error_text(t->arena, t->failure);
        return as_go_fail(t, "error parsing private key: %.*s", AS_STR_ARG(why));
    }
    as_go_map *map = as_go_map_new(t, 2);
    as_go_map_set(t, map, AS_STR("Cert"), as_go_from_str(cert));
    as_go_map_set(t, map, AS_STR("Key"), as_go_from_str(key));
    *out = as_go_map_value(&as_go_certificate, map);
    return true;
}

const as_go_func as_funcs_cert[] = {
        {"genPrivateKey", "s", f_gen_private_key, AS_FUNC_RANDOM},
        {"genCA", "si", f_gen_ca, AS_FUNC_RANDOM},
        {"genCAWithKey", "sis", f_gen_ca_with_key, AS_FUNC_RANDOM},
        {"genSelfSignedCert", "slli", f_gen_self_signed, AS_FUNC_RANDOM},
        {"genSelfSignedCertWithKey", "sllis", f_gen_self_signed_with_key, AS_FUNC_RANDOM},
        {"genSignedCert", "sllic", f_gen_signed, AS_FUNC_RANDOM},
        {"genSignedCertWithKey", "sllics", f_gen_signed_with_key, AS_FUNC_RANDOM},
        {"buildCustomCert", "ss", f_build_custom_cert, 0},
        {0},
};
