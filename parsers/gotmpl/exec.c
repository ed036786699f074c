/* Execution of a template: text/template/exec.go. Every function that gives bool leaves an error in
 * t->failure when it gives false. */
#include "parsers/gotmpl/internal.h"

#include "engine/base/limits.h"

typedef enum flow { GO_ON, BROKEN, CONTINUED, FAILED } flow;

enum { FEW = 8, STACK_BYTES = 6 << 20 };

static flow walk(as_exec *e, const as_go *dot, const as_node *node);
static bool eval_pipeline(as_exec *e, const as_go *dot, const as_node *pipe, as_go *out);
static bool eval_argument(
        as_exec *e, const as_go *dot, char param, const as_node *node, as_go *out);

/* --- errors ---------------------------------------------------------------------------------------- */

/* template: FILE:LINE:COLUMN: executing "NAME" at <CONTEXT>: MESSAGE, then the cause. */
static bool fail(as_exec *e, const as_gotmpl_error *cause, const char *fmt, ...) AS_PRINTF(3, 4);

as_buf as_exec_place(as_gotmpl *t, const as_node *node, as_str name)
{
    as_str before = as_str_slice(node->tree->text, 0, node->pos);
    size_t newline = as_str_rfind_char(before, '\n');
    size_t column = newline == (size_t)-1 ? node->pos : node->pos - newline - 1;
    size_t line = 1;
    for (size_t i = 0; i < before.n; i++)
        line += before.p[i] == '\n';
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    as_buf_fmt(&buf, "template: %.*s:%zu:%zu: executing \"%.*s\" at <",
            AS_STR_ARG(node->tree->parse_name), line, column, AS_STR_ARG(name));
    as_node_write(&buf, node);
    as_buf_cstr(&buf, ">: ");
    return buf;
}

static bool fail(as_exec *e, const as_gotmpl_error *cause, const char *fmt, ...)
{
    const as_node *node = e->node;
    as_buf buf = as_exec_place(e->t, node, e->tree->name);
    va_list args;
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_gotmpl_error *error = AS_NEW(e->t->arena, as_gotmpl_error);
    *error = (as_gotmpl_error){.head = as_buf_view(&buf), .is_exec = true, .cause = cause};
    error->span = node->tree->in_file ? as_node_span(node) : e->t->tpl_span;
    error->is_limit = cause && cause->is_limit;
    e->t->failure = error;
    return false;
}

bool(as_go_fail)(as_gotmpl *t, const char *fmt, ...)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    va_list args;
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    as_gotmpl_error *error = AS_NEW(t->arena, as_gotmpl_error);
    error->head = as_buf_view(&buf);
    t->failure = error;
    return false;
}

bool as_go_limit(as_gotmpl *t, const char *fmt, ...)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    va_list args;
    va_start(args, fmt);
    as_buf_vfmt(&buf, fmt, args);
    va_end(args);
    (void)as_go_fail(t, "%s", as_buf_c(&buf));
    t->failure->is_limit = true;
    return false;
}

bool as_gotmpl_step(as_gotmpl *t, uint64_t n)
{
    t->steps += n;
    if (t->steps <= t->options.max_steps)
        return true;
    return as_go_limit(
            t, "the limit of %llu steps was reached", (unsigned long long)t->options.max_steps);
}

/* What a function does with its arguments takes the longer the longer their texts are. */
static uint64_t cost_of(const as_go *args, size_t n)
{
    enum { BYTES_PER_STEP = 16 };
    uint64_t cost = 1;

    for (size_t i = 0; i < n; i++)
        if (as_go_kind_of(&args[i]) == AS_GO_STRING)
            cost += args[i].n / BYTES_PER_STEP;
    return cost;
}

/* Turns a limit met outside of a call into an error of the current node. */
static bool step(as_exec *e, uint64_t n)
{
    e->t->at_node = e->node;
    e->t->at_name = e->tree->name;
    if (as_gotmpl_step(e->t, n))
        return true;
    const as_gotmpl_error *cause = e->t->failure;
    return fail(e, cause, "%s", "");
}

