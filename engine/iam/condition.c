#include "engine/iam/condition.h"

#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/cidr.h"
#include "engine/base/num.h"

typedef enum value_kind {
    KIND_STRING,
    KIND_STRING_CASELESS,
    KIND_PATTERN,
    KIND_NUMBER,
    KIND_DATE,
    KIND_BOOL,
    KIND_BINARY,
    KIND_ADDRESS,
    KIND_ARN,
    KIND_PRESENCE,
} value_kind;

static const struct {
    bool negated;
    value_kind kind;
} operators[] = {
#define AS_IAM_OPERATOR(name, negated, kind) {negated, KIND_##kind},
#include "engine/iam/operators.def"
};

const as_iam_key *as_iam_context_find(const as_iam_context *context, as_str name)
{
    static const as_iam_key absent = {.present = AS_NO}, open = {.present = AS_MAYBE};
    for (; context != NULL; context = context->next) {
        for (size_t i = 0; i < context->n; i++) {
            if (as_str_eq(context->keys[i].name, name)) {
                return &context->keys[i];
            }
        }
        if (context->next == NULL) {
            return context->others == AS_NO ? &absent : &open;
        }
    }
    return &open;
}

bool as_iam_key_is_chosen(as_str name)
{
    static const char *const chosen[] = {"aws:requestedregion", "aws:useragent", "aws:referer",
            "aws:requesttag/", "aws:tagkeys", "sts:rolesessionname", "sts:sourceidentity", NULL};
    for (size_t i = 0; chosen[i] != NULL; i++) {
        if (as_str_starts(name, chosen[i])) {
            return true;
        }
    }
    return false;
}

/* --- policy variables ----------------------------------------------------------------------------
 */

/* "aws:username, 'x'" → name and default. */
static bool split_default(as_str inner, as_str *name, as_str *fallback)
{
    size_t comma = as_str_find_char(inner, ',');
    *name = as_str_trim(as_str_slice(inner, 0, comma));
    if (comma == (size_t)-1) {
        *name = as_str_trim(inner);
        return false;
    }
    *fallback = as_str_trim(as_str_from_index(inner, comma + 1));
    if (fallback->n < 2 || fallback->p[0] != '\'' || fallback->p[fallback->n - 1] != '\'') {
        return false;
    }
    *fallback = as_str_slice(*fallback, 1, fallback->n - 1);
    return true;
}

static void add_literal(as_buf *buf, as_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        as_buf_char(buf, s.p[i] == '*' ? AS_IAM_STAR : s.p[i] == '?' ? AS_IAM_QUESTION : s.p[i]);
    }
}

static void add_variable(
        as_arena *arena, as_buf *buf, as_str inner, const as_iam_context *context, as_truth *found)
{
    as_str name, fallback;
    if (inner.n == 1 && as_char_in(inner.p[0], "*?$")) {
        add_literal(buf, inner);
        return;
    }
    bool has_default = split_default(inner, &name, &fallback);
    const as_iam_key *key = as_iam_context_find(context, as_str_lower(arena, name));
    if (key->present == AS_YES && key->values.n == 1 && !key->at_least) {
        add_literal(buf, key->values.items[0]);
    } else if (key->present == AS_MAYBE || key->at_least) {
        as_buf_cstr(buf, AS_HOLE);
        *found = as_truth_and(*found, has_default ? AS_YES : AS_MAYBE);
    } else if (key->present == AS_NO && has_default) {
        add_literal(buf, fallback);
    } else {
        *found = AS_NO; /* also of a key with several values: these cannot be variables */
    }
}

as_str as_iam_expand(as_arena *arena, as_str text, const as_iam_context *context, as_truth *found)
{
    *found = AS_YES;
    if (!as_str_contains(text, "${")) {
        return text;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        bool opens = text.p[i] == '$' && i + 1 < text.n && text.p[i + 1] == '{';
        size_t end = opens ? as_str_find_char(as_str_from_index(text, i), '}') : (size_t)-1;
        if (end == (size_t)-1) {
            as_buf_char(&buf, text.p[i]);
            continue;
        }
        add_variable(arena, &buf, as_str_slice(text, i + 2, i + end), context, found);
        i += end;
    }
    return as_buf_view(&buf);
}

