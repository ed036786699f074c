/* What the files of this folder share: the state of a template set, texts under construction, and
 * the services of package fmt. */
#ifndef AS_GOTMPL_INTERNAL_H
#define AS_GOTMPL_INTERNAL_H

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "parsers/gotmpl/ast.h"
#include "parsers/gotmpl/gotmpl.h"

/* Templates by name. A tpl call sees those of its caller, and its own. */
typedef struct as_scope {
    as_map trees;
    const struct as_scope *outer;
} as_scope;

typedef struct as_exec as_exec;

struct as_gotmpl {
    as_arena *arena;
    as_gotmpl_options options;
    as_scope root;
    as_scope *scope;
    as_exec *exec;                        /* running, innermost */
    AS_VEC(struct as_variable) vars;      /* the variables of all running templates */
    AS_VEC(struct as_text *) spare_texts; /* buffers to use again */
    as_gotmpl_error *failure;             /* set by what returned false */
    as_map included;                      /* name → size_t *: calls under way (recursion limit) */
    as_map tpl_texts;                     /* text → as_parse_result * */
    as_map regexes;                       /* pattern → compiled, see func_regex.c */
    as_map functions;                     /* name → const as_go_func * */
    as_go tpl_string;                     /* the text of the innermost tpl */
    const char *tpl_text;                 /* the same as its nodes know it */
    as_span tpl_span;                     /* the call */
    const as_node *at_node; /* where the last step was taken: the place of a ceiling */
    as_str at_name;
    uint64_t steps;
    size_t depth;      /* of executing templates */
    const char *stack; /* where the C stack stood when execution began */
    uint64_t n_random; /* values drawn so far */
    /* RSA of 2048 and 4096 bits, DSA: made when first asked for, and given again then. Making them
     * takes tens to hundreds of milliseconds, and charts make dozens; who looks at what is rendered
     * does not compare keys. */
    as_str slow_keys[3];
};

typedef struct as_variable {
    as_str name;
    as_go value;
} as_variable;

/* One template in execution. */
struct as_exec {
    as_gotmpl *t;
    const as_tree *tree;
    const as_node *node; /* for errors */
    size_t base;         /* its variables begin here on the stack, with $ */
    struct as_text *out;
};

/* Runs a tree; *out receives what it writes. False: t->failure. */
bool as_exec_tree(as_gotmpl *t, const as_tree *tree, const as_go *dot, struct as_text *out);
/* `template: FILE:LINE:COLUMN: executing "NAME" at <…>: ` */
as_buf as_exec_place(as_gotmpl *t, const as_node *node, as_str name);
const as_tree *as_gotmpl_lookup(const as_gotmpl *t, as_str name);

/* Counts work: false (with t->failure) when the budget is used up. */
bool as_gotmpl_step(as_gotmpl *t, uint64_t n) AS_MUST_CHECK;
/* An error of ours: a ceiling that Go does not have. Returns false. */
bool as_go_limit(as_gotmpl *t, const char *fmt, ...) AS_PRINTF(2, 3);

/* --- text.c: strings that know where each part came from --------------------------------------- */

typedef struct as_text {
    as_gotmpl *t;
    as_buf buf;
    AS_VEC(as_gotmpl_segment) segments;
} as_text;

void as_text_init(as_text *text, as_gotmpl *t);
/* An empty text with room from earlier use; given back with as_text_return. */
as_text *as_text_borrow(as_gotmpl *t);
void as_text_return(as_text *text);
void as_text_add(as_text *text, as_str s); /* of no known origin */
void as_text_cstr(as_text *text, const char *s);
/* All of it written by `span`, showing `value`. */
void as_text_add_at(as_text *text, as_str s, as_span span, const as_value *value);
/* A range of a string, with the origin of its bytes; where they have no place: `span`. */
void as_text_part(as_text *text, const as_go *s, size_t from, size_t to, as_span span);
void as_text_whole(as_text *text, const as_go *s);
/* The bytes from `begin` on show v (and were written by `span`). */
void as_text_mark(as_text *text, size_t begin, const as_go *v);
void as_text_mark_at(as_text *text, size_t begin, as_span span, const as_value *value);
as_go as_text_end(as_text *text);             /* copied: the text may be used again */
as_gotmpl_text as_text_result(as_text *text); /* the same as a result */

/* The one value that v shows, or NULL. */
const as_value *as_go_origin(const as_go *v);
/* `result` with the origin of `from`, when it has none of its own. */
as_go as_go_inherit(as_go result, const as_go *from);

/* --- govalue.c ---------------------------------------------------------------------------------- */

const as_go *as_go_map_find(as_gotmpl *t, as_go_map *map, as_str key, uint64_t hash);
as_go as_go_zero(const as_go_type *type); /* NULL and &as_go_any: nil */
/* reflect.DeepEqual */
bool as_go_deep_equal(as_gotmpl *t, const as_go *a, const as_go *b, int depth);
/* sprig's and Go's length; false when v has none. */
bool as_go_length(as_gotmpl *t, const as_go *v, size_t *n);
bool as_go_is_string(const as_go *v); /* of kind string */
bool as_go_is_list(const as_go *v);   /* of kind slice: []uint8 too */
bool as_go_is_map(const as_go *v);
/* Element of a slice of any type, or byte of a string; i in range. */
as_go as_go_element(as_gotmpl *t, const as_go *v, size_t i);

/* --- fmt.c --------------------------------------------------------------------------------------- */

void as_go_print(as_gotmpl *t, as_text *out, const as_go *args, size_t n);   /* Sprint */
void as_go_println(as_gotmpl *t, as_text *out, const as_go *args, size_t n); /* Sprintln */
void as_go_printf(as_gotmpl *t, as_text *out, as_str s, const as_go *args, size_t n);
/* %v */
void as_go_write(as_gotmpl *t, as_buf *out, const as_go *v);
/* sprig's strval: strings as they are, the rest %v. Keeps the origin. */
as_go as_go_strval(as_gotmpl *t, const as_go *v);

/* --- function tables ------------------------------------------------------------------------------ */

enum {                         /* as_go_func.flags */
    AS_FUNC_BUILTIN = 1u << 0, /* of text/template itself */
    AS_FUNC_AND = 1u << 1,
    AS_FUNC_OR = 1u << 2,
    AS_FUNC_CALL = 1u << 3,
    AS_FUNC_RANDOM = 1u << 4, /* what it gives is made up */
    AS_FUNC_NEW = 1u << 5,    /* the result has no origin */
};

#define AS_GO_FUNC(name) static bool name(as_gotmpl *t, const as_go *a, size_t n, as_go *out)

extern const as_go_func as_funcs_core[], as_funcs_string[], as_funcs_list[], as_funcs_dict[],
        as_funcs_math[], as_funcs_convert[], as_funcs_encode[], as_funcs_regex[], as_funcs_date[],
        as_funcs_crypto[], as_funcs_cert[], as_funcs_path[], as_funcs_semver[], as_funcs_helm[];

extern const as_go_func as_go_values_methods[]; /* of common.Values (func_helm.c) */
extern const as_go_type as_go_certificate /* sprig.certificate */,
        as_go_semver /* *semver.Version */;

/* Numbers as github.com/spf13/cast reads them (func_convert.c). */
int64_t as_go_cast_int(as_gotmpl *t, const as_go *v);
double as_go_cast_float(as_gotmpl *t, const as_go *v);
bool as_go_empty(as_gotmpl *t, const as_go *v); /* sprig's empty */

#endif