/* --- variables --------------------------------------------------------------------------------------- */

static void push(as_exec *e, as_str name, as_go value)
{
    AS_VEC_PUSH(e->t->arena, &e->t->vars, (as_variable){name, value});
}

static as_variable *variable(as_exec *e, as_str name)
{
    for (size_t i = e->t->vars.n; i > e->base; i--)
        if (as_str_eq(e->t->vars.items[i - 1].name, name))
            return &e->t->vars.items[i - 1];
    return NULL;
}

static bool set_variable(as_exec *e, as_str name, as_go value)
{
    as_variable *v = variable(e, name);
    if (!v)
        return fail(e, NULL, "undefined variable: %.*s", AS_STR_ARG(name));
    v->value = value;
    return true;
}

/* --- types of parameters ----------------------------------------------------------------------------- */

static const as_go_type *param_type(char param)
{
    switch (param) {
    case 's':
        return &as_go_string;
    case 'i':
        return &as_go_int;
    case 'I':
        return &as_go_int64;
    case 'f':
        return &as_go_float64;
    case 'b':
        return &as_go_bool;
    case 'm':
        return &as_go_dict;
    case 'l':
        return &as_go_slice;
    case 'S':
        return &as_go_strings;
    case 'y':
        return &as_go_bytes;
    case 't':
        return &as_go_time;
    case 'u':
        return &as_go_uint32;
    case 'd':
        return &as_go_duration;
    case 'c':
        return &as_go_certificate;
    case 'V':
        return &as_go_semver;
    default:
        return &as_go_any;
    }
}

/* Does a value of type `from` fit a parameter of type `to`: the same, or one of them unnamed with
 * the same structure. */
static bool assignable(const as_go_type *from, const as_go_type *to)
{
    if (from == to)
        return true;
    if (from->kind != to->kind || (from->kind != AS_GO_MAP && from->kind != AS_GO_SLICE))
        return false;
    return from->elem == to->elem;
}

/* exec.go validateType. */
static bool validate(as_exec *e, as_go *v, char param)
{
    if (param == 'v')
        return true;
    const as_go_type *type = param_type(param);
    if (!v->type) {
        bool nilable = type->kind == AS_GO_MAP || type->kind == AS_GO_SLICE ||
                       type->kind == AS_GO_PTR || type->kind == AS_GO_INTERFACE;
        bool in_interface = v->flags & AS_GO_IN_INTERFACE;
        if (in_interface && param != 'a')
            return fail(e, NULL, "wrong type for value; expected %s; got interface {}", type->name);
        if (!nilable)
            return fail(e, NULL, "invalid value; expected %s", type->name);
        v->flags &= ~(uint32_t)AS_GO_IN_INTERFACE;
        if (param != 'a')
            *v = as_go_zero(type);
        return true;
    }
    v->flags &= ~(uint32_t)AS_GO_IN_INTERFACE;
    if (param == 'a')
        return true;
    if (!assignable(v->type, type))
        return fail(
                e, NULL, "wrong type for value; expected %s; got %s", type->name, v->type->name);
    v->type = type;
    return true;
}

/* --- constants ----------------------------------------------------------------------------------------- */

static bool marked_as_float(as_str text)
{
    bool hex = text.n > 2 && text.p[0] == '0' && (text.p[1] | 32) == 'x';
    if (text.p[0] == '\'')
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = (char)(text.p[i] | 32);
        if (c == 'p' || (!hex && (c == 'e' || text.p[i] == '.')))
            return true;
    }
    return false;
}

/* exec.go idealConstant. */
static bool constant(as_exec *e, const as_node *node, as_go *out)
{
    e->node = node;
    if (node->as.number.is_float && marked_as_float(node->as.number.text))
        *out = as_go_from_float(node->as.number.f);
    else if (node->as.number.is_int)
        *out = as_go_from_int(node->as.number.i);
    else
        return fail(e, NULL, "%.*s overflows int", AS_STR_ARG(node->as.number.text));
    return true;
}

