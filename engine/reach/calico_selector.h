/* Calico's selector language: "role == 'db' && has(tier) || !(env in {'dev', 'test'})".
 *
 * Spec: the resource reference of NetworkPolicy, "Selectors". Precedence from weak to strong: ||,
 * &&,
 * !. Of a missing label `!=`, `not in` and `!has` hold, everything else does not. */
#ifndef AS_REACH_CALICO_SELECTOR_H
#define AS_REACH_CALICO_SELECTOR_H

#include "parsers/kubernetes/selector.h"

typedef struct as_calico_selector as_calico_selector;

/* In the arena. NULL when the text is no selector; *problem then says why. Nested at most
 * AS_CALICO_MAX_DEPTH, at most AS_CALICO_MAX_TERMS joined. The empty text selects everything, as
 * all() does. */
enum { AS_CALICO_MAX_DEPTH = 64, AS_CALICO_MAX_TERMS = 1000 };
const as_calico_selector *as_calico_selector_parse(
        as_arena *arena, as_str text, const char **problem);

/* What a selector is asked about: the value of a label. AS_NO: there is none; AS_MAYBE: it is not
 * known whether, or which. */
typedef struct as_label_source {
    as_truth (*get)(const struct as_label_source *self, as_str key, as_str *value);
    const void *object;
    const void *context;
    bool is_global; /* an object without a namespace: global() holds */
} as_label_source;

as_truth as_calico_selector_match(const as_calico_selector *n, const as_label_source *labels);

#endif