/* --- comparing -----------------------------------------------------------------------------------
 */

static int digits(as_str s, size_t at, size_t n)
{
    int value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9') {
            return -1;
        }
        value = value * 10 + (s.p[i] - '0');
    }
    return value;
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static double days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (double)era * 146097 + day_of_era - 719468;
}

/* The zone at the end of a time: "Z", "+01:00", "-0130"; nothing is UTC. */
static bool read_zone(as_str s, double *seconds)
{
    if (s.n == 0 || as_str_ieq(s, AS_STR("Z"))) {
        return true;
    }
    int hours = digits(s, 1, 2);
    size_t at = s.n > 3 && s.p[3] == ':' ? 4 : 3;
    int minutes = at >= s.n ? 0 : digits(s, at, 2);
    if ((s.p[0] != '+' && s.p[0] != '-') || hours < 0 || minutes < 0) {
        return false;
    }
    *seconds -= (s.p[0] == '-' ? -1 : 1) * (hours * 3600.0 + minutes * 60.0);
    return true;
}

/* W3C profile of ISO 8601, or seconds since 1970. */
static bool read_date(as_str s, double *out)
{
    if (as_double_parse(s, out) && s.n != 4) {
        return true;
    }
    int year = digits(s, 0, 4), month = s.n > 4 ? digits(s, 5, 2) : 1,
        day = s.n > 7 ? digits(s, 8, 2) : 1;
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    *out = days_from_civil(year, month, day) * 86400;
    if (s.n <= 10) {
        return true;
    }
    int hour = digits(s, 11, 2), minute = digits(s, 14, 2);
    size_t at = 16;
    if (hour < 0 || minute < 0) {
        return false;
    }
    *out += hour * 3600.0 + minute * 60.0;
    if (at < s.n && s.p[at] == ':') {
        int second = digits(s, at + 1, 2);
        double unit = 1;
        if (second < 0) {
            return false;
        }
        *out += second;
        at += 3;
        if (at < s.n && s.p[at] == '.') {
            for (at++; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++) {
                *out += (unit /= 10) * (s.p[at] - '0');
            }
        }
    }
    return read_zone(as_str_from_index(s, at), out);
}

static as_truth compare_order(as_iam_operator op, double have, double want, bool at_least)
{
    bool less = have<want, more = have> want;
    switch (op) {
    case AS_IAM_OP_NumericLessThan:
    case AS_IAM_OP_DateLessThan:
        return at_least && less ? AS_MAYBE : as_truth_of(less);
    case AS_IAM_OP_NumericLessThanEquals:
    case AS_IAM_OP_DateLessThanEquals:
        return at_least && !more ? AS_MAYBE : as_truth_of(!more);
    case AS_IAM_OP_NumericGreaterThan:
    case AS_IAM_OP_DateGreaterThan:
        return at_least && !more ? AS_MAYBE : as_truth_of(more);
    case AS_IAM_OP_NumericGreaterThanEquals:
    case AS_IAM_OP_DateGreaterThanEquals:
        return at_least && less ? AS_MAYBE : as_truth_of(!less);
    default:
        return at_least && !more ? AS_MAYBE : as_truth_of(!less && !more);
    }
}

static as_truth compare_numbers(
        as_iam_operator op, value_kind kind, as_str have, as_str want, bool at_least)
{
    double x, y;
    bool (*read)(as_str, double *) = kind == KIND_DATE ? read_date : as_double_parse;
    if (as_iam_has_hole(have) || as_iam_has_hole(want)) {
        return AS_MAYBE;
    }
    return read(have, &x) && read(want, &y) ? compare_order(op, x, y, at_least) : AS_NO;
}

static as_truth compare_addresses(as_str have, as_str want)
{
    as_cidr inner, outer;
    if (as_iam_has_hole(have) || as_iam_has_hole(want)) {
        return AS_MAYBE;
    }
    return as_truth_of(as_cidr_parse(have, &inner) && as_cidr_parse(want, &outer) &&
                       as_cidr_contains(&outer, &inner));
}

