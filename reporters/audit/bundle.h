/* Evidence to be kept: the reports of one scan in a folder or a tar file, with a manifest that
 * names each file and each input by SHA-256, and its signature.
 *
 *     manifest.json
 * {"schema_version":1,"tool":{…},"title":…,"generated":…,"files":[{"path","bytes","sha256"}],
 *                          "inputs":[{"path","bytes","sha256"}]}
 *     manifest.json.p7s   CMS, detached, DER; not there when no key was given
 *     report.html report.pdf findings.json oscal.json
 *
 * Inputs are named, not copied: they may hold secrets, and the reports have redacted excerpts. */
#ifndef AS_REPORTERS_AUDIT_BUNDLE_H
#define AS_REPORTERS_AUDIT_BUNDLE_H

#include "engine/base/vec.h"
#include "reporters/audit/audit.h"
#include "reporters/audit/sign.h"

#define AS_BUNDLE_MANIFEST "manifest.json"
#define AS_BUNDLE_SIGNATURE "manifest.json.p7s"

typedef struct as_bundle_file {
    as_str name;
    as_str text;
} as_bundle_file;

typedef AS_VEC(as_bundle_file) as_bundle_files;

/* The manifest of `files` and of what the report read. */
as_str as_bundle_manifest(as_arena *arena, const as_audit *audit, const as_bundle_files *files);

/* Writes a folder that is empty or is not there, or a file NAME.tar (ustar, POSIX.1-2017 pax),
 * whole or not at all. `when` is the time that members of the archive bear. "" or what went wrong.
 */
as_str as_bundle_write(
        as_arena *arena, as_str where, const as_bundle_files *files, int64_t when) AS_MUST_CHECK;
as_str as_bundle_read(as_arena *arena, as_str where, as_bundle_files *files) AS_MUST_CHECK;

typedef struct as_bundle_check {
    AS_VEC(as_str) problems; /* "report.html is not what it was" … */
    as_str title, generated;
    size_t n_files, n_inputs;
    bool is_signed;
    as_signer signer;
} as_bundle_check;

/* Every file that the manifest names is there and unchanged, there is no other, and the signature
 * is that of the manifest. */
as_bundle_check as_bundle_verify(as_arena *arena, const as_bundle_files *files, as_str trust_pem);

#endif
