#include "engine/shard/result.h"
#include "engine/shard/wire.h"
#include "parsers/json/json.h"
#include "engine/base/sha256.h"
#include "parsers/live/seal.h"

enum { MAX_BYTES_SHIFT = 36 }; /* of one result, uncompressed: 64 GiB … */
/* … and no more than this for each byte of it: facts come down to about a twentieth. */
enum { MAX_EXPANSION = 1024, SMALL_BYTES = 64 << 20 };

typedef struct reading {
    as_shard_scan *scan;
    as_wire_in in;
    as_shard_verdicts *verdicts;
    AS_VEC(as_shard_entity) entities;
    size_t root;
} reading;

static uint64_t get_below(as_wire_in *in, uint64_t limit)
{
    uint64_t n = as_wire_get_size(in);

    if (n >= limit)
        in->bad = true;
    return in->bad ? 0 : n;
}

/* --- parts ------------------------------------------------------------------------------------ */

static void get_diags(as_wire_in *in, as_diags *diags)
{
    size_t n = as_wire_get_count(in);

    for (size_t i = 0; i < n && !in->bad; i++) {
        as_diag d = {.severity = (as_diag_severity)get_below(in, AS_DIAG_ERROR + 1)};
        d.code = as_str_cstr(in->arena, as_wire_get_text(in));
        d.span = as_wire_get_span(in);
        d.path = as_wire_get_text(in);
        d.summary = as_wire_get_text(in);
        d.detail = as_wire_get_text(in);
        AS_VEC_PUSH(in->arena, &diags->list, d);
    }
}

static as_resource get_resource(as_wire_in *in)
{
    as_resource r = {.origin = (as_origin)get_below(in, AS_N_ORIGINS)};

    r.kind = as_wire_get_text(in);
    r.type = as_wire_get_text(in);
    r.address = as_wire_get_text(in);
    r.name = as_wire_get_text(in);
    r.space = as_wire_get_text(in);
    r.provider = as_wire_get_text(in);
    r.region = as_wire_get_text(in);
    r.account = as_wire_get_text(in);
    r.span = as_wire_get_span(in);
    r.head = as_wire_get_span(in);
    r.raw = as_wire_get_value(in);
    r.extra = as_wire_get_value(in);
    r.calls = as_wire_get_calls(in);
    return r;
}

static void get_resources(as_wire_in *in, as_load *load)
{
    size_t n = as_wire_get_count(in);

    for (size_t i = 0; i < n && !in->bad; i++)
        AS_VEC_PUSH(in->arena, &load->resources, get_resource(in));
}

static void get_base(as_wire_in *in, const as_load *overlay, as_variant_bases *bases)
{
    as_load *load = AS_NEW(in->arena, as_load);
    as_target *target = AS_NEW(in->arena, as_target);
    as_unit *unit = AS_NEW(in->arena, as_unit);
    as_variant_base base = {.overlay = overlay, .base = load};

    *unit = (as_unit){.name = as_wire_get_text(in),
            .origin = AS_ORIGIN_KUSTOMIZE,
            .environment = overlay->target->unit->environment};
    *target = (as_target){.path = unit->name, .unit = unit};
    load->target = target;
    base.prefix = as_wire_get_text(in);
    base.suffix = as_wire_get_text(in);
    get_resources(in, load);
    AS_VEC_PUSH(in->arena, bases, base);
}

static void get_load(reading *r)
{
    as_wire_in *in = &r->in;
    as_loading *loading = &r->scan->loadings[r->root];
    size_t t = (size_t)get_below(in, loading->discovery.targets.n);

    if (in->bad || r->scan->has[r->root][t]) {
        in->bad = true;
        return;
    }
    as_load *load = &loading->loads[t];
    r->scan->has[r->root][t] = true;
    get_resources(in, load);
    for (size_t i = 0; i < load->resources.n; i++)
        AS_VEC_PUSH(in->arena, &r->entities,
                (as_shard_entity){(uint32_t)r->root, (uint32_t)t, (uint32_t)i});
    for (size_t n = as_wire_get_count(in); n > 0 && !in->bad; n--) {
        as_str kind = as_wire_get_text(in);
        AS_VEC_PUSH(in->arena, &load->gaps, (as_load_gap){kind, as_wire_get_text(in)});
    }
    get_diags(in, load->diags);
    for (size_t n = as_wire_get_count(in); n > 0 && !in->bad; n--)
        get_base(in, load, &r->scan->bases);
}

