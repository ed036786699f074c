/* Keys and words are compared without case, separators and what stands before a slash, as
 * rules/lib/tags.lua does: "acme.com/Data-Class" is "dataclass". */
#include "engine/rules/classify.h"

#include "engine/schema/schema.h"

enum { MAX_FOLDED = 64 };

static const char *const keys[] = {"dataclassification", "classification", "dataclass",
        "confidentiality", "datasensitivity", "sensitivity", NULL};

/* Of several that a word contains the first counts. */
static const struct {
    const char *part, *class;
} words[] = {
        {"regulat", "regulated"},
        {"pci", "regulated"},
        {"pii", "regulated"},
        {"phi", "regulated"},
        {"hipaa", "regulated"},
        {"gdpr", "regulated"},
        {"restrict", "regulated"},
        {"confidential", "confidential"},
        {"secret", "confidential"},
        {"sensitive", "confidential"},
        {"private", "confidential"},
        {"internal", "internal"},
        {"public", "public"},
        {"open", "public"},
};

/* Into `out`; longer words are no classification. */
static as_str fold(as_str text, char out[MAX_FOLDED])
{
    size_t slash = as_str_rfind_char(text, '/'), n = 0;

    for (size_t i = slash == (size_t)-1 ? 0 : slash + 1; i < text.n; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (counts && n < MAX_FOLDED)
            out[n++] = c;
    }
    return (as_str){out, n};
}

static bool equal_folded(as_str folded, as_str other)
{
    char buffer[MAX_FOLDED];

    return as_str_eq(folded, fold(other, buffer));
}

static bool is_key(const as_config *config, as_str key)
{
    char buffer[MAX_FOLDED];
    as_str folded = fold(key, buffer);

    for (size_t i = 0; config && i < config->classes.keys.n; i++)
        if (equal_folded(folded, config->classes.keys.items[i]))
            return true;
    for (size_t i = 0; keys[i]; i++)
        if (as_str_is(folded, keys[i]))
            return true;
    return false;
}

static as_str class_of(const as_config *config, as_str word)
{
    const as_value *values = config ? config->classes.values : NULL;
    char buffer[MAX_FOLDED];
    as_str folded = fold(word, buffer);

    for (size_t i = 0; values && i < values->as.object->n; i++)
        if (equal_folded(folded, values->as.object->members[i].key))
            return as_value_str(values->as.object->members[i].value);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (as_str_contains(folded, words[i].part))
            return as_str_from(words[i].class);
    return AS_STR("");
}

static as_str told_by_tags(as_arena *arena, const as_config *config, const as_entity *entity)
{
    const as_value *tags = as_tags_read(arena, entity).value;

    for (size_t i = 0; as_value_is(tags, AS_OBJECT) && i < tags->as.object->n; i++) {
        const as_member *tag = &tags->as.object->members[i];
        if (as_value_is(tag->value, AS_STRING) && is_key(config, tag->key)) {
            as_str class = class_of(config, tag->value->as.str);
            if (class.n > 0)
                return class;
        }
    }
    return AS_STR("");
}

as_str as_classify(
        const as_graph *graph, as_arena *arena, const as_config *config, const as_entity *entity)
{
    as_str class = told_by_tags(arena, config, entity);
    size_t n = 0;

    if (class.n > 0 || !as_str_starts(entity->kind, "k8s.") || entity->space.n == 0)
        return class;
    const as_entity *const *namespaces =
            as_graph_at(graph, arena, AS_STR("k8s.namespace"), AS_STR(""), entity->space, &n);
    return n > 0 ? told_by_tags(arena, config, namespaces[0]) : class;
}
