/* Who may come in: names of the server, the token, sessions. */
#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/serve/internal.h"

static bool is_address(int family, as_str text)
{
    unsigned char address[sizeof(struct in6_addr)];
    char copy[INET6_ADDRSTRLEN];

    if (text.n == 0 || text.n >= sizeof copy)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    return inet_pton(family, copy, address) == 1;
}

/* ":8420" or nothing. */
static bool is_port(as_str text)
{
    int64_t port;

    return text.n == 0 || (text.p[0] == ':' && as_str_to_int(as_str_from_index(text, 1), &port) &&
                                  port > 0 && port < 65536);
}

bool as_serve_host_known(const as_serve_guard *guard, as_str host)
{
    size_t end;

    if (as_str_starts(host, "[")) {
        end = as_str_find_char(host, ']');
        return end != (size_t)-1 && is_address(AF_INET6, as_str_slice(host, 1, end)) &&
               is_port(as_str_from_index(host, end + 1));
    }
    end = as_str_find_char(host, ':');
    as_str name = end == (size_t)-1 ? host : as_str_slice(host, 0, end);
    if (!is_port(as_str_from_index(host, name.n)))
        return false;
    if (is_address(AF_INET, name) || as_str_ieq(name, AS_STR("localhost")))
        return true;
    for (size_t i = 0; i < guard->hosts.n; i++)
        if (as_str_ieq(name, guard->hosts.items[i]))
            return true;
    return false;
}

bool as_serve_is_loopback(as_str address, bool *valid)
{
    bool four = is_address(AF_INET, address);

    *valid = four || is_address(AF_INET6, address);
    return four ? as_str_starts(address, "127.") : as_str_is(address, "::1");
}

/* Sums are compared, so that neither time nor length tells of the token. */
bool as_serve_token_is(const as_serve_guard *guard, as_str given)
{
    unsigned char a[EVP_MAX_MD_SIZE], b[EVP_MAX_MD_SIZE];

    return EVP_Digest(given.n > 0 ? given.p : "", given.n, a, NULL, EVP_sha256(), NULL) == 1 &&
           EVP_Digest(guard->token.p, guard->token.n, b, NULL, EVP_sha256(), NULL) == 1 &&
           CRYPTO_memcmp(a, b, 32) == 0;
}

as_str as_serve_session(as_arena *arena, const as_serve_guard *guard, int64_t expiry)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    as_str text = as_str_fmt(arena, "%lld", (long long)expiry);
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_str(&out, text);
    as_buf_char(&out, '.');
    if (!HMAC(EVP_sha256(), guard->key, sizeof guard->key, (const unsigned char *)text.p, text.n,
                sum, &n))
        return AS_STR("");
    for (unsigned i = 0; i < n; i++)
        as_buf_fmt(&out, "%02x", sum[i]);
    return as_buf_view(&out);
}

static bool session_holds(
        const as_serve_guard *guard, const as_serve_call *call, as_str given, int64_t now)
{
    int64_t expiry;
    size_t dot = as_str_find_char(given, '.');

    if (dot == (size_t)-1 || !as_str_to_int(as_str_slice(given, 0, dot), &expiry) || expiry <= now)
        return false;
    as_str right = as_serve_session(call->arena, guard, expiry);
    return right.n > 0 && right.n == given.n && CRYPTO_memcmp(right.p, given.p, right.n) == 0;
}

bool as_serve_admitted(const as_serve_guard *guard, const as_serve_call *call, int64_t now)
{
    const char *cookie = NULL;
    size_t n = 0;

    if (guard->token.n == 0)
        return true;
    as_str bearer = as_serve_header(call, "Authorization");
    if (bearer.n > 7 && as_str_ieq(as_str_slice(bearer, 0, 7), AS_STR("Bearer ")))
        return as_serve_token_is(guard, as_str_from_index(bearer, 7));
    return call->server->mhd->MHD_lookup_connection_value_n(call->connection, MHD_COOKIE_KIND,
                   "assay_session", strlen("assay_session"), &cookie, &n) == MHD_YES &&
           cookie && session_holds(guard, call, (as_str){cookie, n}, now);
}