static as_unit *get_unit(as_wire_in *in, as_unit **units, uint32_t n_units)
{
    size_t id = (size_t)get_below(in, (uint64_t)n_units + 1);
    as_unit unit = {.id = (uint32_t)id};

    unit.name = as_wire_get_text(in);
    unit.variant = as_wire_get_text(in);
    unit.environment = as_wire_get_text(in);
    unit.origin = (as_origin)get_below(in, AS_N_ORIGINS);
    in->bad = in->bad || id == 0;
    if (!in->bad && units[id - 1] == NULL) {
        units[id - 1] = AS_NEW(in->arena, as_unit);
        *units[id - 1] = unit;
    }
    return in->bad ? NULL : units[id - 1];
}

static void get_discovery(as_wire_in *in, as_loading *loading, uint32_t n_units)
{
    as_discovery *d = &loading->discovery;
    size_t n = as_wire_get_count(in), n_parsers = 0;
    as_unit **units = AS_NEW_ARRAY(in->arena, as_unit *, n_units);

    while (as_parsers[n_parsers] != NULL)
        n_parsers++;
    for (size_t i = 0; i < n && !in->bad; i++) {
        as_target t = {.parser = as_parsers[get_below(in, n_parsers)]};
        t.path = as_wire_get_text(in);
        t.variant = as_wire_get_text(in);
        t.unit = get_unit(in, units, n_units);
        AS_VEC_PUSH(in->arena, &d->targets, t);
    }
    loading->loads = AS_NEW_ARRAY(in->arena, as_load, d->targets.n);
    for (size_t i = 0; i < d->targets.n; i++) {
        as_diags *diags = AS_NEW(in->arena, as_diags);
        as_diags_init(diags, in->arena);
        loading->loads[i] =
                (as_load){.arena = in->arena, .diags = diags, .target = &d->targets.items[i]};
    }
}

static void get_inventory(as_wire_in *in, as_inventory *inventory)
{
    for (size_t n = as_wire_get_count(in); n > 0 && !in->bad; n--) {
        as_input input = {.path = as_wire_get_text(in)};
        input.kind = (as_file_kind)get_below(in, AS_FILE_N_KINDS);
        input.taken = as_wire_get_bool(in);
        AS_VEC_PUSH(in->arena, &inventory->inputs, input);
    }
    inventory->n_files = (size_t)as_wire_get_size(in);
    for (size_t n = as_wire_get_count(in); n > 0 && !in->bad; n--)
        AS_VEC_PUSH(in->arena, &inventory->files, as_wire_get_text(in));
    for (size_t n = as_wire_get_count(in); n > 0 && !in->bad; n--) {
        as_str path = as_wire_get_text(in);
        AS_VEC_PUSH(in->arena, &inventory->skips, (as_skip){path, as_wire_get_text(in)});
    }
}

static as_secret get_secret(as_wire_in *in)
{
    as_secret s = {.group = (as_secret_group)get_below(in, AS_SECRET_N_GROUPS)};

    s.detector = as_str_cstr(in->arena, as_wire_get_text(in));
    s.what = as_str_cstr(in->arena, as_wire_get_text(in));
    s.begin = (size_t)as_wire_get_size(in);
    s.end = (size_t)as_wire_get_size(in);
    s.key = as_wire_get_text(in);
    s.entropy = as_wire_get_double(in);
    s.hex = as_wire_get_bool(in);
    s.encrypted = as_wire_get_bool(in);
    s.publishable = as_wire_get_bool(in);
    s.expires = as_wire_get_text(in);
    return s;
}