static bool node_as_text(as_exec *e, const char *fmt, const as_node *node)
{
    as_buf buf;
    as_buf_init(&buf, e->t->arena, 0);
    as_node_write(&buf, node);
    return fail(e, NULL,
            fmt[0] == 'b'   ? "expected bool; found %s"
            : fmt[0] == 's' ? "expected string; found %s"
            : fmt[0] == 'i' ? "expected integer; found %s"
            : fmt[0] == 'u' ? "expected unsigned integer; found %s"
            : fmt[0] == 'f' ? "expected float; found %s"
                            : "can't give argument to non-function %s",
            as_buf_c(&buf));
}

/* A literal as argument: the parameter decides what it may be. */
static bool literal(as_exec *e, char param, const as_node *node, as_go *out)
{
    e->node = node;
    switch (param) {
    case 'a':
    case 'v':
        if (node->kind == AS_NODE_NUMBER)
            return constant(e, node, out);
        *out = node->kind == AS_NODE_BOOL ? as_go_from_bool(node->as.boolean)
                                          : as_go_from_str(node->as.string.text);
        return true;
    case 'b':
        if (node->kind != AS_NODE_BOOL)
            return node_as_text(e, "b", node);
        *out = as_go_from_bool(node->as.boolean);
        return true;
    case 's':
        if (node->kind != AS_NODE_STRING)
            return node_as_text(e, "s", node);
        *out = as_go_from_str(node->as.string.text);
        return true;
    case 'i':
    case 'I':
    case 'd':
        if (node->kind != AS_NODE_NUMBER || !node->as.number.is_int)
            return node_as_text(e, "i", node);
        *out = as_go_typed(as_go_from_int(node->as.number.i), param_type(param));
        return true;
    case 'u':
        if (node->kind != AS_NODE_NUMBER || !node->as.number.is_uint)
            return node_as_text(e, "u", node);
        *out = (as_go){.type = &as_go_uint32, .as.u = (uint32_t)node->as.number.u};
        return true;
    case 'f':
        if (node->kind != AS_NODE_NUMBER || !node->as.number.is_float)
            return node_as_text(e, "f", node);
        *out = as_go_from_float(node->as.number.f);
        return true;
    default:;
        as_buf buf;
        as_buf_init(&buf, e->t->arena, 0);
        as_node_write(&buf, node);
        return fail(e, NULL, "can't handle %s for arg of type %s", as_buf_c(&buf),
                param_type(param)->name);
    }
}

/* --- calls ------------------------------------------------------------------------------------------------ */

typedef struct signature {
    const char *params;
    size_t n_fixed;
    bool variadic;
} signature;

static signature signature_of(const as_go_func *f)
{
    signature s = {f->params, 0, false};
    for (; s.params[s.n_fixed] && s.params[s.n_fixed] != '*'; s.n_fixed++)
        ;
    s.variadic = s.params[s.n_fixed] == '*';
    return s;
}

static char param_at(const signature *s, size_t i)
{
    return i < s->n_fixed ? s->params[i] : s->params[s->n_fixed + 1];
}

/* `and`, `or`: the first argument that decides. */
static bool short_circuit(as_exec *e, const as_go *dot, bool is_or, const as_nodes *args,
        const as_go *final, as_go *out)
{
    *out = AS_GO_NIL;
    for (size_t i = 1; args && i < args->n; i++) {
        if (!eval_argument(e, dot, 'v', args->items[i], out))
            return false;
        if (as_go_truth(e->t, out) == is_or)
            return true;
    }
    if (final)
        *out = *final;
    return true;
}

/* What a call makes of scalars remembers the last argument that came from a value. */
static void keep_origin(as_go *out, const as_go *argv, size_t n)
{
    if (out->flags & (AS_GO_FROM_VALUE | AS_GO_FROM_TEXT) || !out->type ||
            out->type->kind == AS_GO_MAP || out->type->kind == AS_GO_SLICE)
        return;
    for (size_t i = n; i > 0; i--) {
        *out = as_go_inherit(*out, &argv[i - 1]);
        if (out->flags & AS_GO_FROM_VALUE)
            return;
    }
}

