#include "parsers/live/aws/scalar.h"

#include <math.h>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "parsers/json/json.h"

/* --- times: "2026-01-31T00:00:00+00:00", as the CLI ------------------------------------------- */

static const as_value *time_of_seconds(as_arena *arena, double seconds)
{
    if (!(seconds > -62135596800.0 && seconds < 253402300800.0)) /* the years 1 to 9999 */
        return as_value_float(arena, AS_SPAN_NONE, seconds);
    as_str text = as_clock_time(arena, (int64_t)floor(seconds));
    return as_value_string(arena, AS_SPAN_NONE,
            as_str_fmt(arena, "%.*s+00:00", AS_STR_ARG(as_str_slice(text, 0, text.n - 1))));
}

/* "2026-01-31T00:00:00.000Z" loses its fraction; other forms stay. */
static const as_value *time_of_text(as_arena *arena, as_str text)
{
    bool iso = text.n >= 20 && text.p[4] == '-' && text.p[10] == 'T' && as_str_ends(text, "Z");

    if (iso)
        text = as_str_fmt(arena, "%.19s+00:00", text.p);
    return as_value_string(arena, AS_SPAN_NONE, text);
}

/* --- policies of IAM -------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static as_str percent_decoded(as_arena *arena, as_str text)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    for (size_t i = 0; i < text.n; i++) {
        int high = text.p[i] == '%' && i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.p[i + 2]) : -1;
        if (low >= 0) {
            as_buf_char(&out, (char)(high * 16 + low));
            i += 2;
        } else {
            as_buf_char(&out, text.p[i]);
        }
    }
    return as_buf_view(&out);
}

static const as_value *policy(as_arena *arena, as_str text)
{
    as_str decoded = percent_decoded(arena, text);
    as_diags ignored;

    as_diags_init(&ignored, arena);
    const as_value *v = as_json_parse_text(arena, decoded, AS_SPAN_NONE, &ignored);
    return as_value_is(v, AS_OBJECT) ? v : as_value_string(arena, AS_SPAN_NONE, decoded);
}

/* --- XML -------------------------------------------------------------------------------------- */

const as_value *as_aws_scalar(as_arena *arena, char kind, as_str text)
{
    as_str trimmed = as_str_trim(text);
    const as_value *number;

    switch (kind) {
    case 'i':
    case 'f':
        if (as_value_number(arena, AS_SPAN_NONE, trimmed, &number))
            return number;
        break;
    case 'b':
        if (as_str_ieq(trimmed, AS_STR("true")) || as_str_ieq(trimmed, AS_STR("false")))
            return as_value_bool(arena, AS_SPAN_NONE, as_str_ieq(trimmed, AS_STR("true")));
        break;
    case 't':
        return time_of_text(arena, trimmed);
    case 'p':
        return policy(arena, trimmed);
    default:
        break;
    }
    return as_value_string(arena, AS_SPAN_NONE, text);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static const as_value *convert(
        as_arena *arena, const as_value *v, const as_aws_type *type, int depth);

static const as_aws_member *member_on_wire(const as_aws_shape *shape, as_str wire)
{
    for (size_t i = 0; i < shape->n; i++)
        if (as_str_eq(shape->members[i].wire, wire))
            return &shape->members[i];
    return NULL;
}

static const as_value *convert_object(
        as_arena *arena, const as_value *v, const as_aws_shape *shape, int depth)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_member *m = &v->as.object->members[i];
        const as_aws_member *known =
                shape->kind == 's' ? member_on_wire(shape, m->key) : &shape->members[0];
        as_str name = known && shape->kind == 's' ? known->name : m->key;
        as_object_add(&b, name, m->key_span,
                known ? convert(arena, m->value, &known->type, depth + 1) : m->value);
    }
    return as_object_end(&b, v->span);
}

static const as_value *convert(
        as_arena *arena, const as_value *v, const as_aws_type *type, int depth)
{
    as_list_builder b;

    if (type->kind == 't' && as_value_is_number(v))
        return time_of_seconds(arena, as_value_to_double(v));
    if (type->kind == 't' && as_value_is(v, AS_STRING))
        return time_of_text(arena, v->as.str);
    if (type->kind != '@' || depth > AS_MAX_DEPTH)
        return v;
    if (as_value_is(v, AS_OBJECT) && type->shape->kind != 'l')
        return convert_object(arena, v, type->shape, depth);
    if (!as_value_is(v, AS_LIST) || type->shape->kind != 'l')
        return v;
    as_list_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(v); i++)
        as_list_add(
                &b, convert(arena, as_value_index(v, i), &type->shape->members[0].type, depth + 1));
    return as_list_end(&b, v->span);
}

/* Members that are null are left out, as by the SDKs: they say no more than absent ones. */
static const as_value *without_nulls(as_arena *arena, const as_value *v, int depth)
{
    as_object_builder object;
    as_list_builder list;

    if (depth > AS_MAX_DEPTH)
        return v;
    if (as_value_is(v, AS_LIST)) {
        as_list_begin(&list, arena);
        for (size_t i = 0; i < as_value_count(v); i++)
            as_list_add(&list, without_nulls(arena, as_value_index(v, i), depth + 1));
        return as_list_end(&list, v->span);
    }
    if (!as_value_is(v, AS_OBJECT))
        return v;
    as_object_begin(&object, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_member *m = &v->as.object->members[i];
        if (!as_value_is_null(m->value))
            as_object_add(&object, m->key, m->key_span, without_nulls(arena, m->value, depth + 1));
    }
    return as_object_end(&object, v->span);
}

const as_value *as_aws_json_answer(
        as_arena *arena, const as_aws_operation *op, const as_value *body)
{
    as_object_builder b;

    body = without_nulls(arena, body, 0);

    if (op->output.kind != 0)
        body = convert(arena, body, &op->output, 0);
    if (op->payload.n == 0)
        return body;
    as_object_begin(&b, arena);
    as_object_add(&b, op->payload, AS_SPAN_NONE, body);
    return as_object_end(&b, AS_SPAN_NONE);
}
