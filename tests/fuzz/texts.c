/* Small languages: selectors, quantities, versions, patterns, packets, expressions of workflows,
 * queries. */
#include <stdlib.h>

#include "engine/base/cidr.h"
#include "engine/base/path_glob.h"
#include "engine/base/regex.h"
#include "engine/base/semver.h"
#include "engine/query/query.h"
#include "engine/reach/calico_selector.h"
#include "engine/reach/packets.h"
#include "parsers/detect/ignore.h"
#include "parsers/kubernetes/quantity.h"
#include "parsers/workflows/expression.h"
#include "tests/fuzz/fuzz.h"

static void match(as_arena *arena, as_str pattern, as_str subject)
{
    as_regex_error error;
    const as_regex *re = as_regex_compile(arena, pattern, &error);
    as_regex_scan scan;
    size_t end = 0;

    if (!re) {
        (void)as_regex_error_text(arena, &error);
        return;
    }
    as_regex_scan_begin(&scan, re, subject);
    while (as_regex_next(&scan)) {
        if (scan.groups[0].begin < end || scan.groups[0].end > subject.n)
            abort();
        end = scan.groups[0].end;
    }
}

void fuzz_texts(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_selector selector;
    as_semver version;
    const char *problem;
    as_str error, line, rest = text;
    as_cidr cidr;
    double number;
    bool satisfied;

    (void)sources;
    (void)detail;
    if (!as_str_split(&rest, '\n', &line))
        return;
    if (as_selector_from_text(arena, line, &selector))
        (void)as_selector_match(&selector, NULL);
    (void)as_calico_selector_parse(arena, line, &problem);
    (void)!as_quantity_parse(line, &number);
    if (!as_semver_parse(rest, &version) &&
            as_semver_satisfies(arena, line, &version, &satisfied, &error) &&
            as_semver_compare(&version, &version) != 0)
        abort();
    if (as_cidr_parse(line, &cidr) && !as_cidr_contains(&cidr, &cidr))
        abort();
    match(arena, line, rest);
    as_ignore ignore = {.arena = arena};
    as_ignore_add(&ignore, AS_STR(""), text);
    (void)as_ignore_match(&ignore, AS_STR("a/b/main.tf"), false);
}

/* --- packets ---------------------------------------------------------------------------------- */

/* A line "CIDR protocol first last" as a set. */
static as_packets read_set(const as_packet_space *space, as_str line)
{
    as_str word[4] = {{0}};
    as_cidr cidr;
    unsigned protocol = AS_PROTOCOL_TCP;
    int64_t first = 0, last = 65535;

    for (size_t i = 0; i < 4 && as_str_split(&line, ' ', &word[i]); i++)
        continue;
    if (!as_cidr_parse(word[0], &cidr))
        return as_packets_none();
    (void)!as_protocol_parse(word[1], &protocol);
    (void)!as_str_to_int(word[2], &first);
    (void)!as_str_to_int(word[3], &last);
    return as_packets_of(space, as_addresses_cidr(space->arena, &cidr),
            as_ports_range(
                    space->ports, protocol, (uint32_t)(first & 0xffff), (uint32_t)(last & 0xffff)));
}

static void must(bool holds)
{
    if (!holds)
        abort();
}

void fuzz_packets(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_packet_space space = as_packet_space_new(arena);
    as_packets a = as_packets_none(), all = as_packets_all(&space);
    as_str line;

    (void)sources;
    (void)detail;
    for (size_t i = 0; i < 64 && as_str_split(&text, '\n', &line); i++) {
        as_packets b = read_set(&space, line);
        as_packets both = as_packets_intersect(&space, a, b);
        as_packets only = as_packets_subtract(&space, a, b);
        as_packets any = as_packets_union(&space, a, b);
        must(as_packets_equal(as_packets_union(&space, both, only), a));
        must(as_packets_is_empty(as_packets_intersect(&space, only, b)));
        must(as_packets_equal(as_packets_subtract(&space, any, only), b));
        must(as_packets_subset(&space, a, any) && as_packets_subset(&space, any, all));
        must(as_packets_equal(
                as_packets_subtract(&space, all, as_packets_subtract(&space, all, any)), any));
        a = i % 3 == 2 ? as_packets_subtract(&space, any, both) : any;
    }
}

/* --- expressions ------------------------------------------------------------------------------ */

void fuzz_workflow_expression(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_expression e = {0};

    (void)sources;
    (void)detail;
    bool good = as_expression_parse(arena, text, &e);
    must(good == (e.error == NULL));
    for (size_t i = 0; good && i < e.reads.n; i++)
        must(e.reads.items[i].begin <= e.reads.items[i].end && e.reads.items[i].end <= text.n);
    size_t end = as_expression_end(text, 0);
    must(end == (size_t)-1 || end + 2 <= text.n);
}

void fuzz_query(as_arena *arena, as_sources *sources, const char *detail, as_str text)
{
    as_graph *graph = as_graph_new(arena);
    as_query_result result = {0};
    as_str problem = {0};
    as_diags diags;

    (void)detail;
    as_diags_init(&diags, arena);
    as_graph_link(graph);
    as_query *query = as_query_parse(arena, text, &problem);
    must((query == NULL) == (problem.n > 0));
    if (query)
        as_query_run(query, graph, sources, arena, &diags, &result);
}