static void get_secret_files(reading *r)
{
    as_wire_in *in = &r->in;
    as_shard_scan *scan = r->scan;
    size_t n = as_wire_get_count(in), had = scan->n_secret_files[r->root];
    as_secret_file *files = AS_NEW_ARRAY(in->arena, as_secret_file, had + n);

    if (had > 0)
        memcpy(files, scan->secret_files[r->root], had * sizeof *files);
    for (size_t i = 0; i < n && !in->bad; i++) {
        as_secret_file *f = &files[had + i];
        f->path = as_wire_get_text(in);
        f->fate = (as_secret_fate)get_below(in, AS_SECRETS_N_FATES);
        f->full = as_wire_get_bool(in);
        f->source = as_wire_get_file(in);
        for (size_t k = as_wire_get_count(in); k > 0 && !in->bad; k--)
            AS_VEC_PUSH(in->arena, &f->found, get_secret(in));
        in->bad = in->bad || (f->found.n > 0 && f->source == NULL);
        for (size_t k = 0; k < f->found.n && !in->bad; k++)
            in->bad = f->found.items[k].begin > f->found.items[k].end ||
                      f->found.items[k].end > f->source->text.n;
    }
    scan->secret_files[r->root] = files;
    scan->n_secret_files[r->root] = had + n;
}

static void get_root(reading *r)
{
    as_wire_in *in = &r->in;
    as_shard_scan *scan = r->scan;
    as_root *root = &scan->roots[r->root];
    as_inventory inventory = {0}, *kept = &scan->inventories[r->root];
    as_loading loading = {0}, *loads = &scan->loadings[r->root];
    as_diags diags;
    bool is_git = as_wire_get_bool(in);
    as_strs folders = as_wire_get_texts(in), files = as_wire_get_texts(in);

    if (root->folders.n == 0 && root->files.n == 0) {
        root->is_git = is_git;
        for (size_t i = 0; i < folders.n; i++)
            AS_VEC_PUSH(in->arena, &root->folders, folders.items[i]);
        for (size_t i = 0; i < files.n; i++)
            AS_VEC_PUSH(in->arena, &root->files, files.items[i]);
    }
    if (!as_wire_get_bool(in))
        return;
    /* Of a root that several shards look into each says the same: what the first says is kept. */
    bool first = !scan->known[r->root];
    uint64_t n_units = get_below(in, UINT32_MAX / 4);
    in->bad = in->bad || n_units > (uint64_t)(in->end - in->p) ||
              (!first && n_units != scan->n_units[r->root]);
    if (in->bad)
        return;
    as_diags_init(&diags, in->arena);
    get_inventory(in, first ? kept : &inventory);
    get_discovery(in, first ? loads : &loading, (uint32_t)n_units);
    get_diags(in, first ? &scan->diags[r->root] : &diags);
    if (in->bad)
        return;
    if (first) {
        scan->known[r->root] = true;
        scan->n_units[r->root] = (uint32_t)n_units;
        scan->has[r->root] = AS_NEW_ARRAY(in->arena, bool, loads->discovery.targets.n);
    }
    for (size_t n = as_wire_get_count(in); n > 0 && !in->bad; n--)
        get_load(r);
    get_secret_files(r);
}

/* --- verdicts --------------------------------------------------------------------------------- */

static as_fix get_fix(as_wire_in *in)
{
    as_fix fix = {.field = as_wire_get_text(in)};

    fix.value = as_wire_get_text(in);
    fix.json = as_wire_get_text(in);
    fix.title = as_wire_get_text(in);
    fix.fail_case = as_wire_get_text(in);
    fix.span = as_wire_get_span(in);
    fix.insert = as_wire_get_text(in);
    fix.joined = as_wire_get_bool(in);
    return fix;
}

