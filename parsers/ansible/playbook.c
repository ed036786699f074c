/* Plays, blocks and tasks. docs.ansible.com, "Playbook Keywords". */
#include "engine/base/limits.h"
#include "parsers/ansible/ansible.h"

/* What holds for a task through the blocks and the play around it. */
typedef struct context {
    as_str owner;                           /* address of the play; empty in a file of tasks */
    const as_value *no_log, *ignore_errors; /* the innermost that says so */
    bool rescued;
    int depth;
} context;

typedef struct reading {
    as_load *load;
    as_map addresses;
    size_t n;
} reading;

/* A name, made unique by a number: addresses should outlive moves. */
static as_str address_of(reading *r, as_str owner, as_str name)
{
    as_arena *arena = r->load->arena;
    as_str base = owner.n > 0 ? owner : r->load->target->path;
    as_str address = as_str_fmt(arena, "%.*s%s%.*s", AS_STR_ARG(base), owner.n > 0 ? "/" : "#",
            AS_STR_ARG(as_str_slice(name, 0, 200)));
    r->n++;
    if (name.n == 0 || as_map_has(&r->addresses, address)) {
        address = as_str_fmt(arena, "%.*s#%zu", AS_STR_ARG(address), r->n);
    }
    as_map_put(arena, &r->addresses, address, r);
    return address;
}

static bool is_keyword(as_str key)
{
    static const char *const words[] = {"action", "any_errors_fatal", "args", "async", "become",
            "become_exe", "become_flags", "become_method", "become_user", "changed_when",
            "check_mode", "collections", "connection", "debugger", "delay", "delegate_facts",
            "delegate_to", "diff", "environment", "failed_when", "first_available_file",
            "ignore_errors", "ignore_unreachable", "listen", "local_action", "loop", "loop_control",
            "module_defaults", "name", "no_log", "notify", "poll", "port", "register",
            "remote_user", "retries", "run_once", "sudo", "sudo_user", "tags", "throttle",
            "timeout", "until", "vars", "when"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (as_str_is(key, words[i])) {
            return true;
        }
    }
    return as_str_starts(key, "with_");
}

static as_str short_name(as_str module)
{
    static const char *const prefixes[] = {"ansible.builtin.", "ansible.legacy."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (as_str_starts(module, prefixes[i])) {
            return as_str_from_index(module, strlen(prefixes[i]));
        }
    }
    return module;
}

static const as_value *merged(as_arena *arena, const as_value *args, const as_value *more)
{
    if (!as_value_is(more, AS_OBJECT)) {
        return args;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    const as_value *const both[] = {args, more};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; as_value_is(both[k], AS_OBJECT) && i < both[k]->as.object->n; i++) {
            const as_member *m = &both[k]->as.object->members[i];
            as_object_add(&b, m->key, m->key_span, m->value);
        }
    }
    return as_object_end(&b, more->span);
}

/* `action: yum name=x`, `local_action: { module: yum, name: x }` */
static as_str action_of(as_arena *arena, const as_value *action, const as_value **args)
{
    if (as_value_is(action, AS_OBJECT)) {
        *args = action;
        return as_value_str(as_value_get(action, AS_STR("module")));
    }
    as_str text = as_str_trim(as_value_str(action));
    size_t end = 0;
    while (end < text.n && !as_char_in(text.p[end], " \t\r\n")) {
        end++;
    }
    const as_value *rest =
            as_value_string(arena, action->span, as_str_trim(as_str_from_index(text, end)));
    *args = as_ansible_free_form(arena, rest);
    return as_str_slice(text, 0, end);
}

static as_str module_of(as_arena *arena, const as_value *task, const as_value **args)
{
    static const char *const actions[] = {"action", "local_action"};
    for (size_t i = 0; i < 2; i++) {
        const as_value *action = as_value_get(task, as_str_from(actions[i]));
        if (!as_value_is_null(action)) {
            return action_of(arena, action, args);
        }
    }
    for (size_t i = 0; i < task->as.object->n; i++) {
        const as_member *m = &task->as.object->members[i];
        if (!is_keyword(m->key)) {
            bool is_text = as_value_is(m->value, AS_STRING);
            *args = is_text ? as_ansible_free_form(arena, m->value) : m->value;
            return m->key;
        }
    }
    return AS_STR("");
}

static as_span head_of(const as_value *object)
{
    const as_member *name = as_value_member(object, AS_STR("name"));
    if (name == NULL && object->as.object->n > 0) {
        name = &object->as.object->members[0];
    }
    return name == NULL ? object->span : as_span_join(name->key_span, name->key_span);
}

static context inner(const context *outer, const as_value *object)
{
    context c = *outer;
    const as_value *no_log = as_value_get(object, AS_STR("no_log"));
    const as_value *ignore = as_value_get(object, AS_STR("ignore_errors"));
    c.no_log = as_value_is_null(no_log) ? c.no_log : no_log;
    c.ignore_errors = as_value_is_null(ignore) ? c.ignore_errors : ignore;
    c.depth++;
    return c;
}

