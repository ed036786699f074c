/* `format`: RFC 3339 times, addresses, names, identifiers (Validation §7.3). */
#include "parsers/jsonschema/internal.h"

#include <arpa/inet.h>

#include "engine/base/regex.h"

static bool digits(as_str s, size_t at, size_t n, int *out)
{
    *out = 0;
    if (at + n > s.n) {
        return false;
    }
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        *out = *out * 10 + (s.p[i] - '0');
    }
    return true;
}

static bool is_at(as_str s, size_t at, char c)
{
    return at < s.n && s.p[at] == c;
}

static bool is_date(as_str s)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (s.n != 10 || !digits(s, 0, 4, &year) || s.p[4] != '-' || !digits(s, 5, 2, &month) ||
            s.p[7] != '-' || !digits(s, 8, 2, &day) || month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= DAYS[month - 1] + (leap && month == 2);
}

/* hh:mm:ss[.fraction](Z|±hh:mm) */
static bool is_time(as_str s)
{
    int hour, minute, second, zone_hour, zone_minute;
    if (!digits(s, 0, 2, &hour) || !is_at(s, 2, ':') || !digits(s, 3, 2, &minute) ||
            !is_at(s, 5, ':') || !digits(s, 6, 2, &second) || hour > 23 || minute > 59 ||
            second > 60) {
        return false;
    }
    size_t at = 8;
    if (is_at(s, at, '.')) {
        size_t from = ++at;
        while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
            at++;
        }
        if (at == from) {
            return false;
        }
    }
    int minutes = hour * 60 + minute;
    if (at + 1 == s.n && (s.p[at] == 'Z' || s.p[at] == 'z')) {
        zone_hour = zone_minute = 0;
    } else if (at + 6 != s.n || (s.p[at] != '+' && s.p[at] != '-') ||
               !digits(s, at + 1, 2, &zone_hour) || s.p[at + 3] != ':' ||
               !digits(s, at + 4, 2, &zone_minute) || zone_hour > 23 || zone_minute > 59) {
        return false;
    }
    int zone = zone_hour * 60 + zone_minute;
    minutes += s.p[at] == '-' ? zone : -zone;
    /* A leap second ends a day of UTC. */
    return second < 60 || (minutes + 24 * 60) % (24 * 60) == 24 * 60 - 1;
}

static bool is_date_time(as_str s)
{
    return s.n > 11 && is_date(as_str_slice(s, 0, 10)) && (s.p[10] | 0x20) == 't' &&
           is_time(as_str_from_index(s, 11));
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 1123 §2.1 */
static bool is_hostname(as_str s)
{
    as_str label, rest = as_str_ends(s, ".") ? as_str_slice(s, 0, s.n - 1) : s;
    if (rest.n == 0 || rest.n > 253) {
        return false;
    }
    while (as_str_split(&rest, '.', &label)) {
        if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-') {
            return false;
        }
        for (size_t i = 0; i < label.n; i++) {
            if (!is_alnum(label.p[i]) && label.p[i] != '-') {
                return false;
            }
        }
    }
    return true;
}

static bool is_address(int family, as_str s)
{
    char text[64];
    unsigned char bytes[16];
    if (s.n >= sizeof text || memchr(s.p ? s.p : "", 0, s.n)) {
        return false;
    }
    memcpy(text, s.p ? s.p : "", s.n);
    text[s.n] = '\0';
    return inet_pton(family, text, bytes) == 1;
}

static bool is_ipv4(as_str s)
{
    return is_address(AF_INET, s);
}

static bool is_ipv6(as_str s)
{
    return is_address(AF_INET6, s);
}

