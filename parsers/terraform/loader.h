/* The loader behind terraform.h: parsed module directories, and where modules are found. */
#ifndef AS_TERRAFORM_LOADER_H
#define AS_TERRAFORM_LOADER_H

#include "parsers/terraform/config.h"

struct as_tf_loader {
    as_arena *arena; /* of values, and of texts that they hold */
    as_arena *work;  /* of what they are made from: syntax, configurations, instances */
    as_fs *fs;
    as_sources *sources;
    as_diags *diags;
    as_map modules;         /* dir → as_tf_module * */
    as_map manifests;       /* root dir → as_map * of key "a.b" → dir */
    as_map seen;            /* diagnostics already given */
    AS_VEC(as_span) blamed; /* references that the validation has complained about */
    size_t n_files;
};

/* The module in a directory, parsed once. Never NULL; ->exists tells whether there was anything. */
as_tf_module *as_tf_load(as_tf_loader *loader, as_str dir);

/* Moves what `from` holds to the loader's diagnostics, each problem only once, and empties it. What
 * evaluation says about a reference that the validation has complained about is left out. */
void as_tf_report(as_tf_loader *loader, as_diags *from);

/* Whether a file of that name belongs to a module. */
bool as_tf_is_module_file(as_str name);

/* Where a call's module lies; false when it is not at hand. `key` is the path of call names, "a.b".
 */
bool as_tf_find_module(as_tf_loader *loader, const as_tf_options *options, as_str root_dir,
        as_str from_dir, as_str key, as_str source, as_str version, as_str *dir);
bool as_tf_source_is_local(as_str source);

/* The addresses that providers and registry modules have. */
as_str as_tf_provider_source(as_arena *arena, const as_tf_module *module, as_str local_name);

#endif
