/* What a configuration says of a rule, a path or a resource. */
#include "engine/rules/config.h"

#include <string.h>

#include "engine/base/fs.h"
#include "engine/base/glob.h"
#include "engine/rules/check_names.h"

/* The path as the configuration's patterns see it. */
static as_str below(const as_config *config, as_str path)
{
    if (path.n >= config->prefix.n &&
            as_str_eq(as_str_slice(path, 0, config->prefix.n), config->prefix))
        return as_str_from_index(path, config->prefix.n);
    return AS_STR("");
}

static bool path_in(const as_ignore *paths, as_str path)
{
    for (bool is_dir = false; path.n > 0; path = as_path_dir(path), is_dir = true)
        if (as_ignore_match(paths, path, is_dir))
            return true;
    return false;
}

bool as_rule_id_matches(as_str pattern, as_str id)
{
    static const char avd[] = "AVD-";

    if (as_str_eq(pattern, id))
        return true;
    pattern = as_check_name_id(pattern);
    if (as_str_starts(pattern, avd))
        pattern = as_str_from_index(pattern, strlen(avd));
    if (as_str_starts(id, avd))
        id = as_str_from_index(id, strlen(avd));
    return as_glob_match(pattern, id);
}

static bool any_matches(as_strs patterns, as_str id)
{
    for (size_t i = 0; i < patterns.n; i++)
        if (as_rule_id_matches(patterns.items[i], id))
            return true;
    return false;
}

static bool matches(const as_rule *rule, as_strs patterns, bool whole)
{
    if (any_matches(patterns, rule->id))
        return true;
    for (size_t i = 0; i < rule->n_aliases; i++)
        if ((!whole || rule->aliases[i].fail_case.n == 0) &&
                any_matches(patterns, rule->aliases[i].id))
            return true;
    return false;
}

bool as_rule_matches(const as_rule *rule, as_strs patterns)
{
    return matches(rule, patterns, false);
}

bool as_rule_excluded(const as_rule *rule, as_strs patterns)
{
    return matches(rule, patterns, true);
}

static bool has(as_strs list, as_str item)
{
    for (size_t i = 0; i < list.n; i++)
        if (as_str_eq(list.items[i], item))
            return true;
    return false;
}

static bool profile_holds(
        const as_config *config, const as_profile *profile, const as_subject *subject)
{
    return (profile->paths.rules.n == 0 ||
                   path_in(&profile->paths, below(config, subject->path))) &&
           (profile->environments.n == 0 || has(profile->environments, subject->environment)) &&
           (profile->classifications.n == 0 ||
                   has(profile->classifications, subject->classification));
}

bool as_config_asks_class(const as_config *config)
{
    for (size_t i = 0; config && i < config->n_profiles; i++)
        if (config->profiles[i].classifications.n > 0)
            return true;
    return false;
}

as_str as_config_environment(const as_config *config, as_str path)
{
    for (size_t i = 0; config && i < config->n_environments; i++)
        if (path_in(&config->environments[i].paths, below(config, path)))
            return config->environments[i].name;
    return AS_STR("");
}

/* The last override that names the rule wins. Whether there is one. */
static bool override(const as_overrides *overrides, const as_rule *rule, as_severity *severity)
{
    bool found = false;

    for (size_t i = 0; i < overrides->n; i++) {
        if (!as_rule_matches(rule, (as_strs){&overrides->items[i].rule, 1}))
            continue;
        *severity = overrides->items[i].severity;
        found = true;
    }
    return found;
}

as_severity as_config_severity(
        const as_config *config, const as_rule *rule, const as_subject *subject, as_severity *most)
{
    as_severity severity = rule->severity, given = AS_SEVERITY_NONE;
    bool is_given = false;

    for (size_t i = 0; i < rule->n_classes; i++)
        if (as_str_eq(rule->classes[i].name, subject->classification))
            severity = rule->classes[i].severity;

    *most = AS_SEVERITY_CRITICAL;
    if (!config)
        return severity;
    is_given |= override(&config->severity, rule, &given);
    for (size_t i = 0; i < config->n_profiles; i++)
        if (profile_holds(config, &config->profiles[i], subject))
            is_given |= override(&config->profiles[i].severity, rule, &given);
    if (is_given)
        *most = severity = given;
    return severity;
}

static bool wanted(as_strs only, as_strs exclude, const as_rule *rule)
{
    return (only.n == 0 || as_rule_matches(rule, only)) && !as_rule_excluded(rule, exclude);
}

bool as_config_wants(const as_config *config, const as_rule *rule, const as_subject *subject)
{
    if (!config)
        return true;
    if (!wanted(config->only, config->exclude, rule))
        return false;
    for (size_t i = 0; i < config->n_profiles; i++) {
        const as_profile *profile = &config->profiles[i];
        if (profile_holds(config, profile, subject) &&
                !wanted(profile->only, profile->exclude, rule))
            return false;
    }
    return true;
}

static const as_value *parameter(const as_value *parameters, as_str name)
{
    const as_value *value = as_value_get(parameters, name);
    size_t dot = as_str_find_char(name, '.');

    if (value || dot == (size_t)-1)
        return value;
    const as_value *inner = as_value_get(parameters, as_str_slice(name, 0, dot));
    return inner ? parameter(inner, as_str_from_index(name, dot + 1)) : NULL;
}

const as_value *as_config_parameter(const as_config *config, as_str name, const as_subject *subject)
{
    if (!config)
        return NULL;
    for (size_t i = config->n_profiles; i > 0; i--) {
        const as_profile *profile = &config->profiles[i - 1];
        const as_value *value = parameter(profile->parameters, name);
        if (value && profile_holds(config, profile, subject))
            return value;
    }
    return parameter(config->parameters, name);
}

bool as_config_suppresses(const as_config *config, const as_config_suppression *suppression,
        const as_rule *rule, as_strs aliases, as_str path, as_str address, as_str environment)
{
    bool meant = any_matches(suppression->rules, rule->id);
    bool there = suppression->addresses.n == 0;

    for (size_t i = 0; i < aliases.n && !meant; i++)
        meant = any_matches(suppression->rules, aliases.items[i]);
    for (size_t i = 0; i < suppression->addresses.n && !there; i++)
        there = as_glob_match(suppression->addresses.items[i], address);
    return meant && there &&
           (suppression->paths.rules.n == 0 || path_in(&suppression->paths, below(config, path))) &&
           (suppression->environments.n == 0 || has(suppression->environments, environment));
}
