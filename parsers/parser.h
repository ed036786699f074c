/* A parser of some kind of input, as the pipeline sees it: it finds its targets among the files of
 * a scan, and turns each into resources. One struct and one line in parsers.def. */
#ifndef AS_PARSERS_PARSER_H
#define AS_PARSERS_PARSER_H

#include "engine/base/fs.h"
#include "engine/base/progress.h"
#include "engine/graph/graph.h"
#include "parsers/detect/detect.h"

typedef struct as_parser as_parser;

/* A file of the scan. */
typedef struct as_input {
    as_str path; /* in the fs */
    as_file_kind kind;
    uint64_t size;
    bool taken; /* by a target: nobody else needs to look at it */
} as_input;

/* One set of inputs for what lies under a folder pattern: a way in which a root module or a chart
 * is run. */
typedef struct as_variant {
    as_str folder; /* "infra", or a pattern as in an ignore file */
    as_str base;   /* what `folder` is relative to: "", "shop/" */
    as_str name;
    as_strs files;             /* var files; values files */
    as_strs set;               /* "k=v": Terraform variables; Helm --set */
    as_str release, namespace; /* Helm; may be empty */
    as_span span;
} as_variant;

typedef struct as_variants {
    const as_variant *items;
    size_t n;
} as_variants;

bool as_variant_covers(const as_variant *variant, as_str folder);

/* What the user asked for, as far as parsers care. */
typedef struct as_parse_options {
    as_strs var_files, vars; /* Terraform; vars as "name=value" */
    as_strs module_dirs;
    as_strs value_files, set_values; /* Helm */
    as_str release, namespace;       /* Helm, where the configuration names none; may be empty */
    const as_value *cluster;         /* what `lookup` of charts finds, a list; NULL: nothing */
    as_variants terraform, helm;     /* from the configuration */
    as_progress *progress;           /* NULL: nobody looks */
    as_str repository;               /* folder of the git work tree that is scanned; "": none */
    as_strs addresses;               /* by which that is known, beside its remotes */
    as_str decrypt_key;              /* PEM, for sealed parts of snapshots; may be empty */
} as_parse_options;

/* One unit of work. */
typedef struct as_target {
    const as_parser *parser;
    as_str path;               /* folder or file, in the fs */
    as_str variant;            /* shown in brackets: "values-prod.yaml"; may be empty */
    as_strs files;             /* what makes the variant: values files, var files, … */
    as_strs set;               /* … and single values */
    as_str release, namespace; /* Helm; may be empty */
    const void *detail;        /* private to the parser */
    as_unit *unit;             /* several targets may share one */
    as_str extent; /* what its size is taken from: a folder that ends in "/", or a file; empty: path
                    */
} as_target;

typedef struct as_discovery {
    as_arena *arena;
    as_fs *fs;
    as_diags *diags;
    as_input *inputs; /* sorted by path */
    size_t n_inputs;
    const as_parse_options *options;
    AS_VEC(as_target) targets;
    uint32_t n_units;
} as_discovery;

/* A target of this parser, in a unit of its own when unit is NULL. */
as_target *as_discovery_add(as_discovery *d, const as_parser *parser, as_str path, as_str variant,
        as_origin origin, as_unit *unit);
/* The input of that path; NULL when there is none. */
as_input *as_discovery_input(const as_discovery *d, as_str path);
/* The variant's files as paths of `d->fs`: beside what is in `dir` where they are there, else from
 * the folder of the configuration. */
as_strs as_variant_files(const as_discovery *d, const as_variant *variant, as_str dir);

as_unit *as_discovery_unit(as_discovery *d, as_str name, as_str variant, as_origin origin);

/* Entities of a kind that could not be asked for (as_graph_add_gap). */
typedef struct as_load_gap {
    as_str kind, reason;
} as_load_gap;

/* The loading of one target, in a thread and an arena of its own. */
typedef struct as_load {
    as_arena *arena; /* lives as long as the scan */
    as_fs *fs;
    as_diags *diags;
    const as_target *target;
    const as_parse_options *options;
    AS_VEC(as_resource) resources; /* result; unit is filled in by the pipeline */
    AS_VEC(as_load_gap) gaps;      /* result */
    size_t n_files;                /* that were read without an error */
} as_load;

struct as_parser {
    const char *name;
    void (*discover)(as_discovery *discovery);
    void (*load)(as_load *load);
};

/* NULL-terminated, in the order of parsers.def: earlier ones take files first. */
extern const as_parser *const as_parsers[];

#endif
