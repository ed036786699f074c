/* The state of the language server, between its parts. */
#ifndef AS_LSP_INTERNAL_H
#define AS_LSP_INTERNAL_H

#include "engine/lsp/rpc.h"
#include "engine/scan/scan.h"

/* A document that is open in the editor. */
typedef struct as_lsp_doc {
    as_arena *arena; /* of what follows; a new one with each change */
    as_str uri;
    as_str path; /* absolute, its folder resolved */
    as_str text;
    int64_t version;
    bool dirty; /* changed since it was analysed */
} as_lsp_doc;

/* What is known of a folder: the last scan of it, with the open documents in place of their files.
 */
typedef struct as_lsp_folder {
    as_arena *arena;
    as_str path; /* absolute */
    as_scan *scan;
    const as_scan_options *options;
    AS_VEC(as_str) published; /* URIs that have diagnostics */
    uint64_t used;            /* for throwing the oldest away */
} as_lsp_folder;

enum { AS_LSP_FOLDERS = 8, AS_LSP_DOCS = 512 };

typedef struct as_lsp {
    as_rpc *rpc;
    bool initialized, shutdown, exited;
    bool utf8; /* positions count bytes; else UTF-16 code units */
    as_lsp_doc docs[AS_LSP_DOCS];
    size_t n_docs;
    as_lsp_folder folders[AS_LSP_FOLDERS];
    size_t n_folders;
    uint64_t clock;
} as_lsp;

/* Line from 0; character in the unit that was agreed on. */
typedef struct as_lsp_position {
    size_t line, character;
} as_lsp_position;

/* --- text.c --- */

as_lsp_position as_lsp_position_of(const as_lsp *lsp, as_str text, size_t offset);
/* Clamped to the line and the text. */
size_t as_lsp_offset_of(const as_lsp *lsp, as_str text, as_lsp_position position);
bool as_lsp_read_position(const as_value *v, as_lsp_position *out) AS_MUST_CHECK;
void as_lsp_write_range(const as_lsp *lsp, as_json_out *out, const char *key, as_str text,
        size_t begin, size_t end);
/* file:///a%20b → /a b, its folder resolved; false for other schemes. */
bool as_lsp_path_of_uri(as_arena *arena, as_str uri, as_str *path) AS_MUST_CHECK;
as_str as_lsp_uri_of_path(as_arena *arena, as_str path);
/* The text with the changes of didChange made, one after the other; false when they are malformed.
 */
bool as_lsp_change_text(const as_lsp *lsp, as_arena *arena, as_str text, const as_value *changes,
        as_str *out) AS_MUST_CHECK;

/* --- documents and analysis (analyse.c) --- */

as_lsp_doc *as_lsp_doc_of(as_lsp *lsp, as_str uri); /* NULL: not open */
/* The scan of the folder of the document, up to date. NULL: it is of no interest. */
as_lsp_folder *as_lsp_analysed(as_lsp *lsp, as_arena *arena, const as_lsp_doc *doc);
/* Analyses what has changed and tells the editor. */
void as_lsp_refresh(as_lsp *lsp);
void as_lsp_forget(as_lsp *lsp, as_lsp_doc *doc);
void as_lsp_release(as_lsp *lsp);
/* The source of the scan that is the document; NULL: it was not read. */
const as_source *as_lsp_source_of(as_arena *arena, const as_lsp_folder *folder, as_str path);
/* A block is marked by its first line only: where that ends. */
size_t as_lsp_shown_end(as_str text, as_span span);
/* Where a source lies; "" when it is in no file of its own. */
as_str as_lsp_path_of_source(as_arena *arena, const as_report *report, const as_source *source);
/* The entities that are written in the source at the offset, the innermost first. */
typedef AS_VEC(const as_entity *) as_lsp_entities;
void as_lsp_entities_at(as_arena *arena, const as_report *report, const as_source *source,
        size_t offset, as_lsp_entities *out);

/* --- answers: they write "result" --- */

void as_lsp_hover(as_lsp *lsp, const as_rpc_message *message, as_json_out *out, as_lsp_doc *doc,
        size_t offset);
void as_lsp_definition(as_lsp *lsp, const as_rpc_message *message, as_json_out *out,
        as_lsp_doc *doc, size_t offset);
void as_lsp_actions(as_lsp *lsp, const as_rpc_message *message, as_json_out *out, as_lsp_doc *doc,
        size_t begin, size_t end);

/* --- rule files (rule_file.c) --- */

bool as_lsp_is_rule(const as_lsp_doc *doc);
void as_lsp_check_rule(as_lsp *lsp, as_arena *arena, const as_lsp_doc *doc);
void as_lsp_hover_rule(
        const as_lsp *lsp, as_arena *arena, as_json_out *out, const as_lsp_doc *doc, size_t offset);

#endif
