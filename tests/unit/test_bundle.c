/* Bundles of evidence: signatures, archives, and what verifying finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "engine/base/sha256.h"
#include "reporters/audit/tar.h"

typedef struct pair {
    as_str key, cert;
} pair;

static as_str text_of(as_arena *arena, BIO *bio)
{
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);
    as_str text = as_str_dup(arena, (as_str){p, (size_t)n});

    BIO_free(bio);
    return text;
}

static pair make_pair(as_arena *arena, const char *name)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    X509_NAME *subject = X509_get_subject_name(cert);
    BIO *key_pem = BIO_new(BIO_s_mem()), *cert_pem = BIO_new(BIO_s_mem());

    assert_non_null(key);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(cert, subject);
    X509_set_pubkey(cert, key);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_X509(cert_pem, cert);
    X509_free(cert);
    EVP_PKEY_free(key);
    return (pair){text_of(arena, key_pem), text_of(arena, cert_pem)};
}

static void test_bundle__signature_holds_for_its_text_and_signer(void **state)
{
    as_arena *arena = as_arena_new(0);
    pair audit = make_pair(arena, "Audit"), other = make_pair(arena, "Other");
    as_str signature, problem = AS_STR("");
    as_signer signer;

    (void)state;
    assert_true(as_cms_sign(arena, AS_STR("text"), audit.key, audit.cert, &signature, &problem));
    assert_true(as_cms_verify(arena, AS_STR("text"), signature, audit.cert, &signer, &problem));
    assert_true(as_str_is(signer.name, "CN=Audit"));
    assert_true(signer.trusted);
    assert_true(as_cms_verify(arena, AS_STR("text"), signature, AS_STR(""), &signer, &problem));
    assert_false(signer.trusted);
    assert_false(as_cms_verify(arena, AS_STR("texT"), signature, audit.cert, &signer, &problem));
    assert_false(as_cms_verify(arena, AS_STR("texT"), signature, AS_STR(""), &signer, &problem));
    assert_false(as_cms_verify(arena, AS_STR("text"), signature, other.cert, &signer, &problem));
    assert_false(as_cms_verify(
            arena, AS_STR("text"), AS_STR("nonsense"), audit.cert, &signer, &problem));
    assert_false(
            as_cms_verify(arena, AS_STR("text"), signature, AS_STR("nonsense"), &signer, &problem));
    assert_true(as_str_contains(problem, "no certificate to trust"));
    as_arena_free(arena);
}

static void test_bundle__key_belongs_to_certificate(void **state)
{
    as_arena *arena = as_arena_new(0);
    pair audit = make_pair(arena, "Audit"), other = make_pair(arena, "Other");
    as_str signature, problem = AS_STR("");

    (void)state;
    assert_false(as_cms_sign(arena, AS_STR("text"), other.key, audit.cert, &signature, &problem));
    assert_true(as_str_contains(problem, "not that of the certificate"));
    assert_false(as_cms_sign(arena, AS_STR("text"), AS_STR(""), audit.cert, &signature, &problem));
    assert_false(as_cms_sign(
            arena, AS_STR("text"), audit.key, AS_STR("-----BEGIN"), &signature, &problem));
    as_arena_free(arena);
}

static void add(as_arena *arena, as_bundle_files *files, as_str name, as_str text)
{
    AS_VEC_PUSH(arena, files, (as_bundle_file){name, text});
}

static void test_bundle__archive_comes_back(void **state)
{
    as_arena *arena = as_arena_new(0);
    char block[512];
    as_bundle_files files = {0}, back = {0};

    (void)state;
    memset(block, 'x', sizeof block);
    add(arena, &files, AS_STR("a.json"), AS_STR("{}"));
    add(arena, &files, AS_STR("empty"), AS_STR(""));
    add(arena, &files, AS_STR("block"), (as_str){block, sizeof block});
    as_str tar = as_tar_write(arena, &files, 1790000000);
    assert_int_equal(tar.n % 512, 0);
    assert_true(as_tar_read(arena, tar, &back));
    assert_int_equal(back.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(as_str_eq(back.items[i].name, files.items[i].name));
        assert_true(as_str_eq(back.items[i].text, files.items[i].text));
    }
    as_arena_free(arena);
}

/* Cut off anywhere, or with any byte of a header changed, it is refused or read; never past its
 * end. */
