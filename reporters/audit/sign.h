/* Detached signatures (CMS SignedData, RFC 5652 §5, DER): what `openssl cms -verify` reads. */
#ifndef AS_REPORTERS_AUDIT_SIGN_H
#define AS_REPORTERS_AUDIT_SIGN_H

#include "engine/base/arena.h"

/* With the private key of the certificate, both PEM; SHA-256. False with *problem in `arena`. */
bool as_cms_sign(as_arena *arena, as_str text, as_str key_pem, as_str cert_pem, as_str *out,
        as_str *problem) AS_MUST_CHECK;

typedef struct as_signer {
    as_str name;  /* of the certificate: "CN=Audit,O=Example" */
    bool trusted; /* it is, or leads to, one of those that were given */
} as_signer;

/* `trust_pem`: certificates, one after the other; empty: the signature is checked, who made it is
 * not. */
bool as_cms_verify(as_arena *arena, as_str text, as_str signature, as_str trust_pem,
        as_signer *signer, as_str *problem) AS_MUST_CHECK;

#endif