/* Literal stars back to stars, for comparisons without wildcards. */
static as_str plain(as_arena *arena, as_str s)
{
    char star = AS_IAM_STAR, question = AS_IAM_QUESTION;
    if (as_str_find_char(s, star) == (size_t)-1 && as_str_find_char(s, question) == (size_t)-1) {
        return s;
    }
    s = as_str_replace(arena, s, (as_str){&star, 1}, AS_STR("*"));
    return as_str_replace(arena, s, (as_str){&question, 1}, AS_STR("?"));
}

/* Whether a value of the request meets one of the policy, negation left aside. */
static as_truth compare(
        as_arena *arena, as_iam_operator op, as_str have, as_str want, bool at_least)
{
    value_kind kind = operators[op].kind;
    switch (kind) {
    case KIND_STRING:
    case KIND_BINARY:
        return as_iam_equal(plain(arena, want), have, false);
    case KIND_STRING_CASELESS:
    case KIND_BOOL:
        return as_iam_equal(plain(arena, want), have, true);
    case KIND_PATTERN:
        return as_iam_match(want, have, false);
    case KIND_ARN:
        return as_iam_match_arn(want, have);
    case KIND_NUMBER:
    case KIND_DATE:
        return compare_numbers(op, kind, have, want, at_least);
    case KIND_ADDRESS:
        return compare_addresses(have, want);
    case KIND_PRESENCE:
        break;
    }
    return AS_MAYBE;
}

typedef struct comparison {
    as_arena *arena;
    const as_iam_condition *condition;
    bool variables;
    const as_iam_context *context;
    bool at_least;
} comparison;

/* Whether a value of the request meets the operator: one of the policy's values, or (negated) none.
 */
static as_truth meets(const comparison *c, as_str have)
{
    as_truth any = c->condition->open ? AS_MAYBE : AS_NO;
    for (size_t i = 0; i < c->condition->values.n && any != AS_YES; i++) {
        as_str want = c->condition->values.items[i];
        as_truth found = AS_YES;
        if (c->variables) {
            want = as_iam_expand(c->arena, want, c->context, &found);
        }
        if (found != AS_NO) {
            any = as_truth_or(any, as_truth_and(found, compare(c->arena, c->condition->op, have,
                                                               want, c->at_least)));
        }
    }
    return operators[c->condition->op].negated ? as_truth_not(any) : any;
}

static as_truth of_presence(const as_iam_condition *condition, as_truth present)
{
    as_truth all = AS_NO;
    for (size_t i = 0; i < condition->values.n; i++) {
        as_str want = condition->values.items[i];
        as_truth holds = as_iam_has_hole(want)               ? AS_MAYBE
                         : as_str_ieq(want, AS_STR("true"))  ? as_truth_not(present)
                         : as_str_ieq(want, AS_STR("false")) ? present
                                                             : AS_NO;
        all = as_truth_or(all, holds);
    }
    return condition->open ? as_truth_or(all, AS_MAYBE) : all;
}

static as_truth of_absent(const as_iam_condition *condition)
{
    if (condition->if_exists || condition->quantifier == AS_IAM_ALL_VALUES) {
        return AS_YES;
    }
    if (condition->quantifier == AS_IAM_ANY_VALUE) {
        return AS_NO;
    }
    return as_truth_of(operators[condition->op].negated);
}

as_truth as_iam_condition_holds(as_arena *arena, const as_iam_condition *condition, bool variables,
        const as_iam_context *context)
{
    const as_iam_key *key = as_iam_context_find(context, condition->key);
    if (!condition->known || as_iam_has_hole(condition->key)) {
        return AS_MAYBE;
    }
    if (condition->op == AS_IAM_OP_Null) {
        return of_presence(condition, key->present);
    }
    if (key->present != AS_YES) {
        return key->present == AS_NO ? of_absent(condition) : AS_MAYBE;
    }
    comparison c = {arena, condition, variables, context, key->at_least};
    bool all_needed = condition->quantifier == AS_IAM_ALL_VALUES;
    as_truth result = all_needed ? AS_YES : AS_NO;
    if (condition->quantifier == AS_IAM_SINGLE && key->values.n == 0) {
        return of_absent(condition);
    }
    for (size_t i = 0; i < key->values.n; i++) {
        as_truth one = meets(&c, key->values.items[i]);
        result = all_needed ? as_truth_and(result, one) : as_truth_or(result, one);
    }
    return result;
}
