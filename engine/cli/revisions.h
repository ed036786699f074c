/* Which state of a git repository a command looks at: the files on disk, the index, or a revision.
 */
#ifndef AS_CLI_REVISIONS_H
#define AS_CLI_REVISIONS_H

#include "engine/cli/command.h"
#include "engine/git/git.h"

/* The repository of the command's arguments (of the working directory where there are none), and
 * the arguments as paths in it: "" is all. Arguments of several repositories are refused. */
typedef struct as_repository {
    as_git *git;
    as_strs paths;
    as_str dir; /* that of the only argument, else the caller's: where the configuration is looked
                   for */
} as_repository;

/* False after saying why on stderr. */
bool as_repository_open(as_cli *cli, as_strs args, as_repository *out) AS_MUST_CHECK;
/* NULL after saying why. "" is the index. */
const as_git_snapshot *as_repository_snapshot(
        as_cli *cli, const as_repository *repository, as_str rev);
/* What is staged: paths of the index that differ from HEAD; all of it before the first commit. */
as_strs as_repository_staged(
        as_cli *cli, const as_repository *repository, const as_git_snapshot *index);

#endif
