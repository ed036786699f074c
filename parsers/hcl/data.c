/* Typed values: makers that keep the invariants of data.h, marks, equality, refinements. */
#include "parsers/hcl/data.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/grapheme.h"

/* --- making ----------------------------------------------------------------------------------- */

static const as_value *with_type(as_arena *arena, const as_value *v, const as_type *type)
{
    if (!type || type->kind == AS_TYPE_ANY)
        return v;
    as_value *copy = as_value_copy(arena, v);
    copy->type = type;
    return copy;
}

const as_value *as_hcl_null(as_arena *arena, as_span span, const as_type *type)
{
    return with_type(arena, as_value_null(arena, span), type);
}

const as_value *as_hcl_unknown(as_arena *arena, as_span span, const as_type *type, as_str reason)
{
    return with_type(arena, as_value_unknown(arena, span, reason, NULL), type);
}

const as_value *as_hcl_list(as_arena *arena, as_span span, const as_type *element,
        const as_value *const *items, size_t n)
{
    return with_type(arena, as_value_list(arena, span, items, n), as_type_list(arena, element));
}

const as_value *as_hcl_tuple(as_arena *arena, as_span span, const as_value *const *items, size_t n)
{
    return as_value_list(arena, span, items, n);
}

static int compare_members(const void *a, const void *b)
{
    const as_member *x = a, *y = b;
    return as_str_cmp(x->key, y->key);
}

/* Sorts by key; of equal keys the last stays. Returns how many are left. */
static size_t sort_members(as_arena *arena, as_member *members, size_t n)
{
    bool sorted = true;
    if (n < 2)
        return n;
    assert(members != NULL);
    for (size_t i = 1; i < n && sorted; i++)
        sorted = as_str_cmp(members[i - 1].key, members[i].key) < 0;
    if (sorted)
        return n;
    /* qsort is not stable: as_value_object settles repeats first, in favour of the last. */
    const as_value *unique = as_value_object(arena, AS_SPAN_NONE, members, n);
    size_t n_unique = unique->as.object->n;
    as_member *sorted_members = AS_NEW_ARRAY(arena, as_member, n_unique);
    memcpy(sorted_members, unique->as.object->members, n_unique * sizeof *members);
    qsort(sorted_members, n_unique, sizeof *members, compare_members);
    memcpy(members, sorted_members, n_unique * sizeof *members);
    return n_unique;
}

const as_value *as_hcl_object(as_arena *arena, as_span span, as_member *members, size_t n)
{
    n = sort_members(arena, members, n);
    return as_value_object(arena, span, members, n);
}

const as_value *as_hcl_map(
        as_arena *arena, as_span span, const as_type *element, as_member *members, size_t n)
{
    return with_type(arena, as_hcl_object(arena, span, members, n), as_type_map(arena, element));
}

static const as_value *import_list(as_arena *arena, const as_value *v)
{
    const as_value **items = NULL;
    for (size_t i = 0; i < v->as.list.n; i++) {
        const as_value *item = as_hcl_import(arena, v->as.list.items[i]);
        if (item != v->as.list.items[i] && !items) {
            items = AS_NEW_ARRAY(arena, const as_value *, v->as.list.n);
            memcpy(items, v->as.list.items, v->as.list.n * sizeof *items);
        }
        if (items)
            items[i] = item;
    }
    if (!items)
        return v;
    as_value *copy = as_value_copy(arena, v);
    copy->as.list.items = items;
    return copy;
}

static const as_value *import_object(as_arena *arena, const as_value *v)
{
    size_t n = v->as.object->n;
    const as_member *members = v->as.object->members;
    bool same = true;
    as_member *copies = AS_NEW_ARRAY(arena, as_member, n);
    for (size_t i = 0; i < n; i++) {
        copies[i] = members[i];
        copies[i].value = as_hcl_import(arena, members[i].value);
        same = same && copies[i].value == members[i].value &&
               (i == 0 || as_str_cmp(members[i - 1].key, members[i].key) < 0);
    }
    if (same)
        return v;
    as_value *copy = as_value_copy(arena, v);
    copy->as.object = as_hcl_object(arena, v->span, copies, n)->as.object;
    return copy;
}

