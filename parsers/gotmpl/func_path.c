/* Paths and URLs: Go's packages path and net/url, as sprig shows them. */
#include "parsers/gotmpl/internal.h"

#include "parsers/gotmpl/strconv.h"

static bool give(as_str s, as_go *out)
{
    *out = as_go_from_str(s);
    return true;
}

/* path.Clean */
static as_str clean(as_gotmpl *t, as_str path)
{
    if (path.n == 0)
        return AS_STR(".");
    bool rooted = path.p[0] == '/';
    char *out = as_arena_alloc(t->arena, path.n + 2);
    size_t n = 0, floor = 0;
    if (rooted) {
        out[n++] = '/';
        floor = 1;
    }
    as_str rest = path, part;
    while (as_str_split(&rest, '/', &part)) {
        if (part.n == 0 || as_str_is(part, "."))
            continue;
        if (!as_str_is(part, "..")) {
            if (n > (rooted ? 1u : 0u))
                out[n++] = '/';
            memcpy(out + n, part.p, part.n);
            n += part.n;
        } else if (n > floor) {
            while (n > floor && out[--n] != '/')
                ;
        } else if (!rooted) {
            if (n > 0)
                out[n++] = '/';
            out[n++] = '.';
            out[n++] = '.';
            floor = n;
        }
    }
    return n > 0 ? (as_str){out, n} : AS_STR(".");
}

AS_GO_FUNC(f_clean)
{
    (void)n;
    return give(clean(t, as_go_str(&a[0])), out);
}

AS_GO_FUNC(f_base)
{
    (void)t;
    (void)n;
    as_str s = as_go_str(&a[0]);
    if (s.n == 0)
        return give(AS_STR("."), out);
    while (s.n > 0 && s.p[s.n - 1] == '/')
        s.n--;
    size_t slash = as_str_rfind_char(s, '/');
    if (slash != (size_t)-1)
        s = as_str_from_index(s, slash + 1);
    return give(s.n > 0 ? s : AS_STR("/"), out);
}

AS_GO_FUNC(f_dir)
{
    (void)n;
    as_str s = as_go_str(&a[0]);
    size_t slash = as_str_rfind_char(s, '/');
    return give(clean(t, as_str_slice(s, 0, slash == (size_t)-1 ? 0 : slash + 1)), out);
}

AS_GO_FUNC(f_ext)
{
    (void)t;
    (void)n;
    as_str s = as_go_str(&a[0]);
    size_t slash = as_str_rfind_char(s, '/'), dot = as_str_rfind_char(s, '.');
    bool has = dot != (size_t)-1 && (slash == (size_t)-1 || dot > slash);
    return give(has ? as_str_from_index(s, dot) : AS_STR(""), out);
}

AS_GO_FUNC(f_is_abs)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(a[0].n > 0 && a[0].as.s[0] == '/');
    return true;
}

/* --- URLs ------------------------------------------------------------------------------------------------ */

typedef struct url {
    as_str scheme, opaque, host, path, raw_path, query, fragment, raw_fragment;
    as_str user, password;
    bool has_user, has_password, force_query, omit_host;
} url;

typedef enum url_part { IN_PATH, IN_USER, IN_FRAGMENT, IN_HOST, IN_ZONE } url_part;

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* net/url shouldEscape. */
static bool must_escape(char c, url_part in)
{
    if (is_alnum(c) || as_char_in(c, "-_.~"))
        return false;
    if (in == IN_HOST || in == IN_ZONE) {
        if (as_char_in(c, "!$&'()*+,;=:[]<>\""))
            return false;
    }
    if (as_char_in(c, "$&+,/:;=?@")) {
        switch (in) {
        case IN_PATH:
            return c == '?';
        case IN_USER:
            return c == '@' || c == '/' || c == '?' || c == ':';
        default:
            return false;
        }
    }
    return !(in == IN_FRAGMENT && as_char_in(c, "!()*"));
}

static void escape(as_buf *buf, as_str s, url_part in)
{
    for (size_t i = 0; i < s.n; i++) {
        if (must_escape(s.p[i], in))
            as_buf_fmt(buf, "%%%02X", (unsigned char)s.p[i]);
        else
            as_buf_char(buf, s.p[i]);
    }
}

