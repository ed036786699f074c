/* VPC networks, peerings, routes and Cloud NAT. */
#include "engine/reach/gcp_network.h"

#define NETWORK "gcp.compute.network"

/* --- texts ------------------------------------------------------------------------------------ */

void as_gcp_add_names(as_gcp_network *n, const as_value *v, as_gcp_names *out, as_str *unsure)
{
    for (size_t i = 0; i < as_cloud_n(v); i++) {
        const as_value *item = as_cloud_item(v, i);
        const as_ref *ref = as_value_refs(item);
        if (as_value_is(item, AS_STRING)) {
            AS_VEC_PUSH(n->r.arena, out, item->as.str);
        } else if (as_value_is_unknown(item) && ref != NULL && ref->next == NULL) {
            AS_VEC_PUSH(n->r.arena, out, as_str_fmt(n->r.arena, "@%.*s", AS_STR_ARG(ref->address)));
        } else {
            *unsure = as_cloud_doubt(item, "a tag or account is not known");
        }
    }
}

bool as_gcp_share(const as_gcp_names *a, const as_gcp_names *b)
{
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (as_str_eq(a->items[i], b->items[k])) {
                return true;
            }
        }
    }
    return false;
}

/* "80" or "8000-9000" */
static bool read_range(as_str text, int64_t *low, int64_t *high)
{
    size_t dash = as_str_find_char(text, '-');
    if (!as_str_to_int(as_str_slice(text, 0, dash == (size_t)-1 ? text.n : dash), low)) {
        return false;
    }
    *high = *low;
    return dash == (size_t)-1 || as_str_to_int(as_str_from_index(text, dash + 1), high);
}

const as_ports *as_gcp_ports(
        as_gcp_network *n, const as_value *protocol, const as_value *ports, as_str *unsure)
{
    as_port_space *space = n->r.space.ports;
    as_str text = as_value_str(protocol);
    unsigned number = 4; /* ipip */
    if (as_str_ieq(text, AS_STR("all"))) {
        return n->r.universe;
    }
    if (!as_str_ieq(text, AS_STR("ipip")) && !as_protocol_parse(text, &number)) {
        *unsure = as_cloud_doubt(protocol, "the protocol of a rule cannot be read");
        return n->r.universe;
    }
    if (as_cloud_n(ports) == 0 || as_value_is_unknown(ports)) {
        *unsure = as_value_is_unknown(ports) ? as_value_reason(ports) : *unsure;
        return as_ports_protocol(space, number);
    }
    const as_ports *all = as_ports_none(space);
    bool whole = true;
    for (size_t i = 0; i < as_cloud_n(ports); i++) {
        const as_value *item = as_cloud_item(ports, i);
        int64_t low = as_value_int_or(item, -1), high = low;
        if (as_value_is(item, AS_STRING) && !read_range(item->as.str, &low, &high)) {
            low = -1;
        }
        if (low < 0 || high < low || high > 65535) {
            *unsure = as_cloud_doubt(item, "a port of a rule cannot be read");
            whole = false;
        } else {
            all = as_ports_union(
                    space, all, as_ports_range(space, number, (uint32_t)low, (uint32_t)high));
        }
    }
    return whole ? all : as_ports_protocol(space, number);
}

/* --- networks --------------------------------------------------------------------------------- */

/* "projects/p/global/networks/main" and "main" are one within a unit. */
static as_str last_part(as_str name)
{
    size_t slash = as_str_rfind_char(name, '/');
    return slash == (size_t)-1 ? name : as_str_from_index(name, slash + 1);
}

static uint32_t *at_key(as_gcp_network *n, const as_unit *unit, as_str key)
{
    as_str full = as_str_fmt(n->r.arena, "%u %.*s", unit->id, AS_STR_ARG(key));
    uint32_t *index = as_map_get(&n->by_key, full);
    if (index == NULL) {
        index = AS_NEW(n->r.arena, uint32_t);
        as_map_put(n->r.arena, &n->by_key, full, index);
    }
    return index;
}

/* Live answers tell every route, so that none is taken for granted where there are some. */
static uint32_t vpc_at(as_gcp_network *n, const as_unit *unit, as_str key, const as_entity *entity)
{
    uint32_t *index = at_key(n, unit, key);
    if (*index == 0) {
        as_gcp_vpc made = {.entity = entity, .key = key, .unit = unit, .has_default_route = true};
        size_t n_told;
        (void)as_graph_of_type(n->r.graph, AS_STR("gcp:compute:route"), &n_told);
        if (entity != NULL) {
            const as_value *deletes =
                    as_cloud_get(&n->r, entity, "delete_default_routes_on_create", NULL);
            made.has_default_route =
                    as_cloud_is_live(entity) ? n_told == 0 : !as_value_bool_or(deletes, false);
        }
        AS_VEC_PUSH(n->r.arena, &n->vpcs, made);
        *index = (uint32_t)n->vpcs.n;
    }
    return *index;
}