const as_value *as_hcl_import(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_LIST)
        return import_list(arena, v);
    if (v->kind == AS_OBJECT)
        return import_object(arena, v);
    return v;
}

/* --- walking ---------------------------------------------------------------------------------- */

static size_t n_children(const as_value *v)
{
    return v->kind == AS_LIST ? v->as.list.n : v->kind == AS_OBJECT ? v->as.object->n : 0;
}

static const as_value *child(const as_value *v, size_t i)
{
    return v->kind == AS_LIST ? v->as.list.items[i] : v->as.object->members[i].value;
}

/* The work of going through all of a value, which may stand for far more nodes than it is made of.
 */
static void spend_deep(as_arena *arena, const as_value *v)
{
    as_arena_spend(arena, n_children(v));
    for (size_t i = 0; i < n_children(v); i++)
        spend_deep(arena, child(v, i));
}

bool as_hcl_is_wholly_known(as_arena *arena, const as_value *v)
{
    spend_deep(arena, v);
    return !as_value_has_unknown(v);
}

#define MARKS (AS_SENSITIVE | AS_EPHEMERAL)

unsigned as_hcl_marks(const as_value *v)
{
    return v->flags & MARKS;
}

unsigned as_hcl_marks_deep(as_arena *arena, const as_value *v)
{
    unsigned marks = as_hcl_marks(v);
    as_arena_spend(arena, n_children(v));
    for (size_t i = 0; i < n_children(v) && marks != MARKS; i++)
        marks |= as_hcl_marks_deep(arena, child(v, i));
    return marks;
}

const as_value *as_hcl_with_marks(as_arena *arena, const as_value *v, unsigned marks)
{
    marks &= MARKS;
    return (v->flags & marks) == marks ? v : as_value_with_flags(arena, v, marks);
}

const as_value *as_hcl_unmark(as_arena *arena, const as_value *v)
{
    if (!as_hcl_marks(v))
        return v;
    as_value *copy = as_value_copy(arena, v);
    copy->flags = (uint8_t)(copy->flags & ~MARKS);
    return copy;
}

const as_value *as_hcl_unmark_deep(as_arena *arena, const as_value *v)
{
    if (!as_hcl_marks_deep(arena, v))
        return v;
    as_value *copy = as_value_copy(arena, v);
    copy->flags = (uint8_t)(copy->flags & ~MARKS);
    size_t n = n_children(v);
    if (v->kind == AS_LIST) {
        const as_value **items = AS_NEW_ARRAY(arena, const as_value *, n);
        for (size_t i = 0; i < n; i++)
            items[i] = as_hcl_unmark_deep(arena, v->as.list.items[i]);
        copy->as.list.items = items;
    } else if (v->kind == AS_OBJECT) {
        as_member *members = AS_NEW_ARRAY(arena, as_member, n);
        for (size_t i = 0; i < n; i++) {
            members[i] = v->as.object->members[i];
            members[i].value = as_hcl_unmark_deep(arena, members[i].value);
        }
        copy->as.object = as_value_object(arena, v->span, members, n)->as.object;
    }
    return copy;
}

/* --- equality (cty Value.Equals) -------------------------------------------------------------- */

static bool has_unknown_type(as_arena *arena, const as_value *v)
{
    as_arena_spend(arena, n_children(v));
    if (v->kind == AS_UNKNOWN)
        return as_type_kind_of(v) == AS_TYPE_ANY;
    for (size_t i = 0; i < n_children(v); i++)
        if (has_unknown_type(arena, child(v, i)))
            return true;
    return false;
}

static as_hcl_truth equal_known(as_arena *arena, const as_value *a, const as_value *b);