static void test_bundle__archive_is_hostile(void **state)
{
    as_arena *arena = as_arena_new(0);
    as_bundle_files files = {0};

    (void)state;
    add(arena, &files, AS_STR("a.json"), AS_STR("{\"a\": 1}"));
    as_str tar = as_tar_write(arena, &files, 0);
    for (size_t n = 0; n < tar.n; n++) {
        as_bundle_files back = {0};
        bool read = as_tar_read(arena, as_str_dup(arena, as_str_slice(tar, 0, n)), &back);
        assert_true(!read || n >= tar.n - 512);
    }
    for (size_t i = 0; i < 512; i++) {
        as_bundle_files back = {0};
        as_str copy = as_str_dup(arena, tar);
        char *bytes = as_str_cstr(arena, copy);
        bytes[i] = (char)(bytes[i] ^ 0x15);
        if (as_tar_read(arena, (as_str){bytes, copy.n}, &back)) /* a byte that says nothing */
            assert_true(back.n == 1 && as_str_is(back.items[0].name, "a.json") &&
                        as_str_eq(back.items[0].text, files.items[0].text));
    }
    as_arena_free(arena);
}

static as_str manifest_of(as_arena *arena, as_str name, as_str text)
{
    return as_str_fmt(arena,
            "{\"title\":\"t\",\"files\":[{\"path\":\"%.*s\",\"sha256\":\"%.*s\"}]}",
            AS_STR_ARG(name), AS_STR_ARG(as_sha256_hex(arena, text)));
}

static void test_bundle__verify_finds_what_changed(void **state)
{
    as_arena *arena = as_arena_new(0);
    pair audit = make_pair(arena, "Audit");
    as_str manifest = manifest_of(arena, AS_STR("a"), AS_STR("one")), signature,
           problem = AS_STR("");
    as_bundle_files files = {0};

    (void)state;
    assert_true(as_cms_sign(arena, manifest, audit.key, audit.cert, &signature, &problem));
    add(arena, &files, AS_STR("a"), AS_STR("one"));
    add(arena, &files, AS_STR(AS_BUNDLE_MANIFEST), manifest);
    assert_int_equal(as_bundle_verify(arena, &files, AS_STR("")).problems.n, 0);
    assert_int_equal(as_bundle_verify(arena, &files, audit.cert).problems.n, 1); /* not signed */
    add(arena, &files, AS_STR(AS_BUNDLE_SIGNATURE), signature);
    as_bundle_check check = as_bundle_verify(arena, &files, audit.cert);
    assert_int_equal(check.problems.n, 0);
    assert_true(check.is_signed && check.signer.trusted);

    files.items[0].text = AS_STR("two");
    check = as_bundle_verify(arena, &files, audit.cert);
    assert_int_equal(check.problems.n, 1);
    assert_true(as_str_is(check.problems.items[0], "a is not what it was"));
    /* A manifest that is right for the changed file is not the one that was signed. */
    files.items[1].text = manifest_of(arena, AS_STR("a"), AS_STR("two"));
    check = as_bundle_verify(arena, &files, audit.cert);
    assert_int_equal(check.problems.n, 1);
    assert_true(as_str_contains(check.problems.items[0], AS_BUNDLE_SIGNATURE " does not hold"));
    as_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_bundle__signature_holds_for_its_text_and_signer),
            cmocka_unit_test(test_bundle__key_belongs_to_certificate),
            cmocka_unit_test(test_bundle__archive_comes_back),
            cmocka_unit_test(test_bundle__archive_is_hostile),
            cmocka_unit_test(test_bundle__verify_finds_what_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
