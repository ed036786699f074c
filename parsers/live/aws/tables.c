#include "parsers/live/aws/tables.h"

#include <assert.h>

#include "engine/rules/embedded.h"
#include "parsers/json/json.h"

enum { MAX_COLUMNS = 10 };

typedef struct row {
    as_str columns[MAX_COLUMNS]; /* empty beyond the last */
} row;

/* The next line of a table that is no comment. */
static bool next_row(as_str *rest, row *out)
{
    as_str line;

    while (rest->n > 0 && as_str_split(rest, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#')
            continue;
        *out = (row){0};
        for (size_t i = 0; i < MAX_COLUMNS; i++) {
            size_t tab = as_str_find_char(line, '\t');
            out->columns[i] = as_str_slice(line, 0, tab);
            if (tab == (size_t)-1)
                break;
            line = as_str_from_index(line, tab + 1);
        }
        return true;
    }
    return false;
}

static as_str text_of(const char *name)
{
    as_str text = as_embedded_text(as_aws_files, as_aws_files_n, name);
    assert(text.n > 0); /* the table is built in */
    return text;
}

/* The part of *rest before `sep`. */
static as_str part(as_str *rest, char sep)
{
    as_str found = AS_STR("");

    if (rest->n > 0)
        (void)as_str_split(rest, sep, &found);
    return found;
}

/* --- operations ------------------------------------------------------------------------------- */

static as_aws_protocol protocol_of(as_str name)
{
    static const char *const names[] = {
            "query", "ec2", "json1.0", "json1.1", "rest-xml", "rest-json"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (as_str_is(name, names[i]))
            return (as_aws_protocol)i;
    assert(false); /* a protocol that nobody speaks */
    return AS_AWS_QUERY;
}

static size_t split_names(as_str text, as_str *out)
{
    size_t n = 0;
    as_str name;

    while (text.n > 0 && n < AS_AWS_MAX_TOKENS && as_str_split(&text, '+', &name))
        out[n++] = name;
    return n;
}

/* "Marker<NextMarker limit=MaxItems items=Users" */
static void read_paginator(as_aws_operation *op, as_str text)
{
    as_str word, tokens = part(&text, ' ');
    as_str in = part(&tokens, '<');

    op->n_tokens = split_names(in, op->token_in);
    (void)split_names(tokens, op->token_out);
    while (text.n > 0 && as_str_split(&text, ' ', &word))
        if (as_str_starts(word, "limit="))
            op->limit = as_str_from_index(word, strlen("limit="));
}

static void read_operations(as_arena *arena, as_aws_tables *tables)
{
    as_str rest = text_of("aws_operations.tsv");
    row r;

    while (next_row(&rest, &r)) {
        as_aws_operation *op = AS_NEW(arena, as_aws_operation);
        *op = (as_aws_operation){.service = r.columns[0],
                .signing = r.columns[1],
                .protocol = protocol_of(r.columns[2]),
                .version = r.columns[3],
                .target = r.columns[4],
                .name = r.columns[5],
                .http = r.columns[6],
                .action = r.columns[8]};
        op->id = as_str_fmt(arena, "%.*s:%.*s", AS_STR_ARG(op->service), AS_STR_ARG(op->name));
        read_paginator(op, r.columns[7]);
        as_map_put(arena, &tables->operations, op->id, op);
    }
}

const as_aws_operation *as_aws_operation_find(const as_aws_tables *tables, as_str id)
{
    return as_map_get(&tables->operations, id);
}

/* --- shapes ----------------------------------------------------------------------------------- */

static as_str shape_key(as_arena *arena, as_str service, as_str name)
{
    return as_str_fmt(arena, "%.*s %.*s", AS_STR_ARG(service), AS_STR_ARG(name));
}

static as_aws_shape *shape_of(as_arena *arena, as_aws_tables *tables, as_str service, as_str name)
{
    as_str key = shape_key(arena, service, name);
    as_aws_shape *shape = as_map_get(&tables->shapes, key);

    if (!shape) {
        shape = AS_NEW(arena, as_aws_shape);
        as_map_put(arena, &tables->shapes, key, shape);
    }
    return shape;
}

static as_aws_type type_of(as_arena *arena, as_aws_tables *tables, as_str service, as_str text)
{
    as_aws_type type = {0};

    if (as_str_starts(text, "~")) {
        type.flat = true;
        text = as_str_from_index(text, 1);
    }
    assert(text.n > 0);
    type.kind = text.p[0];
    if (type.kind == '@')
        type.shape = shape_of(arena, tables, service, as_str_from_index(text, 1));
    return type;
}

/* "Name:wire:type", "wire:type" of a list, "key:value:type" of a map */
static as_aws_member member_of(
        as_arena *arena, as_aws_tables *tables, as_str service, char kind, as_str text)
{
    as_aws_member m = {0};

    if (kind != 'l')
        m.name = part(&text, ':');
    m.wire = part(&text, ':');
    if (as_str_starts(m.wire, "!")) {
        m.attribute = true;
        m.wire = as_str_from_index(m.wire, 1);
    }
    m.type = type_of(arena, tables, service, text);
    return m;
}

static void read_shape(as_arena *arena, as_aws_tables *tables, const row *r)
{
    as_aws_shape *shape = shape_of(arena, tables, r->columns[1], r->columns[2]);
    AS_VEC(as_aws_member) members = {0};
    as_str rest = r->columns[4], word;

    shape->kind = r->columns[3].p[0];
    while (rest.n > 0 && as_str_split(&rest, ' ', &word))
        AS_VEC_PUSH(arena, &members, member_of(arena, tables, r->columns[1], shape->kind, word));
    shape->members = members.items;
    shape->n = members.n;
}

static void read_inputs(as_arena *arena, as_aws_operation *op, as_str rest)
{
    AS_VEC(as_aws_input) inputs = {0};
    as_str word;

    while (rest.n > 0 && as_str_split(&rest, ' ', &word)) {
        as_aws_input input = {.name = part(&word, ':')};
        input.place = part(&word, ':').p[0];
        input.wire = part(&word, ':');
        input.type = word;
        AS_VEC_PUSH(arena, &inputs, input);
    }
    op->inputs = inputs.items;
    op->n_inputs = inputs.n;
}

/* "WRAPPER/@Shape" or "=Member:@Shape" */
static void read_output(as_arena *arena, as_aws_tables *tables, as_aws_operation *op, as_str text)
{
    if (text.n == 0)
        return;
    if (as_str_starts(text, "=")) {
        text = as_str_from_index(text, 1);
        op->payload = part(&text, ':');
    } else {
        size_t slash = as_str_find_char(text, '/');
        op->wrapper = as_str_slice(text, 0, slash);
        text = as_str_from_index(text, slash + 1);
    }
    op->output = type_of(arena, tables, op->service, text);
}

static void read_shapes(as_arena *arena, as_aws_tables *tables)
{
    as_str rest = text_of("aws_shapes.tsv");
    as_map services = {0};
    row r;

    while (next_row(&rest, &r)) {
        if (as_str_is(r.columns[0], "service")) {
            row *service = AS_NEW(arena, row);
            *service = r;
            as_map_put(arena, &services, r.columns[1], service);
        } else if (as_str_is(r.columns[0], "op")) {
            as_aws_operation *op = as_map_get(&tables->operations, r.columns[1]);
            assert(op);
            const row *service = as_map_get(&services, op->service);
            assert(service);
            op->host_prefix = service->columns[2];
            op->regions = service->columns[3];
            read_inputs(arena, op, r.columns[2]);
            read_output(arena, tables, op, r.columns[3]);
        } else {
            read_shape(arena, tables, &r);
        }
    }
}

/* --- the plan --------------------------------------------------------------------------------- */

static as_aws_scope scope_of(as_str word)
{
    if (as_str_is(word, "account"))
        return AS_AWS_ACCOUNT;
    return as_str_is(word, "region") ? AS_AWS_REGION : AS_AWS_INHERITED;
}

static void read_plan(as_arena *arena, as_aws_tables *tables)
{
    as_str rest = text_of("aws_plan.tsv");
    AS_VEC(as_aws_step) steps = {0};
    as_diags diags;
    row r;

    as_diags_init(&diags, arena);
    while (next_row(&rest, &r)) {
        as_aws_step step = {.scope = scope_of(r.columns[0]),
                .operation = as_aws_operation_find(tables, r.columns[1]),
                .after = r.columns[2],
                .items = r.columns[3],
                .when = r.columns[5],
                .absent = as_str_trim(r.columns[6]),
                .redact = as_str_trim(r.columns[7])};
        if (r.columns[4].n > 0)
            step.params = as_json_parse_text(arena, r.columns[4], AS_SPAN_NONE, &diags);
        assert(step.operation && (r.columns[4].n == 0 || step.params));
        AS_VEC_PUSH(arena, &steps, step);
    }
    tables->steps = steps.items;
    tables->n_steps = steps.n;
}

const as_aws_tables *as_aws_tables_load(as_arena *arena)
{
    as_aws_tables *tables = AS_NEW(arena, as_aws_tables);

    read_operations(arena, tables);
    read_shapes(arena, tables);
    read_plan(arena, tables);
    return tables;
}