/* An unknown that a known value contradicts. */
static bool contradicts(const as_value *unknown, const as_value *known)
{
    const as_hcl_refinement *r = as_hcl_refinement_of(unknown);
    if (!r)
        return false;
    if (known->kind == AS_NULL)
        return r->not_null;
    if (known->kind == AS_STRING)
        return known->as.str.n < r->prefix.n ||
               (r->prefix.n > 0 && memcmp(known->as.str.p, r->prefix.p, r->prefix.n) != 0);
    if (as_value_is_number(known)) {
        int low = r->min ? as_num_cmp(known, r->min) : 1;
        int high = r->max ? as_num_cmp(known, r->max) : -1;
        return low < 0 || (low == 0 && r->min_exclusive) || high > 0 ||
               (high == 0 && r->max_exclusive);
    }
    if (known->kind == AS_LIST || known->kind == AS_OBJECT) {
        int64_t n = (int64_t)n_children(known);
        return n < r->min_length || (r->max_length >= 0 && n > r->max_length);
    }
    return false;
}

static as_hcl_truth equal_unknown(as_arena *arena, const as_value *unknown, const as_value *other)
{
    if (other->kind == AS_UNKNOWN)
        return AS_HCL_MAYBE;
    if (contradicts(unknown, other))
        return AS_HCL_FALSE;
    const as_type *type = as_type_of(arena, unknown);
    if (other->kind == AS_NULL || type->has_any)
        return AS_HCL_MAYBE;
    return as_type_equal(type, as_type_of(arena, other)) ? AS_HCL_MAYBE : AS_HCL_FALSE;
}

/* Whether types that are not wholly known could still turn out equal. */
static bool may_conform(const as_type *a, const as_type *b)
{
    if (a->kind == AS_TYPE_ANY || b->kind == AS_TYPE_ANY)
        return true;
    if (a->kind != b->kind || a->n != b->n)
        return false;
    if (as_type_is_collection(a))
        return may_conform(a->element, b->element);
    for (size_t i = 0; i < a->n; i++) {
        if (a->kind == AS_TYPE_TUPLE) {
            if (!may_conform(a->as.items[i], b->as.items[i]))
                return false;
        } else if (!as_str_eq(a->as.fields[i].name, b->as.fields[i].name) ||
                   !may_conform(a->as.fields[i].type, b->as.fields[i].type)) {
            return false;
        }
    }
    return true;
}

static bool is_container(const as_value *v)
{
    return v->kind == AS_LIST || v->kind == AS_OBJECT;
}

as_hcl_truth as_hcl_equal(as_arena *arena, const as_value *a, const as_value *b)
{
    enum { BYTES_PER_STEP = 64 };

    as_arena_spend(arena, 1 + (a->kind == AS_STRING ? a->as.str.n / BYTES_PER_STEP : 0));
    if ((a->kind == AS_NULL && as_hcl_not_null(b)) || (b->kind == AS_NULL && as_hcl_not_null(a)))
        return AS_HCL_FALSE;
    if (a->kind == AS_UNKNOWN)
        return equal_unknown(arena, a, b);
    if (b->kind == AS_UNKNOWN)
        return equal_unknown(arena, b, a);
    if (a->kind == AS_NULL || b->kind == AS_NULL)
        return a->kind == b->kind ? AS_HCL_TRUE : AS_HCL_FALSE;
    if (!is_container(a) || !is_container(b)) {
        if (as_type_kind_of(a) != as_type_kind_of(b))
            return AS_HCL_FALSE;
        return equal_known(arena, a, b);
    }
    const as_type *type_a = as_type_of(arena, a), *type_b = as_type_of(arena, b);
    if (has_unknown_type(arena, a) || has_unknown_type(arena, b))
        return may_conform(type_a, type_b) ? AS_HCL_MAYBE : AS_HCL_FALSE;
    return as_type_equal(type_a, type_b) ? equal_known(arena, a, b) : AS_HCL_FALSE;
}

static as_hcl_truth equal_children(as_arena *arena, const as_value *a, const as_value *b)
{
    size_t n = n_children(a);
    if (n != n_children(b))
        return AS_HCL_FALSE;
    if (a->kind == AS_OBJECT)
        for (size_t i = 0; i < n; i++)
            if (!as_str_eq(a->as.object->members[i].key, b->as.object->members[i].key))
                return AS_HCL_FALSE;
    for (size_t i = 0; i < n; i++) {
        as_hcl_truth truth = as_hcl_equal(arena, child(a, i), child(b, i));
        if (truth != AS_HCL_TRUE)
            return truth;
    }
    return AS_HCL_TRUE;
}