static bool call_failed(as_exec *e, const as_node *node, as_str name)
{
    const as_gotmpl_error *cause = e->t->failure;
    e->node = node;
    return fail(e, cause, "error calling %.*s: ", AS_STR_ARG(name));
}

/* exec.go evalCall. args->items[0] is the function itself; args may be NULL. `self`: a receiver. */
static bool eval_call(as_exec *e, const as_go *dot, const as_go_func *f, const as_go *self,
        const as_node *node, as_str name, const as_nodes *args, const as_go *final, as_go *out)
{
    signature sig = signature_of(f);
    size_t n_args = args && args->n > 0 ? args->n - 1 : 0, n_in = n_args + (final != NULL);
    if (sig.variadic && n_in < sig.n_fixed)
        return fail(e, NULL, "wrong number of args for %.*s: want at least %zu got %zu",
                AS_STR_ARG(name), sig.n_fixed, n_args);
    if (!sig.variadic && n_in != sig.n_fixed)
        return fail(e, NULL, "wrong number of args for %.*s: want %zu got %zu", AS_STR_ARG(name),
                sig.n_fixed, n_in);
    if (f->flags & (AS_FUNC_AND | AS_FUNC_OR))
        return short_circuit(e, dot, f->flags & AS_FUNC_OR, args, final, out);

    as_go few[FEW], *argv = few;
    size_t at = self != NULL;
    if (n_in + at > FEW)
        argv = AS_NEW_ARRAY(e->t->arena, as_go, n_in + at);
    if (self)
        argv[0] = *self;
    for (size_t i = 0; i < n_args; i++)
        if (!eval_argument(e, dot, param_at(&sig, i), args->items[i + 1], &argv[at + i]))
            return false;
    if (final) {
        argv[at + n_args] = *final;
        if (!validate(e, &argv[at + n_args], param_at(&sig, n_in - 1)))
            return false;
    }
    if (!step(e, cost_of(argv, n_in + at)))
        return false;
    e->t->exec = e;
    const as_node *was = e->node;
    e->node = node;
    *out = AS_GO_NIL;
    if (!f->call(e->t, argv, n_in + at, out))
        return call_failed(e, node, name);
    e->node = was;
    e->t->exec = e;
    if (f->flags & AS_FUNC_RANDOM)
        out->flags |= AS_GO_GENERATED;
    if (!(f->flags & AS_FUNC_NEW))
        keep_origin(out, argv, n_in + at);
    return true;
}

static const as_go_func *method_of(const as_go_type *type, as_str name)
{
    for (const as_go_func *m = type->methods; m && m->name; m++)
        if (as_str_is(name, m->name))
            return m;
    return NULL;
}

/* exec.go evalField. */
static bool eval_field(as_exec *e, const as_go *dot, const as_ident *field, const as_node *node,
        const as_nodes *args, const as_go *final, const as_go *receiver, as_go *out)
{
    as_gotmpl *t = e->t;
    bool in_interface = receiver->flags & AS_GO_IN_INTERFACE;
    *out = AS_GO_NIL;
    if (!receiver->type) {
        if (in_interface)
            return fail(
                    e, NULL, "nil pointer evaluating interface {}.%.*s", AS_STR_ARG(field->name));
        if (t->options.strict)
            return fail(e, NULL, "nil data; no entry for key \"%.*s\"", AS_STR_ARG(field->name));
        return true;
    }
    const as_go_type *type = receiver->type;
    const as_go_func *method = method_of(type, field->name);
    if (method) {
        as_go self = *receiver;
        self.flags &= ~(uint32_t)AS_GO_IN_INTERFACE;
        return eval_call(e, dot, method, &self, node, field->name, args, final, out);
    }
    bool has_args = (args && args->n > 1) || final;
    bool is_map = type->kind == AS_GO_MAP;
    if (is_map || type->has_members) {
        const as_go *member = as_go_map_find(t, receiver->as.map, field->name, field->hash);
        if (has_args && (is_map || member))
            return fail(e, NULL,
                    is_map ? "%.*s is not a method but has arguments"
                           : "%.*s has arguments but cannot be invoked as function",
                    AS_STR_ARG(field->name));
        if (member)
            *out = *member;
        else if (is_map && t->options.strict)
            return fail(e, NULL, "map has no entry for key \"%.*s\"", AS_STR_ARG(field->name));
        else if (is_map)
            *out = as_go_zero(type->elem);
        if (is_map && type->elem == &as_go_any)
            out->flags |= AS_GO_IN_INTERFACE;
        if (is_map || member)
            return true;
    }
    return fail(e, NULL, "can't evaluate field %.*s in type %s", AS_STR_ARG(field->name),
            in_interface ? "interface {}" : type->name);
}

