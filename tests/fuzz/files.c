/* Files of our own: configuration, baselines, sealed and compressed parts, and what editors send.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "engine/base/fs_memory.h"
#include "engine/lsp/lsp.h"
#include "engine/rules/baseline.h"
#include "engine/rules/config.h"
#include "parsers/live/decode.h"
#include "parsers/live/seal.h"
#include "tests/fuzz/fuzz.h"

static void free_fs(void *fs)
{
    as_fs_free(fs);
}

void fuzz_config(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    static const as_rule rule = {.id = AS_STR_INIT("A-1"), .severity = AS_SEVERITY_HIGH};
    as_subject subject = {.path = AS_STR("a/b/main.tf")};
    as_memory_file file = {AS_STR(AS_CONFIG_NAME), text};
    as_fs *fs = as_fs_open_memory(&file, 1, sources);
    as_diags diags;

    (void)detail;
    if (!fs)
        return;
    as_arena_defer(arena, free_fs, fs);
    as_diags_init(&diags, arena);
    const as_config *config = as_config_find_in(arena, fs, AS_STR(""), &diags);
    subject.environment = as_config_environment(config, subject.path);
    as_severity most;
    (void)as_config_severity(config, &rule, &subject, &most);
    (void)as_config_wants(config, &rule, &subject);
    (void)as_config_parameter(config, AS_STR("a.b"), &subject);
    for (size_t i = 0; config && i < config->n_suppressions; i++)
        (void)as_config_suppresses(config, &config->suppressions[i], &rule, (as_strs){0},
                subject.path, AS_STR("a.b"), subject.environment);
    (void)as_baseline_parse(arena, as_sources_add(sources, AS_STR("b.json"), text, true), &diags);
}

/* A key that opens nothing. */
static as_str key_of(as_arena *arena)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *out = BIO_new(BIO_s_mem());
    char *text = NULL;
    as_str pem = AS_STR("");

    if (key && out && PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1) {
        long n = BIO_get_mem_data(out, &text);
        pem = as_str_dup(arena, (as_str){text, (size_t)n});
    }
    BIO_free(out);
    EVP_PKEY_free(key);
    return pem;
}

void fuzz_seal(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_str out, problem;

    (void)sources;
    (void)detail;
    (void)!as_zstd_decompress(arena, text, 1 << 20, &out);
    (void)!as_cms_open(arena, text, key_of(arena), &out, &problem);
    (void)!as_cms_open(arena, text, text, &out, &problem);
    (void)as_live_csv(arena, as_value_string(arena, AS_SPAN_NONE, text));
    (void)as_live_documents(arena, as_value_string(arena, AS_SPAN_NONE, text));
}

/* A session with an editor. Files that it names are looked for on disk: only places that are not
 * there may be named. */
void fuzz_lsp(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_str rest = text;

    (void)sources;
    (void)detail;
    for (size_t at; (at = as_str_find(rest, AS_STR("file:"))) != (size_t)-1;) {
        rest = as_str_from_index(rest, at + 5);
        if (!as_str_starts(rest, "///nonexistent/"))
            return;
    }
    char name[] = "/tmp/assay-fuzz-XXXXXX";
    int in = mkstemp(name), out = open("/dev/null", O_WRONLY);
    if (in < 0 || out < 0)
        abort();
    unlink(name);
    if (write(in, text.p, text.n) == (ssize_t)text.n && lseek(in, 0, SEEK_SET) == 0)
        (void)as_lsp_serve(in, out);
    close(in);
    close(out);
    (void)arena;
}