static bool is_email(as_str s)
{
    size_t at = as_str_rfind_char(s, '@');
    if (at > 64 /* not found is larger, too */ || s.n > 254) {
        return false;
    }
    as_str domain = as_str_from_index(s, at + 1), local = as_str_slice(s, 0, at);
    if (as_str_starts(domain, "[") && as_str_ends(domain, "]")) {
        as_str ip = as_str_slice(domain, 1, domain.n - 1);
        return is_ipv4(ip) ||
               (as_str_starts(ip, "IPv6:") && is_ipv6(as_str_from_index(ip, strlen("IPv6:"))));
    }
    return is_hostname(domain) && as_str_find_char(local, ' ') == (size_t)-1 &&
           !as_str_starts(local, ".") && !as_str_ends(local, ".") && !as_str_contains(local, "..");
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* user@host:port, with addresses in brackets (RFC 3986 §3.2). */
static bool is_authority(as_str s)
{
    size_t at = as_str_rfind_char(s, '@');
    as_str host = as_str_from_index(s, at == (size_t)-1 ? 0 : at + 1), port = AS_STR("");
    size_t close = as_str_rfind_char(host, ']');
    if (as_str_starts(host, "[")) {
        if (close == (size_t)-1 || !is_ipv6(as_str_slice(host, 1, close))) {
            return false;
        }
        port = as_str_from_index(host, close + 1);
    } else {
        size_t colon = as_str_find_char(host, ':');
        if (colon != (size_t)-1) {
            port = as_str_from_index(host, colon);
            host = as_str_slice(host, 0, colon);
        }
        for (size_t i = 0; i < host.n; i++) {
            if (as_char_in(host.p[i], " <>\"{}|\\^`[]")) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < port.n; i++) {
        if (i == 0 ? port.p[i] != ':' : port.p[i] < '0' || port.p[i] > '9') {
            return false;
        }
    }
    return as_str_find_char(as_str_slice(s, 0, at == (size_t)-1 ? 0 : at), '[') == (size_t)-1;
}

/* What Go's url.Parse takes: no control characters, good escapes, a good authority. */
static bool is_uri_part(as_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < ' ' || c == 0x7F) {
            return false;
        }
        if (c == '%' && (i + 2 >= s.n || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2]))) {
            return false;
        }
    }
    if (!as_str_starts(s, "//")) {
        return true;
    }
    size_t end = 2;
    while (end < s.n && !as_char_in(s.p[end], "/?#")) {
        end++;
    }
    return is_authority(as_str_slice(s, 2, end));
}

/* Length of the scheme before ':'; 0 without one. */
static size_t scheme_length(as_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ':') {
            return i;
        }
        if (!is_alnum(s.p[i]) && !as_char_in(s.p[i], "+-.")) {
            return 0;
        }
        if (i == 0 && (s.p[0] < 'A' || !is_alnum(s.p[0]))) {
            return 0;
        }
    }
    return 0;
}

static bool is_uri(as_str s)
{
    size_t n = scheme_length(s);
    return n > 0 && is_uri_part(as_str_from_index(s, n + 1));
}

static bool is_uri_reference(as_str s)
{
    as_str first, rest = s;
    if (is_uri(s)) {
        return true;
    }
    (void)as_str_split(&rest, '/', &first);
    return as_str_find_char(first, ':') == (size_t)-1 && is_uri_part(s) &&
           as_str_find_char(s, '\\') == (size_t)-1;
}

static bool is_uuid(as_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (s.p[i] >= '0' && s.p[i] <= '9') ||
                   ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'f');
        if (dash ? s.p[i] != '-' : !hex) {
            return false;
        }
    }
    return s.n == 36;
}

static bool is_json_pointer(as_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '~' && !is_at(s, i + 1, '0') && !is_at(s, i + 1, '1')) {
            return false;
        }
    }
    return s.n == 0 || s.p[0] == '/';
}

static bool is_regex(as_str s)
{
    as_arena *arena = as_arena_new(1u << 20);
    as_regex_error error;
    volatile bool good = false;
    as_guard guard;
    if (arena && AS_GUARD_ENTER(&guard, arena)) {
        good = as_regex_compile(arena, s, &error) != NULL;
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    return good;
}

static const struct {
    const char *name;
    bool (*holds)(as_str s);
    const char *why;
} FORMATS[] = {
        {"date", is_date, "must be a date as in RFC 3339"},
        {"time", is_time, "must be a time as in RFC 3339"},
        {"date-time", is_date_time, "must be a time as in RFC 3339"},
        {"email", is_email, "must be a mail address"},
        {"hostname", is_hostname, "must be a host name"},
        {"ipv4", is_ipv4, "must be an IPv4 address"},
        {"ipv6", is_ipv6, "must be an IPv6 address"},
        {"uri", is_uri, "must be an absolute URI"},
        {"iri", is_uri, "must be an absolute IRI"},
        {"uri-reference", is_uri_reference, "must be a URI or a relative reference"},
        {"iri-reference", is_uri_reference, "must be an IRI or a relative reference"},
        {"uuid", is_uuid, "must be a UUID"},
        {"json-pointer", is_json_pointer, "must be a JSON pointer"},
        {"regex", is_regex, "must be a regular expression"},
};

const char *as_schema_format(as_str format, as_str text)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (as_str_is(format, FORMATS[i].name)) {
            return FORMATS[i].holds(text) ? NULL : FORMATS[i].why;
        }
    }
    return NULL;
}
