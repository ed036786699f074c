/* Metadata as embed.lua's `record` writes it: numbers of four bytes, least first; texts with their
 * length before them and a NUL behind. */
#include "engine/rules/pack.h"

#include "engine/base/arena.h"

as_str as_pack_text(as_pack_piece piece)
{
    return (as_str){as_pack_bytes + piece.offset, piece.n};
}

static uint32_t take_number(const char **at)
{
    const unsigned char *p = (const unsigned char *)*at;
    *at += 4;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static as_str take_text(const char **at)
{
    size_t n = take_number(at);
    as_str text = {*at, n};
    *at += n + 1;
    return text;
}

static as_strs take_texts(as_arena *arena, const char **at)
{
    size_t n = take_number(at);
    as_str *items = AS_NEW_ARRAY(arena, as_str, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = take_text(at);
    }
    return (as_strs){items, n};
}

static void take_aliases(as_arena *arena, const char **at, as_rule *rule)
{
    rule->n_aliases = take_number(at);
    as_alias *list = AS_NEW_ARRAY(arena, as_alias, rule->n_aliases);
    for (size_t i = 0; i < rule->n_aliases; i++) {
        list[i].id = take_text(at);
        list[i].fail_case = take_text(at);
    }
    rule->aliases = list;
}

static void take_fixes(as_arena *arena, const char **at, as_rule *rule)
{
    rule->n_fixes = take_number(at);
    as_fix *list = AS_NEW_ARRAY(arena, as_fix, rule->n_fixes);
    for (size_t i = 0; i < rule->n_fixes; i++) {
        list[i].field = take_text(at);
        list[i].value = take_text(at);
        list[i].json = take_text(at);
        list[i].title = take_text(at);
        list[i].fail_case = take_text(at);
    }
    rule->fixes = rule->n_fixes == 0 ? NULL : list;
}

static void take_classes(as_arena *arena, const char **at, as_rule *rule)
{
    rule->n_classes = take_number(at);
    as_class_severity *list = AS_NEW_ARRAY(arena, as_class_severity, rule->n_classes);
    for (size_t i = 0; i < rule->n_classes; i++) {
        list[i].name = take_text(at);
        if (!as_severity_parse(take_text(at), &list[i].severity)) {
            list[i].severity = AS_SEVERITY_NONE;
        }
    }
    rule->classes = list;
}

as_rule as_pack_rule(as_arena *arena, const as_pack_entry *entry)
{
    const char *at = as_pack_bytes + entry->meta.offset;
    as_rule rule = {.id = entry->id, .file = entry->file, .targets = entry->kinds, .builtin = true};
    rule.title = take_text(&at);
    if (!as_severity_parse(take_text(&at), &rule.severity)) {
        rule.severity = AS_SEVERITY_MEDIUM; /* embed.lua lets no other word through */
    }
    rule.category = take_text(&at);
    rule.description = take_text(&at);
    rule.remediation = take_text(&at);
    rule.references = take_texts(arena, &at);
    rule.frameworks = take_texts(arena, &at);
    take_aliases(arena, &at, &rule);
    take_fixes(arena, &at, &rule);
    rule.line = take_number(&at);
    rule.deprecated = take_number(&at) != 0;
    rule.version = (int)take_number(&at);
    rule.changes = take_texts(arena, &at);
    rule.yields_to = take_texts(arena, &at);
    take_classes(arena, &at, &rule);
    return rule;
}
