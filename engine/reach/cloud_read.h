/* How the networks of clouds are read: attributes by Terraform's names (also of plans and states)
 * or by those of the API's answers, the entities that they name, networks, ports.
 *
 * An attribute of a plan that is computed and that nothing in the configuration sets is read as
 * left out: what a provider makes of that is its default, not an open question. */
#ifndef AS_REACH_CLOUD_READ_H
#define AS_REACH_CLOUD_READ_H

#include "engine/base/truth.h"
#include "engine/graph/graph.h"
#include "engine/reach/packets.h"
#include "engine/schema/schema.h"

/* Who reads, and where results live. */
typedef struct as_cloud_reader {
    as_arena *arena;
    const as_graph *graph;
    as_packet_space space;
    const as_ports *universe;
} as_cloud_reader;

typedef AS_VEC(uint32_t) as_indexes;

as_cloud_reader as_cloud_reader_new(as_arena *arena, const as_graph *graph);

bool as_cloud_is_live(const as_entity *entity);
bool as_cloud_is(const as_entity *entity, const char *type);
/* Paths as in the schema's language: "a.b", "a[].b". NULL where this source has none. */
const as_value *as_cloud_get(
        const as_cloud_reader *r, const as_entity *entity, const char *terraform, const char *live);
/* The same below a value of that entity: an element of a list of blocks. */
const as_value *as_cloud_at(const as_cloud_reader *r, const as_entity *entity, const as_value *v,
        const char *terraform, const char *live);
/* Elements: of a list; of anything else that is there, itself. */
size_t as_cloud_n(const as_value *v);
const as_value *as_cloud_item(const as_value *v, size_t i);

/* The first entity of a kind that a value stands for; NULL: none. */
const as_entity *as_cloud_target(
        const as_cloud_reader *r, const as_entity *from, const as_value *v, const char *kind);
/* What a value says, to compare: its text, else what it refers to ("data.aws_vpc.main"), else why
 * it is not known. */
as_str as_cloud_key(const as_value *v);
bool as_cloud_refers_to(const as_value *v, const char *type); /* "aws_internet_gateway" */
as_str as_cloud_doubt(const as_value *v, const char *otherwise);
as_truth as_cloud_truth(const as_value *v, as_truth fallback);
bool as_cloud_number(const as_value *v, int64_t *out); /* numbers, and texts of them */

/* Adds networks of a list (or one text); what is not known sets *unsure. */
void as_cloud_add_cidrs(
        const as_cloud_reader *r, const as_value *v, as_addresses *out, as_str *unsure);
as_addresses as_cloud_v4(as_arena *arena, as_addresses a);
as_addresses as_cloud_v6(as_arena *arena, as_addresses a);

#endif
