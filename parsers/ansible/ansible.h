/* Ansible: playbooks, tasks of roles, variables, inventories and requirements, as entities:
 *
 *     ansible.play ── contains ──▶ ansible.task, ansible.block, ansible.vars
 *
 * `raw` is the thing as it stands in the file. Of a task, `extra.module` is the module's name
 * without ansible.builtin, `extra.args` its arguments (also of the "key=value" form),
 * `extra.no_log` and `extra.ignore_errors` what holds for it through blocks and play,
 * `extra.rescued` whether a block around it handles errors. Of variables, `extra.entries` lists
 * every scalar: { path = "db.password", name = "password", value = … }; what a vault encrypts is
 * unknown. Templates are not evaluated. */
#ifndef AS_ANSIBLE_ANSIBLE_H
#define AS_ANSIBLE_ANSIBLE_H

#include "parsers/parser.h"

/* The reason of what `!vault` encrypts. */
#define AS_ANSIBLE_VAULTED "encrypted with ansible-vault"

void as_ansible_load_playbook(as_load *load, const as_value *document);
void as_ansible_load_tasks(as_load *load, const as_value *document);
void as_ansible_load_vars(as_load *load, const as_value *document);
void as_ansible_load_requirements(as_load *load, const as_value *document);
/* An inventory in INI form: variables of hosts and groups. */
void as_ansible_load_ini(as_load *load, const as_source *source);
/* A whole file that a vault encrypts. */
void as_ansible_load_vault(as_load *load, const as_source *source);

/* Variables that stand at `owner` (a play's address; empty: the file itself). */
void as_ansible_add_vars(
        as_load *load, as_str address, as_str owner, as_span head, const as_value *vars);

/* "a=1 b='x y'": words with "=" as an object of texts, the others joined under "_raw". */
const as_value *as_ansible_free_form(as_arena *arena, const as_value *text);

/* A text that refers to the entity of that address. */
const as_value *as_ansible_reference(as_arena *arena, as_span span, as_str address);

#endif
