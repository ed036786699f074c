#include "parsers/live/table.h"

#include "engine/rules/embedded.h"

enum { MAX_COLUMNS = 16 };

as_live_rows as_live_rows_of(const as_map *by, as_str key)
{
    const as_live_rows *rows = as_map_get(by, key);
    return rows != NULL ? *rows : (as_live_rows){0};
}

static void index_row(as_arena *arena, as_map *map, as_str key, const as_live_row *row)
{
    as_live_rows *rows = as_map_get(map, key);
    if (rows == NULL) {
        rows = AS_NEW(arena, as_live_rows);
        as_map_put(arena, map, key, rows);
    }
    AS_VEC_PUSH(arena, rows, row);
}

static void read_when(as_live_row *row, as_str text)
{
    static const struct {
        const char *sign;
        as_live_test test;
    } tests[] = {{"==", AS_LIVE_EQ}, {"!=", AS_LIVE_NE}, {"=^", AS_LIVE_STARTS},
            {"!^", AS_LIVE_STARTS_NOT}};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        size_t at = as_str_find(text, as_str_from(tests[i].sign));
        if (at != (size_t)-1) {
            row->has_when = true;
            row->test = tests[i].test;
            row->left = as_str_slice(text, 0, at);
            row->right = as_str_from_index(text, at + 2);
            return;
        }
    }
}

static bool made_of(as_str text, as_live_made *out)
{
    size_t colon = as_str_find_char(text, ':');
    if (colon == (size_t)-1) {
        return false;
    }
    *out = (as_live_made){as_str_slice(text, 0, colon), as_str_from_index(text, colon + 1)};
    return true;
}

static void read_option(as_arena *arena, as_live_row *row, as_str option)
{
    size_t equal = as_str_find_char(option, '=');
    as_str word = as_str_slice(option, 0, equal), code;
    as_str value = equal == (size_t)-1 ? AS_STR("") : as_str_from_index(option, equal + 1);
    as_live_made made;
    if (as_str_is(word, "absent")) {
        while (as_str_split(&value, ',', &code)) {
            AS_VEC_PUSH(arena, &row->absent, code);
        }
    } else if (as_str_is(word, "when")) {
        read_when(row, value);
    } else if (as_str_is(word, "set") && made_of(value, &made)) {
        AS_VEC_PUSH(arena, &row->sets, made);
    } else if (as_str_is(word, "lift") && made_of(value, &made)) {
        AS_VEC_PUSH(arena, &row->lifts, made);
    }
    row->region = as_str_is(word, "region") ? value : row->region;
    row->tags = row->tags || as_str_is(word, "tags");
    row->csv = row->csv || as_str_is(word, "csv");
    row->as_map = row->as_map || as_str_is(word, "map");
    row->expect = row->expect || as_str_is(word, "expect");
    row->optional = row->optional || as_str_is(word, "optional");
}

static void read_row(as_arena *arena, as_live_table *table, as_str line)
{
    as_str fields[MAX_COLUMNS] = {{0}}, part;
    size_t n = 0, options;
    while (n < MAX_COLUMNS && as_str_split(&line, '\t', &part)) {
        fields[n++] = part;
    }
    as_live_row row = {.op = fields[1], .is_join = as_str_is(fields[0], "join")};
    if (row.is_join && n >= 7) {
        row.type = fields[2];
        row.key = fields[3];
        row.owner = fields[4];
        row.path = fields[5];
        row.into = fields[6];
        options = 7;
    } else if (as_str_is(fields[0], "entity") && n >= 6) {
        row.path = fields[2];
        row.type = fields[3];
        row.id = fields[4];
        row.name = fields[5];
        options = 6;
    } else {
        return;
    }
    for (size_t i = options; i < n; i++) {
        read_option(arena, &row, fields[i]);
    }
    row.index = (uint32_t)table->rows.n;
    AS_VEC_PUSH(arena, &table->rows, row);
}

const as_live_table *as_live_table_read(as_arena *arena, as_str text)
{
    as_live_table *table = AS_NEW(arena, as_live_table);
    as_str line;
    while (as_str_split(&text, '\n', &line)) {
        if (line.n > 0 && line.p[0] != '#') {
            read_row(arena, table, line);
        }
    }
    for (size_t i = 0; i < table->rows.n; i++) {
        const as_live_row *row = &table->rows.items[i];
        index_row(arena, &table->by_op, row->op, row);
        if (row->is_join) {
            index_row(arena, &table->by_type, row->type, row);
        }
    }
    return table;
}

const as_live_table *as_live_table_aws(as_arena *arena)
{
    return as_live_table_read(
            arena, as_embedded_text(as_live_files, as_live_files_n, "/live_aws.tsv"));
}
