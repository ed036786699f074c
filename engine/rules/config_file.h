/* Lists of the configuration that stand in files of their own: parameters: {teams: {file:
 * teams.txt}}. */
#ifndef AS_RULES_CONFIG_FILE_H
#define AS_RULES_CONFIG_FILE_H

#include "engine/rules/config_internal.h"

/* The parameters with each {file: NAME} replaced by the lines of that file, found from the folder
 * of the configuration; blank lines and those that begin with '#' do not count. What cannot be read
 * is a diagnostic. */
const as_value *as_config_files(const as_config_reader *r, const as_value *parameters);
/* A file that the configuration names, found from its folder; NULL when it is not there or cannot
 * be read, and, with a diagnostic at `by`, when it may not be read. */
const as_source *as_config_source(const as_config_reader *r, as_str name, as_span by);
/* The path of what the configuration names, from its folder, whether or not it is there. False,
 * with a diagnostic at `by`, where it leads out of what the configuration may read, also by a link.
 */
bool as_config_reach(
        const as_config_reader *r, as_str name, as_span by, as_str *path) AS_MUST_CHECK;
/* Whether the path is the folder or lies below it; both absolute and without links. */
bool as_config_is_below(as_str path, as_str folder);

#endif
