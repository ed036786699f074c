/* Snapshots as inputs of a scan: each account, project or cluster of one is a target. */
#include "engine/base/map.h"
#include "parsers/json/json.h"
#include "parsers/live/reader.h"

extern const as_parser as_parser_snapshot;

#define AS_SNAPSHOT_READER(name) extern const as_snapshot_reader as_snapshot_reader_##name;
#include "parsers/live/readers.def"

static const as_snapshot_reader *const readers[] = {
#define AS_SNAPSHOT_READER(name) &as_snapshot_reader_##name,
#include "parsers/live/readers.def"
};

enum { N_READERS = sizeof readers / sizeof *readers };

/* What a target stands for. */
typedef struct portion {
    const as_snapshot_reader *reader;
    as_str account;
    AS_VEC(const as_value *) parts; /* of the manifest */
} portion;

static as_str first_word(as_str *path)
{
    as_str word = AS_STR("");

    (void)as_str_split(path, '/', &word);
    return word;
}

static const as_snapshot_reader *reader_of(as_str word)
{
    for (size_t i = 0; i < N_READERS; i++)
        if (as_str_is(word, readers[i]->word))
            return readers[i];
    return NULL;
}

/* What one estate holds is one unit, so that its parts refer to each other by name. */
static as_unit *unit_of(as_discovery *d, as_map *units, as_str dir, const portion *p)
{
    as_str name = p->reader->apart ? as_str_fmt(d->arena, "cluster %.*s", AS_STR_ARG(p->account))
                                   : AS_STR("collected");
    as_str key = as_str_fmt(d->arena, "%.*s %.*s", AS_STR_ARG(dir), AS_STR_ARG(name));
    as_unit *unit = as_map_get(units, key);

    if (!unit) {
        unit = as_discovery_unit(d, name, AS_STR(""), AS_ORIGIN_LIVE);
        as_map_put(d->arena, units, key, unit);
    }
    return unit;
}

/* The file is a part of this snapshot, whatever else its name might stand for. */
static void take_part(as_discovery *d, as_str dir, as_str path)
{
    as_str full;
    as_input *input = as_path_join(d->arena, dir, path, &full) ? as_discovery_input(d, full) : NULL;

    if (input) {
        input->kind = AS_FILE_SNAPSHOT_PART;
        input->taken = true;
    }
}

static void discover_part(as_discovery *d, as_map *seen, as_map *units, as_str dir,
        as_str manifest_path, const as_value *part)
{
    as_str path = as_value_str(as_value_get(part, AS_STR("path"))), rest = path;
    as_str word = first_word(&rest), account = first_word(&rest);
    const as_snapshot_reader *reader = reader_of(word);

    take_part(d, dir, path);
    if (!reader) {
        as_diags_add(d->diags, AS_DIAG_WARNING, "snapshot-part", part->span,
                "nobody reads the part %.*s", AS_STR_ARG(path));
        return;
    }
    as_str key = as_str_fmt(
            d->arena, "%.*s %.*s/%.*s/", AS_STR_ARG(dir), AS_STR_ARG(word), AS_STR_ARG(account));
    portion *p = as_map_get(seen, key);
    if (p) {
        AS_VEC_PUSH(d->arena, &p->parts, part);
        return;
    }
    p = AS_NEW(d->arena, portion);
    *p = (portion){.reader = reader, .account = account};
    AS_VEC_PUSH(d->arena, &p->parts, part);
    as_map_put(d->arena, seen, key, p);
    as_target *target = as_discovery_add(d, &as_parser_snapshot, manifest_path, AS_STR(""),
            AS_ORIGIN_LIVE, unit_of(d, units, dir, p));
    target->detail = p;
    if (!as_path_join(d->arena, dir,
                as_str_fmt(d->arena, "%.*s/%.*s/", AS_STR_ARG(word), AS_STR_ARG(account)),
                &target->extent))
        target->extent = AS_STR("");
    else
        target->extent = as_str_join(d->arena, target->extent, AS_STR("/"));
}

/* The manifest is read here, the parts in the threads that load. */
static void discover(as_discovery *d)
{
    as_map seen = {0}, units = {0};

    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_SNAPSHOT || input->taken)
            continue;
        input->taken = true;
        as_str dir = as_path_dir(input->path);
        const as_value *manifest = as_snapshot_manifest(d->arena, d->fs, dir, d->diags);
        const as_value *parts = as_value_get(manifest, AS_STR("parts"));
        for (size_t k = 0; k < as_value_list_count(parts); k++)
            discover_part(d, &seen, &units, dir, input->path, as_value_index(parts, k));
    }
}

static void load(as_load *l)
{
    const portion *p = l->target->detail;
    as_snapshot_parts parts;

    as_snapshot_open_parts(l->arena, l->fs, as_path_dir(l->target->path), p->parts.items,
            p->parts.n, l->options->decrypt_key, l->diags, &parts);
    l->n_files += parts.n;
    p->reader->read(l, p->account, &parts);
}

const as_parser as_parser_snapshot = {"snapshot", discover, load};
