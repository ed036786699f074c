#include "parsers/terraform/version.h"

#include "engine/base/semver.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_part(char c) /* of a pre-release or build part */
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '~';
}

static size_t digits(as_str s, size_t i)
{
    while (i < s.n && is_digit(s.p[i]))
        i++;
    return i;
}

/* part ("." part)*; the start when there is none. */
static size_t dotted_parts(as_str s, size_t i)
{
    size_t end = i;
    for (;;) {
        size_t start = i;
        while (i < s.n && is_part(s.p[i]))
            i++;
        if (i == start)
            return end;
        end = i;
        if (i == s.n || s.p[i] != '.')
            return end;
        i++;
    }
}

static bool is_version(as_str s)
{
    size_t i = digits(s, 0);
    if (i == 0)
        return false;
    while (i + 1 < s.n && s.p[i] == '.' && is_digit(s.p[i + 1]))
        i = digits(s, i + 1);
    if (i < s.n && s.p[i] == '-') {
        size_t end = dotted_parts(s, i + 1);
        if (end == i + 1)
            return false;
        i = end;
    } else if (i < s.n && is_part(s.p[i]) && !is_digit(s.p[i])) {
        i = dotted_parts(s, i); /* "1.0rc1" */
    }
    if (i < s.n && s.p[i] == '+') {
        size_t end = dotted_parts(s, i + 1);
        if (end == i + 1)
            return false;
        i = end;
    }
    return i == s.n;
}

bool as_tf_constraints_parse(as_arena *arena, as_str text, as_tf_constraints *out)
{
    /* Longer operators first. */
    static const struct {
        const char *text;
        as_tf_version_op op;
    } ops[] = {{">=", AS_TF_GE}, {"<=", AS_TF_LE}, {"!=", AS_TF_NE}, {"~>", AS_TF_PESSIMISTIC},
            {">", AS_TF_GT}, {"<", AS_TF_LT}, {"=", AS_TF_EQ}, {"", AS_TF_EQ}};
    *out = (as_tf_constraints){0};
    size_t from = 0;
    for (;;) {
        as_str rest = as_str_from_index(text, from);
        size_t comma = as_str_find_char(rest, ',');
        as_str part = as_str_trim(comma == (size_t)-1 ? rest : as_str_slice(rest, 0, comma));
        size_t k = 0;
        while (!as_str_starts(part, ops[k].text))
            k++;
        part = as_str_trim(as_str_from_index(part, strlen(ops[k].text)));
        if (as_str_starts(part, "v"))
            part = as_str_from_index(part, 1);
        if (!is_version(part))
            return false;
        AS_VEC_PUSH(arena, out, (as_tf_constraint){ops[k].op, part});
        if (comma == (size_t)-1)
            return true;
        from += comma + 1;
    }
}

/* ~> 1.2 allows 1.x from 1.2 on, ~> 1.2.3 allows 1.2.x from 1.2.3 on: all parts but the last stay.
 */
static bool pessimistic(as_str text, const as_semver *want, const as_semver *v)
{
    size_t parts = 1;
    for (size_t i = 0; i < text.n && text.p[i] != '-' && text.p[i] != '+'; i++)
        parts += text.p[i] == '.';
    if (as_semver_compare(v, want) < 0)
        return false;
    return (parts < 2 || v->major == want->major) && (parts < 3 || v->minor == want->minor);
}

/* hashicorp/go-version, prereleaseCheck: only who names a pre-release of the same version, or
 * exactly this one, gets one. */
static bool is_exact(as_tf_version_op op)
{
    return op == AS_TF_EQ || op == AS_TF_NE;
}

static bool same_release(const as_semver *a, const as_semver *b)
{
    return a->major == b->major && a->minor == b->minor && a->patch == b->patch;
}

bool as_tf_constraints_allow(const as_tf_constraints *constraints, as_str version)
{
    as_semver v;
    if (as_semver_parse(version, &v) != NULL)
        return false;
    for (size_t i = 0; i < constraints->n; i++) {
        as_semver want;
        as_tf_version_op op = constraints->items[i].op;
        if (as_semver_parse(constraints->items[i].version, &want) != NULL)
            return false;
        int order = as_semver_compare(&v, &want);
        if (v.pre.n && (!want.pre.n || !same_release(&v, &want)) && !is_exact(op))
            return false;
        bool good = false;
        switch (op) {
        case AS_TF_EQ:
            good = order == 0;
            break;
        case AS_TF_NE:
            good = order != 0;
            break;
        case AS_TF_GT:
            good = order > 0;
            break;
        case AS_TF_LT:
            good = order < 0;
            break;
        case AS_TF_GE:
            good = order >= 0;
            break;
        case AS_TF_LE:
            good = order <= 0;
            break;
        case AS_TF_PESSIMISTIC:
            good = pessimistic(constraints->items[i].version, &want, &v);
            break;
        }
        if (!good)
            return false;
    }
    return true;
}