static as_str escaped(as_gotmpl *t, as_str s, url_part in)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    escape(&buf, s, in);
    return as_buf_view(&buf);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static as_str quoted(as_gotmpl *t, as_str s)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_go_quote(&buf, s, '"', false);
    return as_buf_view(&buf);
}

static bool unescape(as_gotmpl *t, as_str s, url_part in, as_str *out, as_str *error)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%') {
            if (i + 2 >= s.n || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0) {
                as_str bad = quoted(t, as_str_slice(s, i, i + 3));
                *error = as_str_fmt(t->arena, "invalid URL escape %.*s", AS_STR_ARG(bad));
                return false;
            }
            /* RFC 3986 §3.2.2: in hosts only bytes beyond ASCII; RFC 6874: and '%' before a zone.
             */
            if (in == IN_HOST && hex(s.p[i + 1]) < 8 &&
                    !as_str_starts(as_str_from_index(s, i), "%25")) {
                as_str bad = quoted(t, as_str_slice(s, i, i + 3));
                *error = as_str_fmt(t->arena, "invalid URL escape %.*s", AS_STR_ARG(bad));
                return false;
            }
            as_buf_char(&buf, (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2])));
            i += 2;
            continue;
        }
        if ((in == IN_HOST || in == IN_ZONE) && (unsigned char)s.p[i] < 0x80 &&
                must_escape(s.p[i], in)) {
            as_str bad = quoted(t, as_str_slice(s, i, i + 1));
            *error = as_str_fmt(t->arena, "invalid character %.*s in host name", AS_STR_ARG(bad));
            return false;
        }
        as_buf_char(&buf, s.p[i]);
    }
    *out = as_buf_view(&buf);
    return true;
}

static bool port_is_good(as_str port)
{
    if (port.n == 0)
        return true;
    if (port.p[0] != ':')
        return false;
    for (size_t i = 1; i < port.n; i++)
        if (port.p[i] < '0' || port.p[i] > '9')
            return false;
    return true;
}

static bool parse_host(as_gotmpl *t, as_str host, as_str *out, as_str *error)
{
    as_str port = AS_STR_NONE;
    if (host.n > 0 && host.p[0] == '[') {
        size_t close = as_str_rfind_char(host, ']');
        if (close == (size_t)-1) {
            *error = AS_STR("missing ']' in host");
            return false;
        }
        port = as_str_from_index(host, close + 1);
    } else {
        size_t colon = as_str_rfind_char(host, ':');
        if (colon != (size_t)-1)
            port = as_str_from_index(host, colon);
    }
    if (!port_is_good(port)) {
        as_str bad = quoted(t, port);
        *error = as_str_fmt(t->arena, "invalid port %.*s after host", AS_STR_ARG(bad));
        return false;
    }
    return unescape(t, host, IN_HOST, out, error);
}

static bool parse_authority(as_gotmpl *t, as_str authority, url *u, as_str *error)
{
    size_t at = as_str_rfind_char(authority, '@');
    if (!parse_host(
                t, as_str_from_index(authority, at == (size_t)-1 ? 0 : at + 1), &u->host, error))
        return false;
    if (at == (size_t)-1)
        return true;
    as_str info = as_str_slice(authority, 0, at);
    for (size_t i = 0; i < info.n; i++) {
        if (!is_alnum(info.p[i]) && !as_char_in(info.p[i], "-._:~!$&'()*+,;=%@")) {
            *error = AS_STR("net/url: invalid userinfo");
            return false;
        }
    }
    size_t colon = as_str_find_char(info, ':');
    u->has_user = true;
    u->has_password = colon != (size_t)-1;
    return unescape(t, as_str_slice(info, 0, colon), IN_USER, &u->user, error) &&
           (!u->has_password ||
                   unescape(t, as_str_from_index(info, colon + 1), IN_USER, &u->password, error));
}

static bool take_scheme(as_str *rest, url *u, as_str *error)
{
    for (size_t i = 0; i < rest->n; i++) {
        char c = rest->p[i];
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        if (letter)
            continue;
        if ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.') {
            if (i == 0)
                return true;
            continue;
        }
        if (c == ':') {
            if (i == 0) {
                *error = AS_STR("missing protocol scheme");
                return false;
            }
            u->scheme = as_str_slice(*rest, 0, i);
            *rest = as_str_from_index(*rest, i + 1);
        }
        return true;
    }
    return true;
}

