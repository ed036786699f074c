/* Semantic versions: sprig's semver.go on github.com/Masterminds/semver. */
#include "parsers/gotmpl/internal.h"

#include "engine/base/semver.h"

static as_str text_of(as_gotmpl *t, const as_go *v)
{
    return as_semver_text(t->arena, v->as.p);
}

static as_go plain(as_gotmpl *t, const as_go *v)
{
    return as_go_from_str(text_of(t, v));
}

static as_go from_uint(uint64_t u)
{
    return (as_go){.type = &as_go_uint64, .as.u = u};
}

static const as_semver *self(const as_go *a)
{
    return a->as.p;
}

AS_GO_FUNC(m_major)
{
    (void)t;
    (void)n;
    *out = from_uint(self(a)->major);
    return true;
}

AS_GO_FUNC(m_minor)
{
    (void)t;
    (void)n;
    *out = from_uint(self(a)->minor);
    return true;
}

AS_GO_FUNC(m_patch)
{
    (void)t;
    (void)n;
    *out = from_uint(self(a)->patch);
    return true;
}

AS_GO_FUNC(m_prerelease)
{
    (void)t;
    (void)n;
    *out = as_go_from_str(self(a)->pre);
    return true;
}

AS_GO_FUNC(m_metadata)
{
    (void)t;
    (void)n;
    *out = as_go_from_str(self(a)->metadata);
    return true;
}

AS_GO_FUNC(m_original)
{
    (void)t;
    (void)n;
    *out = as_go_from_str(self(a)->original);
    return true;
}

AS_GO_FUNC(m_string)
{
    (void)n;
    *out = as_go_from_str(text_of(t, a));
    return true;
}

AS_GO_FUNC(m_compare)
{
    (void)t;
    (void)n;
    *out = as_go_from_int(as_semver_compare(self(a), self(a + 1)));
    return true;
}

AS_GO_FUNC(m_equal)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_semver_compare(self(a), self(a + 1)) == 0);
    return true;
}

AS_GO_FUNC(m_less)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_semver_compare(self(a), self(a + 1)) < 0);
    return true;
}

AS_GO_FUNC(m_less_equal)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_semver_compare(self(a), self(a + 1)) <= 0);
    return true;
}

AS_GO_FUNC(m_greater)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_semver_compare(self(a), self(a + 1)) > 0);
    return true;
}

AS_GO_FUNC(m_greater_equal)
{
    (void)t;
    (void)n;
    *out = as_go_from_bool(as_semver_compare(self(a), self(a + 1)) >= 0);
    return true;
}

static const as_go_type version_by_value;

static bool next_version(
        as_gotmpl *t, uint64_t major, uint64_t minor, uint64_t patch, as_str original, as_go *out)
{
    as_semver *v = AS_NEW(t->arena, as_semver);
    *v = (as_semver){.major = major, .minor = minor, .patch = patch};
    as_str text = as_semver_text(t->arena, v);
    v->original = as_str_starts(original, "v") ? as_str_join(t->arena, AS_STR("v"), text) : text;
    *out = (as_go){.type = &version_by_value, .as.p = v};
    return true;
}

AS_GO_FUNC(m_inc_major)
{
    (void)n;
    return next_version(t, self(a)->major + 1, 0, 0, self(a)->original, out);
}

AS_GO_FUNC(m_inc_minor)
{
    (void)n;
    return next_version(t, self(a)->major, self(a)->minor + 1, 0, self(a)->original, out);
}

AS_GO_FUNC(m_inc_patch)
{
    (void)n;
    const as_semver *v = self(a);
    return next_version(t, v->major, v->minor, v->patch + (v->pre.n > 0 ? 0 : 1), v->original, out);
}

static const as_go_func methods[] = {
        {"Major", "", m_major, 0},
        {"Minor", "", m_minor, 0},
        {"Patch", "", m_patch, 0},
        {"Prerelease", "", m_prerelease, 0},
        {"Metadata", "", m_metadata, 0},
        {"Original", "", m_original, 0},
        {"String", "", m_string, 0},
        {"Compare", "V", m_compare, 0},
        {"Equal", "V", m_equal, 0},
        {"LessThan", "V", m_less, 0},
        {"LessThanEqual", "V", m_less_equal, 0},
        {"GreaterThan", "V", m_greater, 0},
        {"GreaterThanEqual", "V", m_greater_equal, 0},
        {"IncMajor", "", m_inc_major, 0},
        {"IncMinor", "", m_inc_minor, 0},
        {"IncPatch", "", m_inc_patch, 0},
        {0},
};

const as_go_type as_go_semver = {.kind = AS_GO_PTR,
        .name = "*semver.Version",
        .methods = methods,
        .string = text_of,
        .plain = plain};

static const as_go_type version_by_value = {.kind = AS_GO_STRUCT,
        .name = "semver.Version",
        .methods = methods,
        .string = text_of,
        .plain = plain};

static as_semver *parse(as_gotmpl *t, const as_go *text)
{
    as_semver *v = AS_NEW(t->arena, as_semver);
    const char *problem = as_semver_parse(as_go_str(text), v);
    if (!problem)
        return v;
    (void)as_go_fail(t, "%s", problem);
    return NULL;
}

AS_GO_FUNC(f_semver)
{
    (void)n;
    as_semver *v = parse(t, &a[0]);
    *out = (as_go){.type = &as_go_semver, .as.p = v};
    return v != NULL;
}

AS_GO_FUNC(f_semver_compare)
{
    (void)n;
    /* The constraint is read first, so its error comes first. */
    as_semver zero = {0};
    bool satisfied;
    as_str error;
    if (!as_semver_satisfies(t->arena, as_go_str(&a[0]), &zero, &satisfied, &error))
        return as_go_fail(t, "%.*s", AS_STR_ARG(error));
    const as_semver *v = parse(t, &a[1]);
    if (!v || !as_semver_satisfies(t->arena, as_go_str(&a[0]), v, &satisfied, &error))
        return false;
    *out = as_go_from_bool(satisfied);
    return true;
}

const as_go_func as_funcs_semver[] = {
        {"semver", "s", f_semver, 0},
        {"semverCompare", "ss", f_semver_compare, 0},
        {0},
};
