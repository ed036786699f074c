/* Writing into YAML (and JSON, which is YAML's flow style): comments, indentation and styles stay.
 */
#include "engine/fix/internal.h"

#include <assert.h>

#include "engine/base/limits.h"

static bool is_plain(as_str s)
{
    static const char *const words[] = {
            "true", "false", "yes", "no", "on", "off", "null", "y", "n", NULL};
    bool plain = s.n > 0 && ((s.p[0] >= 'a' && s.p[0] <= 'z') || (s.p[0] >= 'A' && s.p[0] <= 'Z') ||
                                    s.p[0] == '/');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        plain = plain &&
                ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '_' || c == '-' || c == '.' || c == '/');
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        plain = plain && !as_str_ieq(s, as_str_from(words[i]));
    }
    return plain;
}

as_str as_yaml_literal(as_arena *arena, as_str json, as_str before)
{
    (void)arena;
    bool text = json.n >= 2 && json.p[0] == '"';
    as_str inner = text ? as_str_slice(json, 1, json.n - 1) : json;
    bool simple = text && as_str_find_char(inner, '\\') == (size_t)-1;
    if (simple && before.n > 0 && before.p[0] == '\'' &&
            as_str_find_char(inner, '\'') == (size_t)-1) {
        return as_str_fmt(arena, "'%.*s'", AS_STR_ARG(inner));
    }
    bool was_quoted = before.n > 0 && before.p[0] == '"';
    return simple && !was_quoted && is_plain(inner) ? inner : json;
}

/* --- where a value ends --------------------------------------------------------------------------
 */

/* Marks of block collections lie behind the blanks and comments that follow; the last scalar tells.
 */
static size_t tail_of(as_str text, const as_value *v, as_span within, int depth)
{
    size_t end = v->span.end;
    bool flow = v->span.begin < text.n &&
                (text.p[v->span.begin] == '{' || text.p[v->span.begin] == '[');
    bool inside = v->span.file == within.file && v->span.begin >= within.begin &&
                  v->span.end <= within.end;
    if (!inside) {
        return 0; /* of an alias */
    }
    if (v->kind == AS_OBJECT && !flow && v->as.object->n > 0 && depth < AS_MAX_DEPTH) {
        end = 0;
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            bool own = m->key_span.begin >= within.begin && m->key_span.end <= within.end;
            size_t key = own ? m->key_span.end : 0,
                   own_end = tail_of(text, m->value, within, depth + 1);
            end = key > end ? key : end;
            end = own_end > end ? own_end : end;
        }
        return end;
    }
    if (v->kind == AS_LIST && !flow && v->as.list.n > 0 && depth < AS_MAX_DEPTH) {
        end = 0;
        for (size_t i = 0; i < v->as.list.n; i++) {
            size_t own_end = tail_of(text, v->as.list.items[i], within, depth + 1);
            end = own_end > end ? own_end : end;
        }
        return end;
    }
    while (end > v->span.begin &&
            (text.p[end - 1] == ' ' || text.p[end - 1] == '\n' || text.p[end - 1] == '\r')) {
        end--;
    }
    return end;
}

/* --- rendering -----------------------------------------------------------------------------------
 */

static void write_key(as_buf *out, as_str name, bool json)
{
    if (!json && is_plain(name)) {
        as_buf_str(out, name);
    } else {
        as_buf_json_string(out, name);
    }
}

static bool is_first_of_name(const as_leaves *leaves, size_t depth, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (as_str_eq(leaves->items[k].names[depth], leaves->items[i].names[depth])) {
            return false;
        }
    }
    return true;
}

static as_leaves leaves_below(as_arena *arena, const as_leaves *leaves, size_t depth, size_t i)
{
    as_leaves same = {0};
    for (size_t k = i; k < leaves->n; k++) {
        if (as_str_eq(leaves->items[k].names[depth], leaves->items[i].names[depth])) {
            AS_VEC_PUSH(arena, &same, leaves->items[k]);
        }
    }
    return same;
}

