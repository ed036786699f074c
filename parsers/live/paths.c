/* Paths and templates of the table of answers. */
#include "engine/base/num.h"
#include "parsers/live/table.h"

/* Takes the first step off a path. */
static as_str next_step(as_str *path)
{
    as_str step;
    return as_str_split(path, '.', &step) ? step : AS_STR("");
}

static bool is_chosen(const as_value *element, as_str test)
{
    size_t equal = as_str_find_char(test, '=');
    const as_value *v = as_value_get(element, as_str_slice(test, 0, equal));
    if (equal == (size_t)-1) {
        return as_value_bool_or(v, false);
    }
    return as_str_eq(as_value_str(v), as_str_from_index(test, equal + 1));
}

static const as_value *choose(const as_value *list, as_str test)
{
    for (size_t i = 0; as_value_is(list, AS_LIST) && i < as_value_count(list); i++) {
        if (is_chosen(as_value_index(list, i), test)) {
            return as_value_index(list, i);
        }
    }
    return NULL;
}

const as_value *as_live_walk(const as_value *from, as_str path)
{
    if (as_str_is(path, "-")) {
        return NULL;
    }
    while (path.n > 0 && !as_str_is(path, ".") && !as_value_is_null(from)) {
        as_str step = next_step(&path);
        size_t test = as_str_find_char(step, '?');
        from = as_value_get(from, as_str_slice(step, 0, test));
        if (test != (size_t)-1) {
            from = choose(from, as_str_from_index(step, test + 1));
        }
    }
    return as_value_is_null(from) ? NULL : from;
}

void as_live_each(const as_value *from, as_str path, as_live_each_fn each, void *self, as_str *rest)
{
    size_t at = as_str_find(path, AS_STR("[]"));
    *rest = path;
    if (at == (size_t)-1) {
        return;
    }
    const as_value *list = as_live_walk(from, as_str_slice(path, 0, at));
    as_str below = as_str_from_index(path, at + 2);
    if (as_str_starts(below, ".")) {
        below = as_str_from_index(below, 1);
    }
    *rest = below;
    for (size_t i = 0; as_value_is(list, AS_LIST) && i < as_value_count(list); i++) {
        const as_value *item = as_value_index(list, i);
        if (as_str_contains(below, "[]")) {
            as_live_each(item, below, each, self, rest);
        } else {
            each(self, item, from);
        }
    }
}

/* --- templates -----------------------------------------------------------------------------------
 */

static as_str last_part(as_str text)
{
    for (size_t i = text.n; i > 0; i--) {
        if (text.p[i - 1] == '/' || text.p[i - 1] == ':') {
            return as_str_from_index(text, i);
        }
    }
    return text;
}

static as_str scalar_text(as_arena *arena, const as_value *v)
{
    if (as_value_is_number(v)) {
        as_buf buf;
        as_buf_init(&buf, arena, 64);
        as_value_write_json(&buf, v, (as_json_style){0});
        return as_buf_view(&buf);
    }
    return as_value_is(v, AS_BOOL) ? as_str_from(v->as.boolean ? "true" : "false")
                                   : as_value_str(v);
}

/* What a file does not tell, and nothing beside it, has a place in the name of what it holds. */
static as_str or_unknown(as_str text)
{
    return text.n > 0 ? text : AS_STR("unknown");
}

static as_str piece(as_arena *arena, as_str name, const as_live_context *c)
{
    size_t bar = as_str_find_char(name, '|');
    as_str path = as_str_slice(name, 0, bar), text;
    if (as_str_is(path, "@account")) {
        text = or_unknown(c->scope->account);
    } else if (as_str_is(path, "@region")) {
        text = or_unknown(c->scope->region);
    } else if (as_str_is(path, "@partition")) {
        text = c->scope->partition;
    } else if (as_str_starts(path, "$")) {
        text = scalar_text(arena, as_live_walk(c->params, as_str_from_index(path, 1)));
    } else if (as_str_starts(path, "^")) {
        text = scalar_text(arena, as_live_walk(c->parent, as_str_from_index(path, 1)));
    } else {
        text = scalar_text(arena, as_live_walk(c->item, path));
    }
    return bar != (size_t)-1 ? last_part(text) : text;
}

bool as_live_text(as_arena *arena, as_str text, const as_live_context *context, as_str *out)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    *out = AS_STR("");
    while (text.n > 0) {
        size_t open = as_str_find_char(text, '{');
        as_buf_str(&buf, as_str_slice(text, 0, open));
        if (open == (size_t)-1) {
            break;
        }
        size_t close = as_str_find_char(text, '}');
        if (close == (size_t)-1 || close < open) {
            return false;
        }
        as_str found = piece(arena, as_str_slice(text, open + 1, close), context);
        if (found.n == 0) {
            return false;
        }
        if (open == 0 && buf.n == 0 && close + 1 == text.n) {
            *out = found; /* nothing to put together */
            return true;
        }
        as_buf_str(&buf, found);
        text = as_str_from_index(text, close + 1);
    }
    *out = as_buf_view(&buf);
    return out->n > 0;
}