static void add_optional(as_object_builder *b, const char *key, const as_value *v)
{
    if (v != NULL) {
        as_object_add(b, as_str_from(key), v->span, v);
    }
}

static as_resource start(reading *r, const context *c, const char *type, const as_value *object,
        as_object_builder *extra)
{
    as_str name = as_value_str(as_value_get(object, AS_STR("name")));
    as_object_begin(extra, r->load->arena);
    if (c->owner.n > 0) {
        as_object_add(extra, AS_STR("play"), object->span,
                as_ansible_reference(r->load->arena, object->span, c->owner));
    }
    return (as_resource){.origin = AS_ORIGIN_FILE,
            .type = as_str_from(type),
            .name = name,
            .space = r->load->target->path,
            .span = object->span,
            .head = head_of(object),
            .raw = object};
}

static void add_task(reading *r, const context *outer, const as_value *task)
{
    as_arena *arena = r->load->arena;
    context c = inner(outer, task);
    as_object_builder extra;
    const as_value *args = NULL;
    as_resource t = start(r, &c, "ansible.task", task, &extra);
    as_str module = short_name(module_of(arena, task, &args));
    if (t.name.n == 0) {
        t.name = module;
    }
    t.address = address_of(r, c.owner, t.name);
    as_object_add(&extra, AS_STR("module"), t.head, as_value_string(arena, t.head, module));
    add_optional(&extra, "args", merged(arena, args, as_value_get(task, AS_STR("args"))));
    add_optional(&extra, "no_log", c.no_log);
    add_optional(&extra, "ignore_errors", c.ignore_errors);
    as_object_add(&extra, AS_STR("rescued"), t.head, as_value_bool(arena, t.head, c.rescued));
    t.extra = as_object_end(&extra, task->span);
    AS_VEC_PUSH(arena, &r->load->resources, t);
}

static void add_tasks(reading *r, const context *c, const as_value *list);

static void add_block(reading *r, const context *outer, const as_value *block)
{
    static const char *const parts[] = {"block", "rescue", "always"};
    context c = inner(outer, block);
    as_object_builder extra;
    as_resource b = start(r, &c, "ansible.block", block, &extra);
    b.name = b.name.n == 0 ? AS_STR("block") : b.name;
    b.address = address_of(r, c.owner, b.name);
    add_optional(&extra, "ignore_errors", c.ignore_errors);
    b.extra = as_object_end(&extra, block->span);
    AS_VEC_PUSH(r->load->arena, &r->load->resources, b);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        context part = c;
        part.rescued =
                i == 0 ? !as_value_is_null(as_value_get(block, AS_STR("rescue"))) : outer->rescued;
        add_tasks(r, &part, as_value_get(block, as_str_from(parts[i])));
    }
}

static void add_tasks(reading *r, const context *c, const as_value *list)
{
    if (!as_value_is(list, AS_LIST) || c->depth > AS_MAX_DEPTH) {
        return;
    }
    for (size_t i = 0; i < list->as.list.n; i++) {
        const as_value *item = list->as.list.items[i];
        if (!as_value_is(item, AS_OBJECT)) {
            continue;
        }
        if (as_value_get(item, AS_STR("block")) != NULL) {
            add_block(r, c, item);
        } else {
            add_task(r, c, item);
        }
    }
}

static void add_play(reading *r, const as_value *play)
{
    static const char *const lists[] = {"pre_tasks", "tasks", "post_tasks", "handlers"};
    context none = {0};
    as_object_builder extra;
    as_resource p = start(r, &none, "ansible.play", play, &extra);
    if (p.name.n == 0) {
        p.name = as_value_str(as_value_get(play, AS_STR("hosts")));
    }
    p.address = address_of(r, AS_STR(""), p.name);
    p.extra = as_object_end(&extra, play->span);
    AS_VEC_PUSH(r->load->arena, &r->load->resources, p);
    const as_member *vars = as_value_member(play, AS_STR("vars"));
    if (vars != NULL) {
        as_str address = as_str_join(r->load->arena, p.address, AS_STR("/vars"));
        as_ansible_add_vars(r->load, address, p.address, vars->key_span, vars->value);
    }
    context c = inner(&none, play);
    c.owner = p.address;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        add_tasks(r, &c, as_value_get(play, as_str_from(lists[i])));
    }
}

void as_ansible_load_playbook(as_load *load, const as_value *document)
{
    reading r = {.load = load};
    for (size_t i = 0; as_value_is(document, AS_LIST) && i < document->as.list.n; i++) {
        const as_value *play = document->as.list.items[i];
        if (as_value_is(play, AS_OBJECT) && as_value_get(play, AS_STR("hosts")) != NULL) {
            add_play(&r, play);
        }
    }
}

void as_ansible_load_tasks(as_load *load, const as_value *document)
{
    reading r = {.load = load};
    context none = {0};
    add_tasks(&r, &none, document);
}