/* Lines without the end of the last. */
static void render_block(as_buf *out, const as_leaves *leaves, size_t depth, size_t indent)
{
    bool first = true;
    for (size_t i = 0; i < leaves->n && depth < 32; i++) {
        const as_leaf *leaf = &leaves->items[i];
        if (!is_first_of_name(leaves, depth, i)) {
            continue;
        }
        as_buf_cstr(out, first ? "" : "\n");
        first = false;
        as_buf_repeat(out, ' ', indent);
        write_key(out, leaf->names[depth], false);
        if (leaf->n == depth + 1) {
            as_buf_fmt(
                    out, ": %.*s", AS_STR_ARG(as_yaml_literal(out->arena, leaf->json, AS_STR(""))));
            continue;
        }
        as_leaves same = leaves_below(out->arena, leaves, depth, i);
        as_buf_cstr(out, ":\n");
        render_block(out, &same, depth + 1, indent + 2);
    }
}

static void render_flow(as_buf *out, const as_leaves *leaves, size_t depth, bool json)
{
    bool first = true;
    for (size_t i = 0; i < leaves->n && depth < 32; i++) {
        const as_leaf *leaf = &leaves->items[i];
        if (!is_first_of_name(leaves, depth, i)) {
            continue;
        }
        as_buf_cstr(out, first ? "" : ", ");
        first = false;
        write_key(out, leaf->names[depth], json);
        as_buf_cstr(out, ": ");
        if (leaf->n == depth + 1) {
            as_buf_str(
                    out, json ? leaf->json : as_yaml_literal(out->arena, leaf->json, AS_STR("")));
            continue;
        }
        as_leaves same = leaves_below(out->arena, leaves, depth, i);
        as_buf_cstr(out, "{ ");
        render_flow(out, &same, depth + 1, json);
        as_buf_cstr(out, " }");
    }
}

/* --- inserting -----------------------------------------------------------------------------------
 */

static void add_edit(as_planner *p, const as_source *source, size_t begin, size_t end, as_str text,
        as_edits *edits)
{
    AS_VEC_PUSH(p->arena, edits, (as_edit){{source->id, (uint32_t)begin, (uint32_t)end}, text});
}

static void insert_flow(
        as_planner *p, const as_source *source, const as_target *target, as_edits *edits)
{
    as_str text = source->text;
    size_t close = target->span.end;
    while (close > target->span.begin && text.p[close - 1] != '}') {
        close--;
    }
    close--;
    size_t at = close;
    while (at > target->span.begin + 1 && (text.p[at - 1] == ' ' || text.p[at - 1] == '\n')) {
        at--;
    }
    bool empty = as_value_count(target->holder) == 0, json = as_str_ends(source->path, ".json");
    bool lines = !empty && as_line_begin(text, at) != as_line_begin(text, close);
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    if (empty) {
        at = close;
    }
    if (lines) {
        as_buf_cstr(&out, text.p[at - 1] == ',' ? "\n" : ",\n");
        as_buf_repeat(&out, ' ', as_line_indent(text, at));
    } else {
        as_buf_cstr(&out, empty ? " " : text.p[at - 1] == ',' ? " " : ", ");
    }
    render_flow(&out, &target->leaves, 0, json);
    if (empty) {
        as_buf_char(&out, ' ');
    }
    add_edit(p, source, at, at, as_buf_view(&out), edits);
}

