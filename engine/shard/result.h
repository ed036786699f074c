/* The result of a shard: what it read and what it judged, for `assay merge`.
 *
 *     {"assay_shard":1,"version":…,"index":3,"count":16,…}     one line of JSON: whose it is, by
 * which options a frame of Zstandard: sources, then the facts (wire.h)
 *
 * It holds the texts and values of what was scanned, secrets too: it is as confidential as its
 * input. */
#ifndef AS_SHARD_RESULT_H
#define AS_SHARD_RESULT_H

#include "engine/rules/evaluate.h"
#include "engine/scan/secrets.h"
#include "engine/scan/variants.h"
#include "engine/shard/plan.h"

/* What has to be the same for all shards, as 64 hexadecimal digits each. */
typedef struct as_shard_digests {
    as_str options, configuration, rules, tree;
} as_shard_digests;

typedef struct as_shard_head {
    as_str file; /* the result's, for messages */
    as_str version;
    as_shard shard;
    as_shard_digests digests;
    const as_value *settings; /* of the command line, an object; see cli/shards.c */
    as_str frame;             /* what follows: compressed */
} as_shard_head;

/* A place in the loads of a scan. */
typedef struct as_shard_entity {
    uint32_t root, target, nth;
} as_shard_entity;

/* What one shard has judged; rules by their ids. */
typedef struct as_shard_verdicts {
    as_strs rules;
    const as_shard_entity *entities; /* by id in the shard - 1 */
    size_t n_entities;
    as_check_key *keys; /* rule: place in `rules`; entity: id in the shard */
    as_finding *findings;
    size_t n;
    as_check_key *deferred;
    size_t n_deferred;
    size_t n_checks, by_status[4];
} as_shard_verdicts;

/* A scan in parts: what is written of it, and what reading adds to. Lists of roots are n_roots
 * long. */
typedef struct as_shard_scan {
    as_arena *arena;
    as_sources *sources;
    uint32_t first_source; /* ids up to it were there before the scan … */
    uint32_t last_common;  /* … and up to this one before the first target was loaded */
    as_root *roots;
    size_t n_roots;
    as_inventory *inventories;
    as_loading *loadings;
    as_diags *diags;                /* of inventory and discovery */
    bool *known;                    /* whether inventory and discovery are there */
    uint32_t *first_unit, *n_units; /* ids of units are written from 1 on for each root */
    bool **has;                     /* by target: it was loaded */
    as_secret_file **secret_files;  /* those that were looked through */
    size_t *n_secret_files;
    as_variant_bases bases;
    as_str prefix, here;
    bool narrowed;
    as_strs wanted;
    as_shard_verdicts *verdicts; /* one a shard that was read */
    size_t n_verdicts;
} as_shard_scan;

/* The bytes of a result. `skip` tells sources (by id) that another shard writes. False when memory
 * is gone. */
bool as_shard_write(const as_shard_scan *scan, const as_shard_head *head, const bool *skip,
        const as_ruleset *set, const as_evaluation *evaluation, as_str *out) AS_MUST_CHECK;

/* The first line. False with *problem when it is none. Texts are borrowed from `bytes`. */
bool as_shard_head_read(as_arena *arena, as_str file, as_str bytes, as_shard_head *out,
        as_str *problem) AS_MUST_CHECK;
/* Adds what the frame holds to `scan`, whose lists are made by the first one that is read; verdicts
 * must have room. False for bytes that nobody can have written. */
bool as_shard_read(
        as_shard_scan *scan, const as_shard_head *head, as_map *known_sources) AS_MUST_CHECK;

#endif
