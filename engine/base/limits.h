/* Every ceiling that hostile input meets, in one place. Passing one is a diagnostic, never a crash.
 * The values are far above what real projects need and far below what hurts the machine. */
#ifndef AS_BASE_LIMITS_H
#define AS_BASE_LIMITS_H

#define AS_MAX_FILE_BYTES ((size_t)512 << 20) /* one input file */
#define AS_MAX_TEXT_BYTES ((size_t)64 << 20)  /* one string built by an expression or template */
#define AS_MAX_DEPTH 512                      /* nesting of any input syntax */
#define AS_MAX_CALL_DEPTH 100                 /* include/tpl, module calls, subcharts */
#define AS_MAX_YAML_ALIAS_NODES ((size_t)1 << 20) /* nodes that alias expansion may stand for */
#define AS_MAX_INCLUDE_DEPTH 1000                 /* one template within itself, as Helm allows */
#define AS_MAX_INSTANCES ((size_t)100000)         /* count / for_each of one block */
#define AS_MAX_APPLICATIONS ((size_t)10000)       /* that one generator of Argo CD's gives */
#define AS_MAX_STEPS ((uint64_t)200000000)        /* evaluation steps of one module tree or chart */
#define AS_MAX_WORK ((uint64_t)200000000)   /* as_arena_spend in one unit of work: some seconds */
#define AS_MAX_UNIT_BYTES ((size_t)2 << 30) /* memory of one unit of work */
#define AS_MAX_ARCHIVE_BYTES ((size_t)256 << 20) /* unpacked size of one archive */
#define AS_MAX_ARCHIVE_FILES 20000
#define AS_MAX_DIAGS 1000 /* kept per unit of work */
#define AS_MAX_FILES 1000000
#define AS_MAX_ADDRESS_RANGES ((size_t)1 << 20) /* ranges of one set of addresses or packets */
#define AS_MAX_CONNECTIONS ((size_t)10000000)   /* lines of one list of connections */
#define AS_MAX_PORT_SETS ((size_t)1 << 20)      /* different sets of ports in one analysis */
#define AS_MAX_SAME_NAME 8                      /* objects that one name of a manifest stands for */
#define AS_MAX_SELECTIONS ((size_t)1 << 20)     /* edges by label selector in one graph */
#define AS_MAX_AGGREGATED_RULES ((size_t)100000) /* that cluster roles take in by their labels */
#define AS_MAX_EXPOSURES ((size_t)1 << 18)       /* endpoints that services and gateways lead to */
#define AS_PCRE2_MATCH_LIMIT 1000000
#define AS_PCRE2_HEAP_KIB 20000

#endif