static bool set_path(as_gotmpl *t, url *u, as_str path, as_str *error)
{
    if (!unescape(t, path, IN_PATH, &u->path, error))
        return false;
    if (!as_str_eq(escaped(t, u->path, IN_PATH), path))
        u->raw_path = path;
    return true;
}

/* net/url parse, after the fragment was taken off. */
static bool parse_rest(as_gotmpl *t, as_str rest, url *u, as_str *error)
{
    for (size_t i = 0; i < rest.n; i++) {
        if ((unsigned char)rest.p[i] < 0x20 || rest.p[i] == 0x7f) {
            *error = AS_STR("net/url: invalid control character in URL");
            return false;
        }
    }
    if (as_str_is(rest, "*")) {
        u->path = rest;
        return true;
    }
    if (!take_scheme(&rest, u, error))
        return false;
    u->scheme = as_str_lower(t->arena, u->scheme);
    size_t question = as_str_find_char(rest, '?');
    if (question != (size_t)-1) {
        u->query = as_str_from_index(rest, question + 1);
        u->force_query = u->query.n == 0;
        rest = as_str_slice(rest, 0, question);
    }
    if (rest.n == 0 || rest.p[0] != '/') {
        if (u->scheme.n > 0) {
            u->opaque = rest;
            return true;
        }
        as_str segment = as_str_slice(rest, 0, as_str_find_char(rest, '/'));
        if (as_str_find_char(segment, ':') != (size_t)-1) {
            *error = AS_STR("first path segment in URL cannot contain colon");
            return false;
        }
    }
    if ((u->scheme.n > 0 || !as_str_starts(rest, "///")) && as_str_starts(rest, "//")) {
        rest = as_str_from_index(rest, 2);
        size_t slash = as_str_find_char(rest, '/');
        as_str authority = as_str_slice(rest, 0, slash);
        rest = slash == (size_t)-1 ? AS_STR("") : as_str_from_index(rest, slash);
        if (!parse_authority(t, authority, u, error))
            return false;
    } else if (u->scheme.n > 0 && as_str_starts(rest, "/")) {
        u->omit_host = true;
    }
    return set_path(t, u, rest, error);
}

static bool parse_url(as_gotmpl *t, as_str text, const char *what, url *u)
{
    as_str error = AS_STR_NONE, rest = text;
    *u = (url){0};
    size_t hash = as_str_find_char(text, '#');
    bool good = true;
    if (hash != (size_t)-1) {
        rest = as_str_slice(text, 0, hash);
        u->raw_fragment = as_str_from_index(text, hash + 1);
    }
    good = parse_rest(t, rest, u, &error) &&
           unescape(t, u->raw_fragment, IN_FRAGMENT, &u->fragment, &error);
    if (good)
        return true;
    as_str shown = quoted(t, text);
    return as_go_fail(
            t, "unable to parse %s: parse %.*s: %.*s", what, AS_STR_ARG(shown), AS_STR_ARG(error));
}

static as_str userinfo(as_gotmpl *t, const url *u)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    escape(&buf, u->user, IN_USER);
    if (u->has_password) {
        as_buf_char(&buf, ':');
        escape(&buf, u->password, IN_USER);
    }
    return as_buf_view(&buf);
}

static as_str hostname(as_str host)
{
    size_t colon = as_str_rfind_char(host, ':');
    if (colon != (size_t)-1 && port_is_good(as_str_from_index(host, colon)))
        host = as_str_slice(host, 0, colon);
    if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = as_str_slice(host, 1, host.n - 1);
    return host;
}

