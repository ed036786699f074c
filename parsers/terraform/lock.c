/* .terraform.lock.hcl: which providers it pins. Terraform: internal/depsfile/locks_file.go. */
#include "parsers/hcl/parse.h"
#include "parsers/terraform/tree.h"

/* The sources of providers whose entries have a checksum. Errors cost entries only: Terraform
 * itself writes the file. */
void as_tf_read_lock(as_tf_eval *eval, as_tf_root *root)
{
    static const as_hcl_block_schema blocks[] = {{"provider", {"source_addr"}}, {0}};
    static const as_hcl_attribute_schema hashes[] = {{"hashes", false}, {0}};
    static const as_hcl_schema file = {NULL, blocks}, entry = {hashes, NULL};
    const as_source *source;
    as_diags ignored;
    as_tf_dirs locked = {0};
    as_str path;

    if (!as_path_join(eval->arena, eval->root_dir, AS_STR(".terraform.lock.hcl"), &path) ||
            as_fs_read(eval->loader->fs, path, &source) != AS_FS_OK)
        return;
    root->has_lock = true;
    as_diags_init(&ignored, eval->arena);
    const as_hcl_body *body = as_hcl_parse(eval->arena, source, &ignored);
    as_hcl_content content = as_hcl_body_content(eval->arena, body, &file, true, &ignored);
    for (size_t i = 0; i < content.n_blocks; i++) {
        const as_hcl_block *b = &content.blocks[i];
        as_hcl_content inner = as_hcl_body_content(eval->arena, b->body, &entry, true, &ignored);
        if (b->n_labels == 1 && as_hcl_content_attribute(&inner, "hashes") != NULL)
            AS_VEC_PUSH(eval->arena, &locked, b->labels[0].text);
    }
    root->locked.items = locked.items;
    root->locked.n = locked.n;
}
