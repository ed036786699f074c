/* Randomness without chance, and keys made of it: the same seed gives the same bytes. What is made
 * here protects nothing; it only has the right form. */
#ifndef AS_GOTMPL_CRYPTO_H
#define AS_GOTMPL_CRYPTO_H

#include <openssl/x509.h>

#include "parsers/gotmpl/internal.h"

/* The next bytes of the set's stream: SHA-256 of seed and position. */
void as_go_random(as_gotmpl *t, void *out, size_t n);
uint64_t as_go_random_below(as_gotmpl *t, uint64_t n); /* n > 0 */

typedef enum as_go_key_kind { AS_GO_RSA, AS_GO_DSA, AS_GO_ECDSA, AS_GO_ED25519 } as_go_key_kind;

/* The private key as DER, in the form that Go writes for its kind (PKCS#1, OpenSSL's DSA, SEC 1,
 * PKCS#8). False with t->failure. */
bool as_go_key_make(as_gotmpl *t, as_go_key_kind kind, int bits, as_str *der);
const char *as_go_key_label(as_go_key_kind kind); /* of its PEM block */

/* Signs the certificate: the same certificate and key give the same bytes. */
bool as_go_sign(X509 *x, EVP_PKEY *key);

void as_go_pem_write(as_buf *buf, const char *label, as_str der);
/* The first block of the text; false when there is none. */
bool as_go_pem_read(as_gotmpl *t, as_str text, as_str *label, as_str *der);

/* "$2a$10$…" (bcrypt.c). */
as_str as_go_bcrypt(as_gotmpl *t, as_str password);

#endif