static bool eval_fields(as_exec *e, const as_go *dot, as_go receiver, const as_node *node,
        const as_ident *idents, size_t n, const as_nodes *args, const as_go *final, as_go *out)
{
    for (size_t i = 0; i + 1 < n; i++) {
        as_go inner;
        if (!eval_field(e, dot, &idents[i], node, NULL, NULL, &receiver, &inner))
            return false;
        receiver = inner;
    }
    return eval_field(e, dot, &idents[n - 1], node, args, final, &receiver, out);
}

static bool not_a_function(as_exec *e, const as_nodes *args, const as_go *final)
{
    if ((args && args->n > 1) || final)
        return node_as_text(e, "n", args ? args->items[0] : e->node);
    return true;
}

static bool eval_variable(as_exec *e, const as_go *dot, const as_node *node, const as_nodes *args,
        const as_go *final, as_go *out)
{
    e->node = node;
    const as_idents *idents = &node->as.idents;
    as_variable *v = variable(e, idents->items[0].name);
    if (!v)
        return fail(e, NULL, "undefined variable: %.*s", AS_STR_ARG(idents->items[0].name));
    if (idents->n == 1) {
        *out = v->value;
        return not_a_function(e, args, final);
    }
    return eval_fields(e, dot, v->value, node, idents->items + 1, idents->n - 1, args, final, out);
}

static bool eval_chain(as_exec *e, const as_go *dot, const as_node *node, const as_nodes *args,
        const as_go *final, as_go *out)
{
    e->node = node;
    as_go receiver;
    if (!eval_argument(e, dot, 'v', node->as.chain.node, &receiver))
        return false;
    return eval_fields(e, dot, receiver, node, node->as.chain.fields.items, node->as.chain.fields.n,
            args, final, out);
}

static bool eval_function(as_exec *e, const as_go *dot, const as_node *node, const as_node *command,
        const as_nodes *args, const as_go *final, as_go *out)
{
    e->node = node;
    return eval_call(
            e, dot, node->as.ident.func, NULL, command, node->as.ident.name, args, final, out);
}

static bool eval_argument(as_exec *e, const as_go *dot, char param, const as_node *node, as_go *out)
{
    e->node = node;
    bool good;
    switch (node->kind) {
    case AS_NODE_DOT:
        *out = *dot;
        good = true;
        break;
    case AS_NODE_NIL:
        if (as_char_in(param, "avmlSVy")) {
            *out = param == 'a' || param == 'v' ? AS_GO_NIL : as_go_zero(param_type(param));
            return true;
        }
        return fail(e, NULL, "cannot assign nil to %s", param_type(param)->name);
    case AS_NODE_FIELD:
        good = eval_fields(
                e, dot, *dot, node, node->as.idents.items, node->as.idents.n, NULL, NULL, out);
        break;
    case AS_NODE_VARIABLE:
        good = eval_variable(e, dot, node, NULL, NULL, out);
        break;
    case AS_NODE_PIPE:
        good = eval_pipeline(e, dot, node, out);
        break;
    case AS_NODE_IDENT:
        good = eval_function(e, dot, node, node, NULL, NULL, out);
        break;
    case AS_NODE_CHAIN:
        good = eval_chain(e, dot, node, NULL, NULL, out);
        break;
    default:
        return literal(e, param, node, out);
    }
    return good && validate(e, out, param);
}

