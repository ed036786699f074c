/* What a scan concludes: rule × entity → fail, pass, unknown or suppressed, with the place, the
 * evidence and what to do. Reporters see findings and nothing below them. */
#ifndef AS_RULES_FINDING_H
#define AS_RULES_FINDING_H

#include "engine/graph/graph.h"

typedef enum as_severity {
    AS_SEVERITY_NONE, /* as a threshold: never */
    AS_SEVERITY_INFO,
    AS_SEVERITY_LOW,
    AS_SEVERITY_MEDIUM,
    AS_SEVERITY_HIGH,
    AS_SEVERITY_CRITICAL,
} as_severity;

const char *as_severity_name(as_severity severity);
bool as_severity_parse(as_str text, as_severity *out) AS_MUST_CHECK;

typedef enum as_status { AS_FAIL, AS_PASS, AS_UNSURE, AS_SUPPRESSED } as_status;

const char *as_status_name(as_status status); /* "fail", "pass", "unknown", "suppressed" */

/* An alias, and the case of the rule that it stands for ("" for all of it); an alias of two cases
 * is two of these. */
typedef struct as_alias {
    as_str id;        /* "CKV_AWS_16" */
    as_str fail_case; /* "deletion" */
} as_alias;

/* What a rule weighs where the data is of a classification; AS_SEVERITY_NONE: no finding there. */
typedef struct as_class_severity {
    as_str name; /* "public", "internal", "confidential", "regulated" */
    as_severity severity;
} as_class_severity;

typedef struct as_rule {
    as_str id; /* "AWS-RDS-001" */
    as_str title;
    as_severity severity;
    as_str category;    /* "encryption" */
    as_str description; /* why it matters; Markdown */
    as_str remediation; /* what to write; Markdown */
    as_strs references; /* addresses of documentation */
    as_strs frameworks; /* "NIST-800-53r5:SC-28" */
    as_strs targets;    /* entity kinds of for_each */
    const as_alias *aliases;
    size_t n_aliases;
    const struct as_fix *fixes; /* without a place: field and value */
    size_t n_fixes;
    const as_class_severity *classes;
    size_t n_classes;
    as_strs yields_to; /* rules whose finding at the same place says more about the same fault */
    as_str file;       /* "rules/aws/rds/storage-encrypted.lua", or the user's path */
    uint32_t line;     /* of the check */
    bool builtin;
    bool deprecated;
    int version;     /* raised when verdicts change */
    as_strs changes; /* what each version after the first changed, in order */
} as_rule;

typedef struct as_evidence {
    as_span span;
    as_str note; /* "var.encrypted", "this statement allows any principal" */
} as_evidence;

typedef struct as_fix {
    as_str field; /* "encryption.enabled" */
    as_str value; /* for people: "true" */
    as_str json;  /* the same as JSON, which keeps its type */
    as_str title;
    as_str fail_case; /* of the rule, that it mends; "" for every failure */
    as_span span;     /* what to replace; empty (begin == end) to insert */
    as_str insert;    /* the text */
    bool joined;      /* made together with the one before it: half of it would be wrong */
} as_fix;

typedef struct as_suppression {
    as_str source;               /* "inline", "annotation", "config", "baseline", "checkov", … */
    as_str reason, owner, until; /* may be empty; until as YYYY-MM-DD */
    as_span span;
} as_suppression;

/* YYYY-MM-DD, a day that exists. Such dates compare bytewise. */
bool as_date_valid(as_str date);

typedef struct as_finding {
    const as_rule *rule;
    as_status status;
    as_severity severity; /* after configuration */
    as_str fail_case;     /* which of the rule's cases; may be empty */
    as_strs aliases;      /* of this case alone */
    const as_entity *entity;
    const as_value
            *within; /* the part of the entity to which fixes "within.…" belong; may be NULL */
    as_span span;    /* the attribute, else the head of the block that lacks it */
    as_str message;
    const as_evidence *evidence;
    const as_fix *fixes;
    uint32_t n_evidence;
    uint32_t n_trail; /* the first of the evidence: the way of the value, latest step first; the
                       rule's own follow */
    uint32_t n_fixes;
    const as_suppression *suppression; /* AS_SUPPRESSED only */
    as_str subject; /* normalised evidence for the fingerprint: attribute paths, not lines */
    char fingerprint[65];
} as_finding;

#endif
