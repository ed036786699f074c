/* Where package managers fetch from: .npmrc, pip.conf and Maven's settings.xml, each an entity
 * ci.package_source with `entries`: { url } for an address, { flag } for a setting that trusts too
 * much. Only addresses are taken out: credentials in these files never become values here. */
#include "parsers/parser.h"

extern const as_parser as_parser_packages;

typedef struct reading {
    as_load *load;
    const as_source *source;
    as_list_builder entries;
} reading;

static as_span span_of(const reading *r, as_str part)
{
    uint32_t begin = (uint32_t)(part.p - r->source->text.p);
    return (as_span){r->source->id, begin, begin + (uint32_t)part.n};
}

static void add_entry(reading *r, const char *key, as_span span, as_str text)
{
    as_object_builder b;
    as_object_begin(&b, r->load->arena);
    as_object_add(&b, as_str_from(key), span, as_value_string(r->load->arena, span, text));
    as_list_add(&r->entries, as_object_end(&b, span));
}

/* The address without user name and password. */
static as_str without_credentials(as_arena *arena, as_str url)
{
    size_t scheme = as_str_find(url, AS_STR("://"));
    if (scheme == (size_t)-1) {
        return url;
    }
    as_str rest = as_str_from_index(url, scheme + 3);
    as_str authority = as_str_slice(rest, 0, as_str_find_char(rest, '/'));
    size_t at = as_str_rfind_char(authority, '@');
    return at == (size_t)-1 ? url
                            : as_str_join(arena, as_str_slice(url, 0, scheme + 3),
                                      as_str_from_index(rest, at + 1));
}

static void add_url(reading *r, as_str url)
{
    url = as_str_trim(url);
    if (url.n >= 2 && (url.p[0] == '"' || url.p[0] == '\'') && url.p[url.n - 1] == url.p[0]) {
        url = as_str_slice(url, 1, url.n - 1);
    }
    if (url.n > 0) {
        add_entry(r, "url", span_of(r, url), without_credentials(r->load->arena, url));
    }
}

/* --- key = value ---------------------------------------------------------------------------------
 */

static bool names_source(as_str key)
{
    static const char *const keys[] = {"registry", "index-url", "extra-index-url", "index_url",
            "extra_index_url", "find-links"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (as_str_is(key, keys[i])) {
            return true;
        }
    }
    return as_str_ends(key, ":registry"); /* a scope of npm: @acme:registry */
}

static void read_assignment(reading *r, as_str line)
{
    size_t at = as_str_find_char(line, '=');
    as_str key = as_str_trim(as_str_slice(line, 0, at));
    as_str value = as_str_trim(as_str_from_index(line, at + 1));
    as_str rest = value, word;
    if (names_source(key)) {
        while (as_str_split(&rest, ' ', &word)) { /* pip takes several */
            add_url(r, word);
        }
    } else if (as_str_is(key, "strict-ssl") && as_str_is(value, "false")) {
        add_entry(r, "flag", span_of(r, line),
                AS_STR("does not check certificates: strict-ssl is false"));
    } else if (as_str_is(key, "trusted-host") && value.n > 0) {
        add_entry(r, "flag", span_of(r, line),
                as_str_join(r->load->arena, AS_STR("does not check the certificate of "), value));
    }
}

static void read_assignments(reading *r)
{
    as_str rest = r->source->text, line, key = AS_STR("");
    while (as_str_split(&rest, '\n', &line)) {
        as_str bare = as_str_trim(line);
        if (bare.n == 0 || bare.p[0] == '#' || bare.p[0] == ';' || bare.p[0] == '[') {
            continue;
        }
        bool continued = line.p[0] == ' ' || line.p[0] == '\t';
        if (as_str_find_char(bare, '=') != (size_t)-1 && !continued) {
            key = as_str_trim(as_str_slice(bare, 0, as_str_find_char(bare, '=')));
            read_assignment(r, bare);
        } else if (continued && names_source(key)) {
            add_url(r, bare);
        }
    }
}

/* --- settings.xml --------------------------------------------------------------------------------
 */

/* The texts of <url> elements, outside comments. Maven's file needs no more of XML than that. */
static void read_settings(reading *r)
{
    as_str rest = r->source->text;
    while (rest.n > 0) {
        size_t comment = as_str_find(rest, AS_STR("<!--"));
        size_t open = as_str_find(rest, AS_STR("<url>"));
        if (open == (size_t)-1) {
            return;
        }
        if (comment < open) {
            as_str inside = as_str_from_index(rest, comment);
            size_t end = as_str_find(inside, AS_STR("-->"));
            if (end == (size_t)-1) {
                return;
            }
            rest = as_str_from_index(inside, end + 3);
            continue;
        }
        as_str text = as_str_from_index(rest, open + 5);
        size_t close = as_str_find(text, AS_STR("</url>"));
        if (close == (size_t)-1) {
            return;
        }
        add_url(r, as_str_slice(text, 0, close));
        rest = as_str_from_index(text, close);
    }
}

static void discover(as_discovery *d)
{
    as_unit *unit = NULL;
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_PACKAGE_SOURCE || input->taken) {
            continue;
        }
        if (unit == NULL) {
            unit = as_discovery_unit(d, AS_STR("package sources"), AS_STR(""), AS_ORIGIN_FILE);
        }
        as_discovery_add(d, &as_parser_packages, input->path, AS_STR(""), AS_ORIGIN_FILE, unit);
        input->taken = true;
    }
}

static void load(as_load *l)
{
    reading r = {.load = l};
    as_fs_error error = as_fs_read(l->fs, l->target->path, &r.source);
    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return;
    }
    as_list_begin(&r.entries, l->arena);
    if (as_str_ends(l->target->path, ".xml")) {
        read_settings(&r);
    } else {
        read_assignments(&r);
    }
    l->n_files++;
    as_span whole = {r.source->id, 0, (uint32_t)r.source->text.n};
    as_object_builder raw;
    as_object_begin(&raw, l->arena);
    as_object_add(&raw, AS_STR("entries"), whole, as_list_end(&r.entries, whole));
    AS_VEC_PUSH(l->arena, &l->resources,
            (as_resource){.origin = AS_ORIGIN_FILE,
                    .type = AS_STR("package.source"),
                    .address = l->target->path,
                    .name = as_path_base(l->target->path),
                    .span = whole,
                    .head = (as_span){r.source->id, 0, 0},
                    .raw = as_object_end(&raw, whole)});
}

const as_parser as_parser_packages = {"packages", discover, load};