static bool eval_command(
        as_exec *e, const as_go *dot, const as_node *command, const as_go *final, as_go *out)
{
    const as_nodes *words = &command->as.list;
    const as_node *first = words->items[0];
    switch (first->kind) {
    case AS_NODE_FIELD:
        e->node = first;
        return eval_fields(
                e, dot, *dot, first, first->as.idents.items, first->as.idents.n, words, final, out);
    case AS_NODE_CHAIN:
        return eval_chain(e, dot, first, words, final, out);
    case AS_NODE_IDENT:
        return eval_function(e, dot, first, command, words, final, out);
    case AS_NODE_PIPE:
        return not_a_function(e, words, final) && eval_pipeline(e, dot, first, out);
    case AS_NODE_VARIABLE:
        return eval_variable(e, dot, first, words, final, out);
    default:
        break;
    }
    e->node = first;
    if (!not_a_function(e, words, final))
        return false;
    if (first->kind == AS_NODE_NIL)
        return fail(e, NULL, "nil is not a command");
    if (first->kind == AS_NODE_DOT) {
        *out = *dot;
        return true;
    }
    return literal(e, 'a', first, out);
}

static bool eval_pipeline(as_exec *e, const as_go *dot, const as_node *pipe, as_go *out)
{
    e->node = pipe;
    as_go value;
    for (size_t i = 0; i < pipe->as.pipe.commands.n; i++) {
        const as_node *command = pipe->as.pipe.commands.items[i];
        as_go next;
        if (!eval_command(e, dot, command, i > 0 ? &value : NULL, &next))
            return false;
        value = next;
        value.flags &= ~(uint32_t)AS_GO_IN_INTERFACE;
    }
    for (size_t i = 0; i < pipe->as.pipe.decls.n; i++) {
        as_str name = pipe->as.pipe.decls.items[i]->as.idents.items[0].name;
        if (!pipe->as.pipe.assigns)
            push(e, name, value);
        else if (!set_variable(e, name, value))
            return false;
    }
    *out = value;
    return true;
}

/* --- statements ---------------------------------------------------------------------------------------------- */

static as_span span_of(const as_exec *e, const as_node *node)
{
    return node->tree->in_file ? as_node_span(node) : e->t->tpl_span;
}

static bool print_value(as_exec *e, const as_node *node, const as_go *v)
{
    e->node = node;
    as_span span = span_of(e, node);
    if (!v->type) {
        as_text_add_at(e->out, AS_STR("<no value>"), span, as_go_origin(v));
    } else if (v->type->kind == AS_GO_FUNC) {
        as_buf buf;
        as_buf_init(&buf, e->t->arena, 0);
        as_node_write(&buf, node);
        return fail(e, NULL, "can't print %s of type %s", as_buf_c(&buf), v->type->name);
    } else if (v->type == &as_go_string) {
        as_text_part(e->out, v, 0, v->n, span);
    } else {
        size_t begin = e->out->buf.n;
        as_go shown = *v; /* printableValue looks through pointers */
        static const as_go_type plain = {.kind = AS_GO_STRUCT, .name = "", .has_members = true};
        if (v->type->kind == AS_GO_PTR && v->type->has_members && !v->type->string)
            shown.type = &plain;
        as_go_write(e->t, &e->out->buf, &shown);
        as_text_mark_at(e->out, begin, span, as_go_origin(v));
    }
    return true;
}

static flow walk_if_or_with(as_exec *e, const as_go *dot, const as_node *node)
{
    size_t mark = e->t->vars.n;
    as_go value;
    if (!eval_pipeline(e, dot, node->as.act.pipe, &value))
        return FAILED;
    flow result = GO_ON;
    if (as_go_truth(e->t, &value))
        result = walk(e, node->kind == AS_NODE_WITH ? &value : dot, node->as.act.list);
    else if (node->as.act.otherwise)
        result = walk(e, dot, node->as.act.otherwise);
    e->t->vars.n = mark;
    return result;
}

