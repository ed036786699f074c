#include "parsers/workflows/workflows.h"

const as_value *as_ci_reference(as_arena *arena, as_span span, as_str address)
{
    as_ref *ref = AS_NEW(arena, as_ref);
    *ref = (as_ref){.address = address, .span = span};
    return as_value_with_refs(arena, as_value_string(arena, span, address), ref);
}

const as_value *as_ci_names(as_arena *arena, const as_value *v)
{
    as_list_builder list;
    as_list_begin(&list, arena);
    if (as_value_is(v, AS_STRING)) {
        as_list_add(&list, v);
    }
    for (size_t i = 0; as_value_is(v, AS_LIST) && i < v->as.list.n; i++) {
        if (as_value_is(v->as.list.items[i], AS_STRING)) {
            as_list_add(&list, v->as.list.items[i]);
        }
    }
    for (size_t i = 0; as_value_is(v, AS_OBJECT) && i < v->as.object->n; i++) {
        const as_member *m = &v->as.object->members[i];
        as_list_add(&list, as_value_string(arena, m->key_span, m->key));
    }
    return as_list_end(&list, v == NULL ? AS_SPAN_NONE : v->span);
}