static void get_evidence(as_wire_in *in, as_finding *f)
{
    size_t n = as_wire_get_count(in);
    as_evidence *evidence = AS_NEW_ARRAY(in->arena, as_evidence, n);

    for (size_t i = 0; i < n && !in->bad; i++) {
        evidence[i].span = as_wire_get_span(in);
        evidence[i].note = as_wire_get_text(in);
    }
    f->evidence = evidence;
    f->n_evidence = (uint32_t)n;
    f->n_trail = (uint32_t)get_below(in, n + 1);
}

static as_check_key get_key(reading *r)
{
    as_wire_in *in = &r->in;
    as_check_key key = {.rule = (uint32_t)get_below(in, r->verdicts->rules.n)};

    key.entity = (uint32_t)get_below(in, r->entities.n + 1);
    in->bad = in->bad || key.entity == 0;
    return key;
}

static void get_finding(reading *r, as_check_key *key, as_finding *f)
{
    as_wire_in *in = &r->in;

    *key = get_key(r);
    key->nth = (uint32_t)get_below(in, (uint64_t)UINT32_MAX + 1);
    f->status = (as_status)get_below(in, AS_SUPPRESSED + 1);
    f->severity = (as_severity)get_below(in, AS_SEVERITY_CRITICAL + 1);
    f->fail_case = as_wire_get_text(in);
    f->aliases = as_wire_get_texts(in);
    f->within = as_wire_get_value(in);
    f->span = as_wire_get_span(in);
    f->message = as_wire_get_text(in);
    get_evidence(in, f);
    size_t n = as_wire_get_count(in);
    as_fix *fixes = AS_NEW_ARRAY(in->arena, as_fix, n);
    for (size_t i = 0; i < n && !in->bad; i++)
        fixes[i] = get_fix(in);
    f->fixes = fixes;
    f->n_fixes = (uint32_t)n;
    f->subject = as_wire_get_text(in);
}