/* One turn of a range; `index` is invalid when the variables get the element alone. */
static flow iterate(as_exec *e, const as_node *node, as_go index, const as_go *element)
{
    const as_node *pipe = node->as.act.pipe;
    const as_nodes *decls = &pipe->as.pipe.decls;
    size_t mark = e->t->vars.n;
    if (!step(e, 1))
        return FAILED;
    if (decls->n > 0 && pipe->as.pipe.assigns) {
        if (!set_variable(
                    e, decls->items[0]->as.idents.items[0].name, decls->n > 1 ? index : *element))
            return FAILED;
        if (decls->n > 1 && !set_variable(e, decls->items[1]->as.idents.items[0].name, *element))
            return FAILED;
    } else if (decls->n > 0) {
        e->t->vars.items[mark - 1].value = *element;
        if (decls->n > 1)
            e->t->vars.items[mark - 2].value = index;
    }
    flow result = walk(e, element, node->as.act.list);
    e->t->vars.n = mark;
    return result == CONTINUED ? GO_ON : result;
}

static bool is_integer(as_go_kind kind)
{
    return kind >= AS_GO_INT && kind <= AS_GO_UINT64;
}

static flow range_integer(as_exec *e, const as_node *node, const as_go *value)
{
    flow result = GO_ON;
    for (int64_t i = 0; i < value->as.i && result == GO_ON; i++) {
        as_go element = as_go_typed(as_go_from_int(i), value->type);
        result = iterate(e, node, AS_GO_NIL, &element);
    }
    return result;
}

static flow range_list(as_exec *e, const as_node *node, const as_go *value, size_t n)
{
    flow result = GO_ON;
    for (size_t i = 0; i < n && result == GO_ON; i++) {
        as_go element = as_go_element(e->t, value, i);
        result = iterate(e, node, as_go_from_int((int64_t)i), &element);
    }
    return result;
}

/* The map may change meanwhile: keys and values are those of the beginning. */
static flow range_map(as_exec *e, const as_node *node, const as_go *value, size_t n)
{
    as_gotmpl *t = e->t;
    as_variable *pairs = AS_NEW_ARRAY(t->arena, as_variable, n);
    const uint32_t *sorted = as_go_map_sorted(t, value->as.map);
    for (size_t i = 0; i < n; i++)
        pairs[i] = (as_variable){as_go_map_key_at(t, value->as.map, sorted[i]),
                *as_go_map_at(t, value->as.map, sorted[i])};
    flow result = GO_ON;
    for (size_t i = 0; i < n && result == GO_ON; i++) {
        as_go key = as_go_from_str(pairs[i].name);
        const as_value *origin = as_go_origin(&pairs[i].value);
        if (origin) {
            key.flags |= AS_GO_FROM_VALUE;
            key.origin.value = origin;
        }
        if (value->type->elem == &as_go_any)
            pairs[i].value.flags |= AS_GO_IN_INTERFACE;
        result = iterate(e, node, key, &pairs[i].value);
    }
    return result;
}

static flow walk_range(as_exec *e, const as_go *dot, const as_node *node)
{
    e->node = node;
    size_t mark = e->t->vars.n, n = 0;
    as_go value;
    if (!eval_pipeline(e, dot, node->as.act.pipe, &value))
        return FAILED;
    as_go_kind kind = as_go_kind_of(&value);
    bool some = false;
    flow result = GO_ON;
    if (is_integer(kind)) {
        if (node->as.act.pipe->as.pipe.decls.n > 1) {
            as_str text = as_go_text(e->t, &value);
            fail(e, NULL, "can't use %.*s to iterate over more than one variable",
                    AS_STR_ARG(text));
            return FAILED;
        }
        some = value.as.i > 0;
        result = range_integer(e, node, &value);
    } else if (kind == AS_GO_SLICE) {
        as_go_length(e->t, &value, &n);
        some = n > 0;
        result = range_list(e, node, &value, n);
    } else if (kind == AS_GO_MAP) {
        as_go_length(e->t, &value, &n);
        some = n > 0;
        result = some ? range_map(e, node, &value, n) : GO_ON;
    } else if (kind != AS_GO_INVALID) {
        as_str text = as_go_text(e->t, &value);
        fail(e, NULL, "range can't iterate over %.*s", AS_STR_ARG(text));
        return FAILED;
    }
    if (result == BROKEN)
        result = GO_ON;
    if (!some && node->as.act.otherwise)
        result = walk(e, dot, node->as.act.otherwise);
    e->t->vars.n = mark;
    return result;
}