uint32_t as_gcp_vpc_of(as_gcp_network *n, const as_entity *from, const as_value *v)
{
    const as_entity *entity = as_cloud_target(&n->r, from, v, NETWORK);
    as_str key = entity != NULL ? entity->address : last_part(as_cloud_key(v));
    if (as_value_is_null(v) || key.n == 0) {
        return 0;
    }
    return vpc_at(n, from->unit, key, entity);
}

static void read_networks(as_gcp_network *n)
{
    size_t count;
    const as_entity *const *all = as_graph_of_kind(n->r.graph, AS_STR(NETWORK), &count);
    for (size_t i = 0; i < count; i++) {
        (void)vpc_at(n, all[i]->unit, all[i]->address, all[i]);
    }
}

/* --- peerings --------------------------------------------------------------------------------- */

typedef AS_VEC(uint32_t) pairs;

/* A peering works when both sides have declared it. */
static void add_half(as_gcp_network *n, pairs *half, uint32_t a, uint32_t b)
{
    for (size_t i = 0; a > 0 && b > 0 && i + 1 < half->n; i += 2) {
        if (half->items[i] == b && half->items[i + 1] == a) {
            AS_VEC_PUSH(n->r.arena, &n->vpcs.items[a - 1].peers, b);
            AS_VEC_PUSH(n->r.arena, &n->vpcs.items[b - 1].peers, a);
        }
    }
    AS_VEC_PUSH(n->r.arena, half, a);
    AS_VEC_PUSH(n->r.arena, half, b);
}

static void read_peerings(as_gcp_network *n)
{
    pairs half = {0};
    size_t count;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("google_compute_network_peering"), &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t a = as_gcp_vpc_of(n, all[i], as_cloud_get(&n->r, all[i], "network", NULL));
        uint32_t b = as_gcp_vpc_of(n, all[i], as_cloud_get(&n->r, all[i], "peer_network", NULL));
        add_half(n, &half, a, b);
    }
    all = as_graph_of_type(n->r.graph, AS_STR("gcp:compute:network"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *list = as_cloud_get(&n->r, all[i], NULL, "peerings");
        for (size_t k = 0; k < as_cloud_n(list); k++) {
            const as_value *one = as_cloud_item(list, k);
            as_str state = as_value_str(as_value_get(one, AS_STR("state")));
            if (state.n == 0 || as_str_is(state, "ACTIVE")) {
                uint32_t *own = at_key(n, all[i]->unit, all[i]->address);
                add_half(n, &half, *own,
                        as_gcp_vpc_of(n, all[i], as_value_get(one, AS_STR("network"))));
            }
        }
    }
}

/* --- routes and NAT ----------------------------------------------------------------------------
 */

static void read_routes(as_gcp_network *n)
{
    size_t count;
    const as_entity *const *all = as_graph_of_kind(n->r.graph, AS_STR("gcp.compute.route"), &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t vpc = as_gcp_vpc_of(n, all[i], as_cloud_get(&n->r, all[i], "network", "network"));
        const as_value *range = as_cloud_get(&n->r, all[i], "dest_range", "destRange");
        as_str hop =
                as_value_str(as_cloud_get(&n->r, all[i], "next_hop_gateway", "nextHopGateway"));
        as_gcp_route route = {.span = all[i]->head};
        as_cidr cidr;
        as_str ignored = AS_STR_NONE;
        if (vpc == 0 || !as_value_is(range, AS_STRING) || !as_cidr_parse(range->as.str, &cidr)) {
            continue;
        }
        route.addresses = as_addresses_cidr(n->r.arena, &cidr);
        route.prefix = cidr.prefix;
        route.internet = as_str_ends(hop, "default-internet-gateway");
        route.priority = as_value_int_or(as_cloud_get(&n->r, all[i], "priority", "priority"), 1000);
        as_gcp_add_names(n, as_cloud_get(&n->r, all[i], "tags", "tags"), &route.tags, &ignored);
        AS_VEC_PUSH(n->r.arena, &n->vpcs.items[vpc - 1].routes, route);
    }
}

