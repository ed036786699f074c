/* The fact graph: everything that was found, as entities and typed, directed edges.
 *
 * Parsers produce resources; as_graph_add turns each into an entity of the kind that the schema
 * gives its type. as_graph_link then joins what belongs together (satellites, references, names)
 * and the graph is read-only: rules on several threads read it without locks.
 *
 * Arrays that functions return are borrowed from the graph, or lie in `arena` where one is passed.
 * Ids follow the order of addition, which is fixed by path and address, so every walk over the
 * graph is deterministic. */
#ifndef AS_GRAPH_GRAPH_H
#define AS_GRAPH_GRAPH_H

#include "engine/base/diag.h"
#include "engine/base/map.h"
#include "engine/value/value.h"

typedef enum as_origin {
    AS_ORIGIN_TERRAFORM,
    AS_ORIGIN_PLAN,
    AS_ORIGIN_STATE,
    AS_ORIGIN_HELM,
    AS_ORIGIN_KUSTOMIZE,
    AS_ORIGIN_MANIFEST,
    AS_ORIGIN_LIVE,
    AS_ORIGIN_WORKFLOW,
    AS_ORIGIN_FILE,
    AS_N_ORIGINS
} as_origin;

const char *as_origin_name(as_origin origin); /* "terraform", "plan", … */

typedef struct as_entity_schema as_entity_schema; /* engine/schema/schema.h */
typedef struct as_entity as_entity;

/* Where a resource was declared from: the module or chart calls around it, innermost first. A
 * suppression on any of these blocks covers the resource. */
typedef struct as_call {
    as_str name; /* "module.vpc", "chart kube-prometheus-stack" */
    as_span span;
    const struct as_call *outer;
} as_call;

/* One evaluation: a Terraform root with one set of variables, a chart with one set of values, a
 * manifest folder, an account. References and names are resolved inside a unit first. */
typedef struct as_unit {
    as_str name; /* the folder or file, with the variant: "envs/prod", "charts/api
                    [values-prod.yaml]" */
    as_str variant;
    as_str environment; /* as found from path, variant or configuration; may be empty */
    as_origin origin;
    uint32_t id;
    bool split; /* another shard of the scan has the rest of it */
} as_unit;

struct as_entity {
    uint32_t id; /* 1 … n */
    as_origin origin;
    const as_unit *unit;
    const as_entity_schema *schema; /* NULL: a type that no schema names; raw is all there is */
    as_str kind; /* "aws.s3.bucket"; of a type without schema: "terraform.resource", "k8s.object" */
    as_str type; /* as its source calls it: "aws_s3_bucket", "apps/v1/Deployment" */
    as_str address; /* "module.data.aws_s3_bucket.logs[\"eu\"]", "Deployment/trading/api", an ARN */
    as_str name;    /* last name in the address: "logs", "api" */
    as_str space;   /* namespace (Kubernetes) or module path (Terraform); may be empty */
    as_str provider;        /* Terraform: configuration address, "aws.eu"; else empty */
    as_str region, account; /* where known */
    as_span span;           /* the block or object; what lacks an attribute is shown here */
    as_span head;           /* its first line: "resource \"aws_s3_bucket\" \"logs\"" */
    const as_value *raw;    /* all attributes: an object */
    const as_value *extra; /* what stands around the attributes: lifecycle, provider, actions … */
    const as_call *calls;
};

/* What a parser hands over. Everything is borrowed and must outlive the graph. */
typedef as_entity as_resource; /* id, schema and kind may be left empty */

typedef enum as_edge_type {
#define AS_EDGE(name) AS_EDGE_##name,
#include "engine/graph/edges.def"
    AS_N_EDGE_TYPES
} as_edge_type;

const char *as_edge_name(as_edge_type type);

typedef struct as_edge {
    as_edge_type type;
    uint32_t from, to; /* entity ids */
    as_span span;      /* what says so */
    as_str label;      /* attribute path or other detail; may be empty */
} as_edge;

typedef struct as_graph as_graph;

as_graph *as_graph_new(as_arena *arena);
/* The entity made of `resource`; its schema is looked up by type and origin. */
as_entity *as_graph_add(as_graph *graph, const as_resource *resource);
void as_graph_add_edge(as_graph *graph, as_edge_type type, const as_entity *from,
        const as_entity *to, as_span span, as_str label);
/* Entities of this kind could not be asked for, or not all of them: in this unit their absence
 * proves nothing. Texts are borrowed. */
void as_graph_add_gap(as_graph *graph, const as_unit *unit, as_str kind, as_str reason);
/* Why what is known of a kind in a unit (NULL: anywhere) may not be all; empty: it is. */
as_str as_graph_gap(const as_graph *graph, const as_unit *unit, as_str kind);
/* The same for edges of a type at an entity: whether what may stand at the other end could be asked
 * for. */
as_str as_graph_edge_gap(
        const as_graph *graph, const as_entity *entity, as_str edge, bool incoming);
/* Joins and indexes everything; afterwards the graph does not change. */
void as_graph_link(as_graph *graph);

size_t as_graph_count(const as_graph *graph);
const as_entity *as_graph_get(const as_graph *graph, uint32_t id); /* NULL for 0 */
/* In order of id. Also by prefix: "k8s." gives none; kinds are exact. */
const as_entity *const *as_graph_of_kind(const as_graph *graph, as_str kind, size_t *n);
const as_entity *const *as_graph_of_type(const as_graph *graph, as_str type, size_t *n);
/* By kind, namespace or module, and name. */
const as_entity *const *as_graph_at(
        const as_graph *graph, as_arena *arena, as_str kind, as_str space, as_str name, size_t *n);
/* "web" of the live service account web@shop.iam.gserviceaccount.com, which is all that code says
 * of it; of others empty. */
as_str as_graph_account_id(const as_entity *live);
/* "Deployment/trading/api": what an object of code is called in its cluster, also of Terraform's
 * kubernetes_* resources. Empty for what is no object, and while its name or namespace is not
 * known. */
as_str as_graph_object_address(as_arena *arena, const as_entity *code);
/* Instances of an address within a unit: "aws_subnet.a" finds "aws_subnet.a[0]" and the others too.
 */
const as_entity *const *as_graph_by_address(
        const as_graph *graph, as_arena *arena, const as_unit *unit, as_str address, size_t *n);
size_t as_graph_n_edges(const as_graph *graph);
/* Whether selectors take more than AS_MAX_SELECTIONS objects, so that edges are missing. */
bool as_graph_is_cut(const as_graph *graph);
/* Edges that leave or reach an entity, in a fixed order. */
const as_edge *const *as_graph_edges_from(const as_graph *graph, uint32_t id, size_t *n);
const as_edge *const *as_graph_edges_to(const as_graph *graph, uint32_t id, size_t *n);
/* The satellites of an entity under a name of its schema ("versioning"); *unsure is set when one
 * of that type is bound to something unknown, so that absence is not proven. */
const as_entity *const *as_graph_satellites(
        const as_graph *graph, const as_entity *owner, as_str name, size_t *n, bool *unsure);
/* Entities that the value refers to or names (by reference, id, ARN or name). */
const as_entity *const *as_graph_targets(const as_graph *graph, as_arena *arena,
        const as_entity *from, const as_value *v, size_t *n);

#endif
