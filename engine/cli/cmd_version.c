/* assay version: what this program is and what it stands on. */
#include "engine/cli/command.h"
#include "engine/cli/version.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <archive.h>
#include <dlfcn.h>
#include <git2.h>
#include <gmp.h>
#include <jansson.h>
#include <lua.h>
#include <mpfr.h>
#include <openssl/crypto.h>
#include <pcre2.h>
#include <yaml.h>

/* libgit2 is loaded only by what needs it. */
static void add_git2(as_buf *buf)
{
    void *library = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_LAZY);
    union {
        void *object;
        int (*call)(int *major, int *minor, int *revision);
    } version = {library ? dlsym(library, "git_libgit2_version") : NULL};
    int major, minor, revision;

    if (!library || !version.object) {
        as_buf_cstr(buf, "libgit2 not found\n");
        return;
    }
    version.call(&major, &minor, &revision);
    as_buf_fmt(buf, "libgit2 %d.%d.%d\n", major, minor, revision);
    dlclose(library);
}

static as_exit run(as_cli *cli)
{
    char pcre2[64] = "";
    as_buf buf;

    as_buf_init(&buf, cli->arena, 0);
    as_buf_cstr(&buf, "assay " AS_VERSION "\n");
    as_buf_fmt(&buf, "libyaml %s\n", yaml_get_version_string());
    if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof pcre2)
        pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    as_buf_fmt(&buf, "pcre2 %s\n", pcre2);
    as_buf_fmt(&buf, "jansson %s\n", jansson_version_str());
    add_git2(&buf);
    as_buf_fmt(&buf, "libcrypto %s\n", OpenSSL_version(OPENSSL_VERSION));
    as_buf_fmt(&buf, "lua %s.%s\n", LUA_VERSION_MAJOR "." LUA_VERSION_MINOR, LUA_VERSION_RELEASE);
    as_buf_fmt(&buf, "%s\n", archive_version_string());
    as_buf_fmt(&buf, "mpfr %s\n", mpfr_get_version());
    as_buf_fmt(&buf, "gmp %s\n", gmp_version);
    return as_cli_print(cli, as_buf_view(&buf));
}

const as_command as_command_version = {
        .name = "version",
        .summary = "print the version of the program and of its libraries",
        .usage = "",
        .run = run,
};