static void add_nat(
        as_gcp_network *n, const as_entity *router, const as_entity *e, const as_value *v, bool own)
{
    as_gcp_nat nat = {.entity = e};
    uint32_t vpc = as_gcp_vpc_of(n, router, as_cloud_get(&n->r, router, "network", "network"));
    as_str which =
            as_value_str(own ? as_cloud_get(&n->r, e, "source_subnetwork_ip_ranges_to_nat", NULL)
                             : as_value_get(v, AS_STR("sourceSubnetworkIpRangesToNat")));
    as_str ignored = AS_STR_NONE;
    nat.all = as_str_starts(which, "ALL_SUBNETWORKS") || which.n == 0;
    nat.region = last_part(as_value_str(as_cloud_get(&n->r, router, "region", "region")));
    const as_value *names = own ? as_cloud_get(&n->r, e, "subnetwork[].name", NULL)
                                : as_place_walk(n->r.arena, v, AS_STR("subnetworks[].name")).value;
    as_gcp_add_names(n, names, &nat.names, &ignored);
    if (vpc > 0) {
        AS_VEC_PUSH(n->r.arena, &n->vpcs.items[vpc - 1].nats, nat);
    }
}

static void read_nats(as_gcp_network *n)
{
    size_t count;
    const as_entity *const *all =
            as_graph_of_type(n->r.graph, AS_STR("google_compute_router_nat"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_entity *router = as_cloud_target(
                &n->r, all[i], as_cloud_get(&n->r, all[i], "router", NULL), "gcp.compute.router");
        if (router != NULL) {
            add_nat(n, router, all[i], NULL, true);
        }
    }
    all = as_graph_of_type(n->r.graph, AS_STR("gcp:compute:router"), &count);
    for (size_t i = 0; i < count; i++) {
        const as_value *nats = as_cloud_get(&n->r, all[i], NULL, "nats");
        for (size_t k = 0; k < as_cloud_n(nats); k++) {
            add_nat(n, all[i], all[i], as_cloud_item(nats, k), false);
        }
    }
}

/* Whence Google's proxies and health checks come ("Health check ranges"). */
static as_addresses front_ends(as_arena *arena)
{
    static const char *const ranges[] = {"35.191.0.0/16", "130.211.0.0/22"};
    as_addresses all = as_addresses_none();
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        as_cidr cidr;
        if (as_cidr_parse(as_str_from(ranges[i]), &cidr)) {
            all = as_addresses_union(arena, all, as_addresses_cidr(arena, &cidr));
        }
    }
    return all;
}

const as_gcp_names *as_gcp_tags(const as_gcp_rule *rule, const as_gcp_node *node)
{
    return rule->secure ? &node->secure_tags : &node->tags;
}

as_str as_gcp_unsure(const as_gcp_rule *rule, const as_gcp_node *node)
{
    bool by_account = rule->accounts.n > 0 || rule->target_accounts.n > 0;
    return rule->secure && node->no_secure_tags.n > 0 ? node->no_secure_tags
           : rule->secure && !by_account              ? AS_STR_NONE
                                                      : node->unsure;
}

/* Whether a rule is for an instance. */
as_truth as_gcp_targets(const as_gcp_rule *rule, const as_gcp_node *node)
{
    if (rule->target_tags.n == 0 && rule->target_accounts.n == 0) {
        return AS_YES;
    }
    bool hit = as_gcp_share(&rule->target_tags, as_gcp_tags(rule, node)) ||
               as_gcp_share(&rule->target_accounts, &node->accounts);
    return hit ? AS_YES : as_gcp_unsure(rule, node).n > 0 ? AS_MAYBE : AS_NO;
}

/* Of the hundreds of rules of a network few are for one instance. */
static as_gcp_rules *rules_for(
        as_gcp_network *n, const as_gcp_node *node, const as_gcp_interface *f, bool egress)
{
    const as_gcp_vpc *vpc = f->vpc > 0 ? &n->vpcs.items[f->vpc - 1] : NULL;
    size_t n_lists = vpc != NULL ? vpc->lists.n : 0;
    as_gcp_rules *all = AS_NEW_ARRAY(n->r.arena, as_gcp_rules, n_lists);
    for (size_t l = 0; l < n_lists; l++) {
        const as_gcp_list *list = vpc->lists.items[l];
        for (size_t i = 0; i < list->rules.n; i++) {
            const as_gcp_rule *rule = &list->rules.items[i];
            if (rule->egress == egress && as_gcp_targets(rule, node) != AS_NO) {
                AS_VEC_PUSH(n->r.arena, &all[l].rules, rule);
            }
        }
    }
    return all;
}