AS_GO_FUNC(f_url_parse)
{
    (void)n;
    url u;
    if (!parse_url(t, as_go_str(&a[0]), "url", &u))
        return false;
    as_go_map *map = as_go_map_new(t, 8);
    as_go_map_set(t, map, AS_STR("scheme"), as_go_from_str(u.scheme));
    as_go_map_set(t, map, AS_STR("host"), as_go_from_str(u.host));
    as_go_map_set(t, map, AS_STR("hostname"), as_go_from_str(hostname(u.host)));
    as_go_map_set(t, map, AS_STR("path"), as_go_from_str(u.path));
    as_go_map_set(t, map, AS_STR("query"), as_go_from_str(u.query));
    as_go_map_set(t, map, AS_STR("opaque"), as_go_from_str(u.opaque));
    as_go_map_set(t, map, AS_STR("fragment"), as_go_from_str(u.fragment));
    as_go_map_set(
            t, map, AS_STR("userinfo"), as_go_from_str(u.has_user ? userinfo(t, &u) : AS_STR("")));
    *out = as_go_map_value(&as_go_dict, map);
    return true;
}

static bool member(as_gotmpl *t, const as_go *dict, const char *key, as_str *out)
{
    const as_go *v = as_go_map_get(t, dict->as.map, as_str_from(key));
    *out = AS_STR("");
    if (!v)
        return true;
    if (!v->type)
        return as_go_fail(t, "runtime error: invalid memory address or nil pointer dereference");
    if (v->type->kind != AS_GO_STRING)
        return as_go_fail(t, "unable to parse %s key, must be of type string, but %s found", key,
                as_go_kind_text(v->type->kind));
    *out = as_go_str(v);
    return true;
}

/* URL.String */
static as_str url_text(as_gotmpl *t, const url *u)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    if (u->scheme.n > 0) {
        as_buf_str(&buf, u->scheme);
        as_buf_char(&buf, ':');
    }
    if (u->opaque.n > 0) {
        as_buf_str(&buf, u->opaque);
    } else {
        if (u->host.n > 0 || u->path.n > 0 || u->has_user)
            if (u->scheme.n > 0 || u->host.n > 0 || u->has_user)
                as_buf_cstr(&buf, "//");
        if (u->has_user) {
            as_buf_str(&buf, userinfo(t, u));
            as_buf_char(&buf, '@');
        }
        escape(&buf, u->host, IN_HOST);
        if (u->path.n > 0 && u->path.p[0] != '/' && u->host.n > 0)
            as_buf_char(&buf, '/');
        as_str path = escaped(t, u->path, IN_PATH);
        if (buf.n == 0) {
            as_str segment = as_str_slice(path, 0, as_str_find_char(path, '/'));
            if (as_str_find_char(segment, ':') != (size_t)-1)
                as_buf_cstr(&buf, "./");
        }
        as_buf_str(&buf, path);
    }
    if (u->query.n > 0) {
        as_buf_char(&buf, '?');
        as_buf_str(&buf, u->query);
    }
    if (u->fragment.n > 0) {
        as_buf_char(&buf, '#');
        escape(&buf, u->fragment, IN_FRAGMENT);
    }
    return as_buf_view(&buf);
}

AS_GO_FUNC(f_url_join)
{
    (void)n;
    url u = {0};
    as_str info;
    if (!member(t, a, "scheme", &u.scheme) || !member(t, a, "host", &u.host) ||
            !member(t, a, "path", &u.path) || !member(t, a, "query", &u.query) ||
            !member(t, a, "opaque", &u.opaque) || !member(t, a, "fragment", &u.fragment) ||
            !member(t, a, "userinfo", &info))
        return false;
    if (info.n > 0) {
        url with;
        as_str text = as_str_fmt(t->arena, "proto://%.*s@host", AS_STR_ARG(info));
        if (!parse_url(t, text, "userinfo in dict", &with))
            return false;
        u.has_user = with.has_user;
        u.has_password = with.has_password;
        u.user = with.user;
        u.password = with.password;
    }
    return give(url_text(t, &u), out);
}

const as_go_func as_funcs_path[] = {
        {"base", "s", f_base, 0},
        {"dir", "s", f_dir, 0},
        {"clean", "s", f_clean, 0},
        {"ext", "s", f_ext, 0},
        {"isAbs", "s", f_is_abs, 0},
        {"osBase", "s", f_base, 0},
        {"osDir", "s", f_dir, 0},
        {"osClean", "s", f_clean, 0},
        {"osExt", "s", f_ext, 0},
        {"osIsAbs", "s", f_is_abs, 0},
        {"urlParse", "s", f_url_parse, 0},
        {"urlJoin", "m", f_url_join, 0},
        {0},
};
