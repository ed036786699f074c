#include "parsers/helm/ignore.h"

#include "engine/base/fs.h"
#include "engine/base/path_glob.h"

static bool add_rule(as_arena *arena, as_str line, as_helm_ignore *out, as_str *error)
{
    as_str text = as_str_trim(line);
    as_helm_ignore_rule rule = {0};
    if (text.n == 0 || text.p[0] == '#') {
        return true;
    }
    if (as_str_contains(text, "**")) {
        *error = AS_STR("double-star (**) syntax is not supported");
        return false;
    }
    if (!as_path_glob_valid(text)) {
        *error = AS_STR("syntax error in pattern");
        return false;
    }
    if (text.p[0] == '!') {
        rule.negate = true;
        text = as_str_from_index(text, 1);
    }
    if (as_str_ends(text, "/")) {
        rule.dirs_only = true;
        text = as_str_slice(text, 0, text.n - 1);
    }
    if (as_str_starts(text, "/")) {
        rule.whole_path = true;
        text = as_str_from_index(text, 1);
    } else {
        rule.whole_path = as_str_find_char(text, '/') != (size_t)-1;
    }
    rule.pattern = text;
    AS_VEC_PUSH(arena, out, rule);
    return true;
}

bool as_helm_ignore_parse(as_arena *arena, as_str text, as_helm_ignore *out, as_str *error)
{
    as_str line, rest = text;
    if (as_str_starts(rest, "\xEF\xBB\xBF")) {
        rest = as_str_from_index(rest, 3);
    }
    while (as_str_split(&rest, '\n', &line)) {
        if (!add_rule(arena, line, out, error)) {
            return false;
        }
    }
    return add_rule(arena, AS_STR("templates/.?*"), out, error);
}

bool as_helm_ignored(const as_helm_ignore *rules, as_str path, bool is_dir)
{
    for (size_t i = 0; i < rules->n; i++) {
        const as_helm_ignore_rule *rule = &rules->items[i];
        if (rule->dirs_only && !is_dir) {
            if (rule->negate) {
                return true;
            }
            continue;
        }
        as_str subject = rule->whole_path ? path : as_path_base(path);
        if (as_path_glob_match(rule->pattern, subject) != rule->negate) {
            return true;
        }
    }
    return false;
}