static bool run(as_gotmpl *t, const as_tree *tree, const as_go *dot, as_text *out);

static bool walk_template(as_exec *e, const as_go *dot, const as_node *node)
{
    e->node = node;
    const as_tree *tree = as_gotmpl_lookup(e->t, node->as.act.name);
    if (!tree)
        return fail(e, NULL, "template \"%.*s\" not defined", AS_STR_ARG(node->as.act.name));
    as_go value = AS_GO_NIL;
    if (node->as.act.pipe && !eval_pipeline(e, dot, node->as.act.pipe, &value))
        return false;
    if (!run(e->t, tree, &value, e->out)) {
        if (e->t->failure->is_exec)
            return false;
        const as_gotmpl_error *cause = e->t->failure;
        return fail(e, cause, "%s", "");
    }
    e->t->exec = e;
    return true;
}

static flow walk_action(as_exec *e, const as_go *dot, const as_node *node)
{
    as_go value;
    if (!eval_pipeline(e, dot, node->as.act.pipe, &value))
        return FAILED;
    if (node->as.act.pipe->as.pipe.decls.n == 0 && !print_value(e, node, &value))
        return FAILED;
    return GO_ON;
}

static flow walk(as_exec *e, const as_go *dot, const as_node *node)
{
    e->node = node;
    switch (node->kind) {
    case AS_NODE_TEXT:
        if (node->tree->in_file || node->tree->text.p != e->t->tpl_text)
            as_text_add_at(e->out, node->as.text, span_of(e, node), NULL);
        else
            as_text_part(e->out, &e->t->tpl_string, node->pos, node->end, e->t->tpl_span);
        return GO_ON;
    case AS_NODE_ACTION:
        return walk_action(e, dot, node);
    case AS_NODE_IF:
    case AS_NODE_WITH:
        return walk_if_or_with(e, dot, node);
    case AS_NODE_RANGE:
        return walk_range(e, dot, node);
    case AS_NODE_TEMPLATE:
        return walk_template(e, dot, node) ? GO_ON : FAILED;
    case AS_NODE_BREAK:
        return BROKEN;
    case AS_NODE_CONTINUE:
        return CONTINUED;
    case AS_NODE_LIST:
        for (size_t i = 0; i < node->as.list.n; i++) {
            flow result = walk(e, dot, node->as.list.items[i]);
            if (result != GO_ON)
                return result;
        }
        return GO_ON;
    default:
        return GO_ON;
    }
}

/* Templates call each other as deep as the C stack allows, within a fixed part of it. */
static bool stack_left(as_gotmpl *t)
{
    char here;
    const char *now = &here;
    if (t->depth == 0)
        t->stack = now;
    ptrdiff_t used = t->stack > now ? t->stack - now : now - t->stack;
    return used < STACK_BYTES ||
           as_go_limit(t, "templates call each other too deeply (%zu levels)", t->depth);
}

static bool run(as_gotmpl *t, const as_tree *tree, const as_go *dot, as_text *out)
{
    if (!stack_left(t))
        return false;
    as_exec e = {.t = t, .tree = tree, .node = tree->root, .base = t->vars.n, .out = out};
    as_exec *outer = t->exec;
    t->exec = &e;
    t->depth++;
    push(&e, AS_STR("$"), *dot);
    flow result = walk(&e, dot, tree->root);
    t->vars.n = e.base;
    t->depth--;
    t->exec = outer;
    return result != FAILED;
}

bool as_exec_tree(as_gotmpl *t, const as_tree *tree, const as_go *dot, as_text *out)
{
    return run(t, tree, dot, out);
}