static void get_verdicts(reading *r)
{
    as_wire_in *in = &r->in;
    as_shard_verdicts *v = r->verdicts;

    v->rules = as_wire_get_texts(in);
    v->n_checks = (size_t)as_wire_get_size(in);
    for (size_t s = 0; s < 4; s++)
        v->by_status[s] = (size_t)as_wire_get_size(in);
    v->n = as_wire_get_count(in);
    v->keys = AS_NEW_ARRAY(in->arena, as_check_key, v->n);
    v->findings = AS_NEW_ARRAY(in->arena, as_finding, v->n);
    for (size_t i = 0; i < v->n && !in->bad; i++)
        get_finding(r, &v->keys[i], &v->findings[i]);
    v->n_deferred = as_wire_get_count(in);
    v->deferred = AS_NEW_ARRAY(in->arena, as_check_key, v->n_deferred);
    for (size_t i = 0; i < v->n_deferred && !in->bad; i++)
        v->deferred[i] = get_key(r);
    v->entities = r->entities.items;
    v->n_entities = r->entities.n;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* A file that several shards have read, or that was read for the configuration, is one source. */
static const as_source *get_source(as_wire_in *in, as_sources *sources, as_map *known)
{
    as_str path = as_wire_get_long_text(in), text = as_wire_get_long_text(in);
    as_str key =
            as_str_fmt(in->arena, "%.*s %s", AS_STR_ARG(path), as_sha256_hex(in->arena, text).p);
    const as_source *source = as_map_get(known, key);

    if (in->bad || source != NULL)
        return source;
    union {
        const as_source *in;
        void *out;
    } kept = {.in = as_sources_add(sources, path, text, false)};
    if (kept.in == NULL)
        in->bad = true;
    else
        as_map_put(in->arena, known, key, kept.out);
    return kept.in;
}

static void get_sources(as_wire_in *in, as_sources *sources, as_map *known)
{
    size_t n = as_wire_get_count(in);
    const as_source **files = AS_NEW_ARRAY(in->arena, const as_source *, n);

    for (size_t i = 0; i < n && !in->bad; i++)
        files[i] = get_source(in, sources, known);
    in->files = files;
    in->n_files = in->bad ? 0 : n;
}

static void make_roots(as_shard_scan *scan, size_t n)
{
    as_arena *arena = scan->arena;

    scan->n_roots = n;
    scan->roots = AS_NEW_ARRAY(arena, as_root, n);
    scan->inventories = AS_NEW_ARRAY(arena, as_inventory, n);
    scan->loadings = AS_NEW_ARRAY(arena, as_loading, n);
    scan->diags = AS_NEW_ARRAY(arena, as_diags, n);
    scan->known = AS_NEW_ARRAY(arena, bool, n);
    scan->n_units = AS_NEW_ARRAY(arena, uint32_t, n);
    scan->has = AS_NEW_ARRAY(arena, bool *, n);
    scan->secret_files = AS_NEW_ARRAY(arena, as_secret_file *, n);
    scan->n_secret_files = AS_NEW_ARRAY(arena, size_t, n);
    for (size_t i = 0; i < n; i++)
        as_diags_init(&scan->diags[i], arena);
}

static size_t most_bytes(as_str frame)
{
    size_t most = (size_t)1 << MAX_BYTES_SHIFT;

    return frame.n > (most - SMALL_BYTES) / MAX_EXPANSION ? most
                                                          : SMALL_BYTES + frame.n * MAX_EXPANSION;
}

bool as_shard_read(as_shard_scan *scan, const as_shard_head *head, as_map *known_sources)
{
    reading r = {.scan = scan, .in = {.arena = scan->arena}};
    as_wire_in *in = &r.in;
    as_str bytes;

    if (!as_zstd_decompress(scan->arena, head->frame, most_bytes(head->frame), &bytes))
        return false;
    in->p = bytes.p;
    in->end = bytes.p + bytes.n;
    r.verdicts = &scan->verdicts[scan->n_verdicts++];
    get_sources(in, scan->sources, known_sources);
    scan->prefix = as_wire_get_text(in);
    scan->here = as_wire_get_text(in);
    scan->narrowed = as_wire_get_bool(in);
    scan->wanted = as_wire_get_texts(in);
    size_t n_roots = as_wire_get_count(in);
    if (scan->roots == NULL)
        make_roots(scan, n_roots);
    in->bad = in->bad || n_roots != scan->n_roots;
    for (r.root = 0; r.root < n_roots && !in->bad; r.root++)
        get_root(&r);
    if (!in->bad)
        get_verdicts(&r);
    return !in->bad && in->p == in->end;
}

static as_str text_of(const as_value *head, const char *name)
{
    return as_value_str(as_value_get(head, as_str_from(name)));
}

bool as_shard_head_read(
        as_arena *arena, as_str file, as_str bytes, as_shard_head *out, as_str *problem)
{
    size_t end = as_str_find_char(as_str_slice(bytes, 0, 1 << 20), '\n');
    as_diags ignored;

    as_diags_init(&ignored, arena);
    *problem = AS_STR("it is no result of assay scan --shard");
    if (end == (size_t)-1 || !as_str_starts(bytes, "{\"assay_shard\":1,"))
        return false;
    const as_value *head =
            as_json_parse_text(arena, as_str_slice(bytes, 0, end), AS_SPAN_NONE, &ignored);
    int64_t index = as_value_int_or(as_value_get(head, AS_STR("index")), 0);
    int64_t count = as_value_int_or(as_value_get(head, AS_STR("count")), 0);
    if (index < 1 || index > count || count > AS_MAX_SHARDS)
        return false;
    *out = (as_shard_head){.file = file,
            .version = text_of(head, "version"),
            .shard = {(uint32_t)index, (uint32_t)count},
            .digests = {text_of(head, "options"), text_of(head, "configuration"),
                    text_of(head, "rules"), text_of(head, "tree")},
            .settings = as_value_get(head, AS_STR("settings")),
            .frame = as_str_from_index(bytes, end + 1)};
    return true;
}