static void find_rules(as_gcp_network *n)
{
    as_gcp_node **first = AS_NEW_ARRAY(n->r.arena, as_gcp_node *, n->n_classes);
    for (size_t i = 0; i < n->nodes.n; i++) {
        as_gcp_node *node = &n->nodes.items[i];
        for (int way = 0; first[node->class] == NULL && way < 2; way++) {
            as_gcp_rules **all = AS_NEW_ARRAY(n->r.arena, as_gcp_rules *, node->interfaces.n);
            for (size_t k = 0; k < node->interfaces.n; k++) {
                all[k] = rules_for(n, node, &node->interfaces.items[k], way == 1);
            }
            node->rules[way] = all;
        }
        if (first[node->class] == NULL) {
            first[node->class] = node;
        }
        node->rules[0] = first[node->class]->rules[0];
        node->rules[1] = first[node->class]->rules[1];
    }
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static void add_texts(as_buf *key, const as_gcp_names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        as_buf_fmt(key, "%.*s,", AS_STR_ARG(names->items[i]));
    }
}

/* Nodes that no rule tells apart are of one class. */
static uint32_t class_of(as_gcp_network *n, const as_gcp_node *node, const as_indexes *forwards)
{
    as_buf key;
    as_buf_init(&key, n->r.arena, 0);
    as_buf_fmt(&key, "u%u k%d p%u t", node->entity->unit->id, (int)node->kind, node->listens->id);
    add_texts(&key, &node->tags);
    as_buf_cstr(&key, " s");
    add_texts(&key, &node->accounts);
    as_buf_cstr(&key, " x");
    add_texts(&key, &node->secure_tags);
    as_buf_fmt(&key, " q%zu,%zu", node->unsure.n, node->no_secure_tags.n);
    if (node->has_allowed || node->kind == AS_GCP_BALANCER) {
        as_buf_fmt(&key, " e%u", node->entity->id);
    }
    for (size_t i = 0; i < node->interfaces.n; i++) {
        const as_gcp_interface *f = &node->interfaces.items[i];
        as_buf_fmt(&key, ";v%u p%d,%d m%zu r%.*s s%u ", f->vpc, (int)f->is_public, (int)f->has_v6,
                f->no_addresses.n, AS_STR_ARG(f->region), f->subnet != NULL ? f->subnet->id : 0);
        for (size_t r = 0; r < f->addresses.n; r++) {
            as_address_range_write(&key, f->addresses.ranges[r]);
        }
    }
    for (size_t i = 0; i < forwards->n; i++) { /* who hands on to it, and what */
        const as_cloud_forward *f = &n->forwards.items[forwards->items[i]];
        as_buf_fmt(&key, " b%u %u %u %d", f->balancer, f->front->id, f->back->id, f->keeps_source);
    }
    uint32_t *class = as_map_get(&n->classes, as_buf_view(&key));
    if (class == NULL) {
        class = AS_NEW(n->r.arena, uint32_t);
        *class = n->n_classes++;
        as_map_put(n->r.arena, &n->classes, as_buf_view(&key), class);
    }
    return *class;
}

void as_gcp_add_node(as_gcp_network *n, as_gcp_node node)
{
    n->node_of[node.entity->id] = (uint32_t)n->nodes.n + 1;
    AS_VEC_PUSH(n->r.arena, &n->nodes, node);
}

as_gcp_network *as_gcp_network_read(as_arena *arena, const as_graph *graph)
{
    as_gcp_network *n = AS_NEW(arena, as_gcp_network);
    n->r = as_cloud_reader_new(arena, graph);
    n->node_of = AS_NEW_ARRAY(arena, uint32_t, as_graph_count(graph) + 1);
    n->internet = as_addresses_internet(arena);
    n->front_ends = front_ends(arena);
    read_networks(n);
    as_gcp_read_nodes(n);
    if (n->nodes.n == 0) {
        return n;
    }
    as_gcp_read_secure_tags(n);
    as_gcp_read_balancers(n);
    read_peerings(n);
    read_routes(n);
    read_nats(n);
    as_gcp_read_rules(n);
    as_indexes *forwards = AS_NEW_ARRAY(arena, as_indexes, n->nodes.n);
    for (uint32_t i = 0; i < n->forwards.n; i++) {
        AS_VEC_PUSH(arena, &forwards[n->forwards.items[i].node], i);
    }
    for (size_t i = 0; i < n->nodes.n; i++) {
        n->nodes.items[i].class = class_of(n, &n->nodes.items[i], &forwards[i]);
    }
    find_rules(n);
    return n;
}