/* Sets are in order, so equal ones match element by element. */
static as_hcl_truth equal_sets(as_arena *arena, const as_value *a, const as_value *b)
{
    for (size_t i = 0; i < n_children(a); i++)
        if (child(a, i)->kind == AS_UNKNOWN)
            return AS_HCL_MAYBE;
    for (size_t i = 0; i < n_children(b); i++)
        if (child(b, i)->kind == AS_UNKNOWN)
            return AS_HCL_MAYBE;
    return equal_children(arena, a, b) == AS_HCL_TRUE ? AS_HCL_TRUE : AS_HCL_FALSE;
}

/* Of equal type, both known, neither null. */
static as_hcl_truth equal_known(as_arena *arena, const as_value *a, const as_value *b)
{
    bool equal;
    switch (as_type_kind_of(a)) {
    case AS_TYPE_BOOL:
        equal = a->as.boolean == b->as.boolean;
        break;
    case AS_TYPE_NUMBER:
        equal = as_num_cmp(a, b) == 0;
        break;
    case AS_TYPE_STRING:
        equal = as_str_eq(a->as.str, b->as.str);
        break;
    case AS_TYPE_SET:
        return equal_sets(arena, a, b);
    default:
        return equal_children(arena, a, b);
    }
    return equal ? AS_HCL_TRUE : AS_HCL_FALSE;
}

/* --- sets (cty set_internals.go) -------------------------------------------------------------- */

static void write_quoted(as_buf *out, as_str s)
{
    static const char escapes[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    as_buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *escape = c ? strchr(escapes, c) : NULL;
        if (escape)
            as_buf_fmt(out, "\\%c", letters[escape - escapes]);
        else if (c < 0x20 || c == 0x7f)
            as_buf_fmt(out, "\\x%02x", c);
        else
            as_buf_char(out, (char)c);
    }
    as_buf_char(out, '"');
}

/* The text by which cty orders elements that are neither strings, numbers nor bools. */
static void write_order_key(as_buf *out, const as_value *v)
{
    as_type_kind kind = as_type_kind_of(v);
    if (v->kind == AS_UNKNOWN) {
        as_buf_char(out, '?');
    } else if (v->kind == AS_NULL) {
        as_buf_char(out, '~');
    } else if (kind == AS_TYPE_NUMBER) {
        as_buf_fmt(out, "%.10g", as_num_to_double(v));
    } else if (kind == AS_TYPE_BOOL) {
        as_buf_char(out, v->as.boolean ? 'T' : 'F');
    } else if (kind == AS_TYPE_STRING) {
        write_quoted(out, v->as.str);
    } else {
        const char *brackets = kind == AS_TYPE_MAP                           ? "{}"
                               : kind == AS_TYPE_LIST || kind == AS_TYPE_SET ? "[]"
                                                                             : "<>";
        as_buf_char(out, brackets[0]);
        for (size_t i = 0; i < n_children(v); i++) {
            if (kind == AS_TYPE_MAP) {
                write_quoted(out, v->as.object->members[i].key);
                as_buf_char(out, ':');
            }
            write_order_key(out, child(v, i));
            as_buf_char(out, ';');
        }
        as_buf_char(out, brackets[1]);
    }
}

typedef struct set_entry {
    const as_value *value;
    as_str key; /* of elements that are no primitives */
    size_t place;
} set_entry;

static int rank(const as_value *v)
{
    return v->kind == AS_NULL ? 2 : v->kind == AS_UNKNOWN ? 1 : 0;
}

static int compare_values(const as_value *a, const as_value *b)
{
    if (rank(a) != rank(b) || rank(a) != 0)
        return rank(a) - rank(b);
    switch (as_type_kind_of(a)) {
    case AS_TYPE_STRING:
        return as_str_cmp(a->as.str, b->as.str);
    case AS_TYPE_NUMBER:
        return as_num_cmp(a, b);
    case AS_TYPE_BOOL:
        return a->as.boolean - b->as.boolean;
    default:
        return 0;
    }
}