/* `name:` with nothing, null or ~ behind it gets what is missing below it. */
static as_str fill_null(as_planner *p, const as_source *source, const as_target *target,
        const as_member *member, as_edits *edits)
{
    as_str text = source->text;
    as_leaves same = {0};
    for (size_t i = 0; i < target->leaves.n; i++) {
        if (as_str_eq(target->leaves.items[i].names[0], member->key)) {
            AS_VEC_PUSH(p->arena, &same, target->leaves.items[i]);
        }
    }
    assert(same.items != NULL);
    size_t colon = member->key_span.end;
    while (colon < text.n && text.p[colon] != ':' && text.p[colon] != '\n') {
        colon++;
    }
    if (colon >= text.n || text.p[colon] != ':') {
        return AS_STR("what stands there cannot be edited");
    }
    bool empty = member->value->span.end <= member->value->span.begin;
    size_t begin = empty ? colon + 1 : member->value->span.begin;
    size_t end = empty ? colon + 1 : member->value->span.end;
    size_t column = member->key_span.begin - as_line_begin(text, member->key_span.begin);
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    if (same.items[0].n == 1) {
        as_buf_cstr(&out, empty ? " " : "");
        as_buf_str(&out, as_yaml_literal(p->arena, same.items[0].json, AS_STR("")));
    } else if (empty) {
        as_buf_char(&out, '\n');
        render_block(&out, &same, 1, column + 2);
    } else {
        as_buf_cstr(&out, "{ ");
        render_flow(&out, &same, 1, as_str_ends(source->path, ".json"));
        as_buf_cstr(&out, " }");
    }
    add_edit(p, source, begin, end, as_buf_view(&out), edits);
    return AS_STR("");
}

static void insert_block(
        as_planner *p, const as_source *source, const as_target *target, as_edits *edits)
{
    as_str text = source->text;
    const as_member *first = &target->holder->as.object->members[0];
    size_t column = first->key_span.begin - as_line_begin(text, first->key_span.begin);
    size_t at = as_line_end(text, tail_of(text, target->holder, target->span, 0));
    as_buf out;
    as_buf_init(&out, p->arena, 0);
    as_buf_char(&out, '\n');
    render_block(&out, &target->leaves, 0, column);
    add_edit(p, source, at, at, as_buf_view(&out), edits);
}

as_str as_yaml_insert(
        as_planner *p, const as_source *source, const as_target *target, as_edits *edits)
{
    as_target rest = *target;
    rest.leaves = (as_leaves){0};
    for (size_t i = 0; i < target->leaves.n; i++) {
        const as_leaf *leaf = &target->leaves.items[i];
        const as_member *there = as_value_member(target->holder, leaf->names[0]);
        if (there == NULL) {
            AS_VEC_PUSH(p->arena, &rest.leaves, *leaf);
        } else if (!as_value_is_null(there->value)) {
            return as_str_fmt(
                    p->arena, "%.*s is there, but no mapping", AS_STR_ARG(leaf->names[0]));
        } else if (is_first_of_name(&target->leaves, 0, i)) {
            as_str problem = fill_null(p, source, target, there, edits);
            if (problem.n > 0) {
                return problem;
            }
        }
    }
    if (rest.leaves.n == 0) {
        return AS_STR("");
    }
    as_str text = source->text;
    bool flow = target->span.begin < text.n && text.p[target->span.begin] == '{';
    if (flow) {
        insert_flow(p, source, &rest, edits);
    } else if (as_value_count(target->holder) == 0) {
        return AS_STR("there is nothing to set it in");
    } else {
        insert_block(p, source, &rest, edits);
    }
    return AS_STR("");
}

as_str as_yaml_replace(as_planner *p, const as_source *source, const as_target *target, as_str name,
        const as_value *value, as_str json, as_edits *edits)
{
    (void)name;
    if (as_value_trail(value) != NULL) {
        return as_origin_replace(p, value, json, edits);
    }
    as_span at = value->span;
    if (at.file != source->id || at.begin < target->span.begin || at.end > target->span.end) {
        return AS_STR("its value is written elsewhere");
    }
    size_t end = value->kind == AS_LIST || value->kind == AS_OBJECT
                         ? tail_of(source->text, value, at, 0)
                         : at.end;
    as_str before = as_str_slice(source->text, at.begin, end);
    as_str literal =
            as_str_ends(source->path, ".json") ? json : as_yaml_literal(p->arena, json, before);
    if (!as_str_eq(literal, before)) {
        add_edit(p, source, at.begin, end, literal, edits);
    }
    return AS_STR("");
}