static int compare_entries(const void *a, const void *b)
{
    const set_entry *x = a, *y = b;
    int order = compare_values(x->value, y->value);
    if (order == 0)
        order = as_str_cmp(x->key, y->key);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

int as_hcl_set_order(as_arena *arena, const as_type *element, const as_value *a, const as_value *b)
{
    int order = compare_values(a, b);
    if (order != 0 || as_type_is_primitive(element))
        return order;
    as_buf x, y;
    as_buf_init(&x, arena, 0);
    as_buf_init(&y, arena, 0);
    write_order_key(&x, a);
    write_order_key(&y, b);
    return as_str_cmp(as_buf_view(&x), as_buf_view(&y));
}

/* Whether an element equal to `entry` stands among those kept that have its order key. */
static bool is_repeat(as_arena *arena, const set_entry *kept, size_t n, const set_entry *entry)
{
    for (size_t i = n; i-- > 0;) {
        if (compare_values(kept[i].value, entry->value) != 0 || !as_str_eq(kept[i].key, entry->key))
            return false;
        if (as_hcl_equal(arena, kept[i].value, entry->value) == AS_HCL_TRUE)
            return true;
        if (entry->value->kind == AS_UNKNOWN)
            return false;
    }
    return false;
}

const as_value *as_hcl_set(as_arena *arena, as_span span, const as_type *element,
        const as_value *const *items, size_t n)
{
    set_entry *entries = AS_NEW_ARRAY(arena, set_entry, n);
    unsigned marks = 0;
    for (size_t i = 0; i < n; i++) {
        marks |= as_hcl_marks_deep(arena, items[i]);
        entries[i] = (set_entry){.value = as_hcl_unmark_deep(arena, items[i]), .place = i};
        if (!as_type_is_primitive(element)) {
            as_buf key;
            as_buf_init(&key, arena, 0);
            write_order_key(&key, entries[i].value);
            entries[i].key = as_buf_view(&key);
        }
    }
    if (n > 1)
        qsort(entries, n, sizeof *entries, compare_entries);
    size_t kept = 0;
    const as_value **unique = AS_NEW_ARRAY(arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        if (is_repeat(arena, entries, kept, &entries[i]))
            continue;
        entries[kept] = entries[i];
        unique[kept++] = entries[i].value;
    }
    const as_value *set =
            with_type(arena, as_value_list(arena, span, unique, kept), as_type_set(arena, element));
    return as_hcl_with_marks(arena, set, marks);
}

/* --- iterating -------------------------------------------------------------------------------- */

bool as_hcl_can_iterate(const as_value *v)
{
    return is_container(v);
}

size_t as_hcl_count(const as_value *v)
{
    return n_children(v);
}

const as_value *as_hcl_key_at(as_arena *arena, const as_value *v, size_t i)
{
    if (v->kind == AS_OBJECT) {
        const as_member *member = &v->as.object->members[i];
        return as_value_string(arena, member->key_span, member->key);
    }
    if (as_type_kind_of(v) == AS_TYPE_SET)
        return v->as.list.items[i];
    return as_value_int(arena, v->span, (int64_t)i);
}

const as_value *as_hcl_item_at(const as_value *v, size_t i)
{
    return child(v, i);
}

/* --- refinements ------------------------------------------------------------------------------ */

const as_hcl_refinement *as_hcl_refinement_of(const as_value *v)
{
    return v->kind == AS_UNKNOWN && v->meta ? v->meta->detail : NULL;
}

/* Delimiters that no later character can combine with. */
static bool ends_cluster(char c)
{
    return as_char_in(c, "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'");
}

/* As much of a prefix as what follows cannot change: all but the last character, unless that is a
 * delimiter (cty/ctystrings SafeKnownPrefix). */
static as_str safe_prefix(as_str prefix)
{
    size_t last = 0, at = 0;
    while (at < prefix.n) {
        last = at;
        at += as_grapheme_width(prefix, at);
    }
    if (prefix.n > 0 && last + 1 == prefix.n && ends_cluster(prefix.p[last]))
        return prefix;
    return as_str_slice(prefix, 0, last);
}

/* The one value that a refinement leaves possible, or as near to it as can be made; else NULL. */
static const as_value *settled(as_arena *arena, const as_value *v, const as_hcl_refinement *r)
{
    enum { MOST_ITEMS = 1024 };
    as_type_kind kind = as_type_kind_of(v);
    if (!r->not_null)
        return NULL;
    if (kind == AS_TYPE_NUMBER && r->min && r->max && !r->min_exclusive && !r->max_exclusive)
        return as_num_cmp(r->min, r->max) == 0 ? as_value_at(arena, r->min, v->span) : NULL;
    if (!as_type_is_collection(v->type) || r->min_length != r->max_length ||
            r->max_length > MOST_ITEMS)
        return NULL;
    size_t n = (size_t)r->max_length;
    if (kind == AS_TYPE_MAP)
        return n == 0 ? as_hcl_map(arena, v->span, v->type->element, NULL, 0) : NULL;
    if (kind == AS_TYPE_SET && n > 1)
        return NULL;
    const as_value **items = AS_NEW_ARRAY(arena, const as_value *, n);
    for (size_t i = 0; i < n; i++) {
        as_value *item = as_value_copy(
                arena, as_hcl_unknown(arena, v->span, v->type->element, as_value_reason(v)));
        items[i] = as_value_refs(v) ? as_value_with_refs(arena, item, as_value_refs(v)) : item;
    }
    as_value *made = as_value_copy(arena, as_value_list(arena, v->span, items, n));
    made->type = v->type;
    return made;
}

const as_value *as_hcl_refine(as_arena *arena, const as_value *v, as_hcl_refinement refinement)
{
    if (v->kind != AS_UNKNOWN || as_type_kind_of(v) == AS_TYPE_ANY)
        return v;
    refinement.prefix = safe_prefix(refinement.prefix);
    const as_value *known = settled(arena, v, &refinement);
    if (known) {
        as_value *copy = as_value_copy(arena, known);
        as_meta *meta = AS_NEW(arena, as_meta);
        if (v->meta)
            *meta = (as_meta){.refs = v->meta->refs, .trail = v->meta->trail};
        copy->meta = meta;
        copy->flags |= v->flags;
        return copy;
    }
    as_hcl_refinement *kept = AS_NEW(arena, as_hcl_refinement);
    *kept = refinement;
    as_meta *meta = AS_NEW(arena, as_meta);
    if (v->meta)
        *meta = *v->meta;
    meta->detail = kept;
    as_value *copy = as_value_copy(arena, v);
    copy->meta = meta;
    return copy;
}

const as_value *as_hcl_refine_not_null(as_arena *arena, const as_value *v)
{
    if (v->kind != AS_UNKNOWN || as_hcl_not_null(v))
        return v;
    const as_hcl_refinement *old = as_hcl_refinement_of(v);
    as_hcl_refinement refinement = old ? *old : (as_hcl_refinement){.max_length = -1};
    refinement.not_null = true;
    return as_hcl_refine(arena, v, refinement);
}

bool as_hcl_not_null(const as_value *v)
{
    if (v->kind != AS_UNKNOWN)
        return v->kind != AS_NULL;
    const as_hcl_refinement *r = as_hcl_refinement_of(v);
    return r && r->not_null;
}

void as_hcl_length_range(const as_value *v, int64_t *min, int64_t *max)
{
    *min = 0;
    *max = -1;
    if (is_container(v)) {
        *min = *max = (int64_t)n_children(v);
        if (as_type_kind_of(v) == AS_TYPE_SET && *min > 1 && as_value_has_unknown(v))
            *min = 1; /* unknown elements may turn out equal */
    } else if (v->kind == AS_UNKNOWN) {
        const as_hcl_refinement *r = as_hcl_refinement_of(v);
        if (r) {
            *min = r->min_length;
            *max = r->max_length;
        }
    }
}
