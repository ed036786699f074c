#include "engine/base/diag.h"

#include <stdarg.h>

#include "engine/base/buf.h"
#include "engine/base/limits.h"

void as_diags_init(as_diags *diags, as_arena *arena)
{
    *diags = (as_diags){.arena = arena};
}

static as_str AS_PRINTF(2, 0) format(as_arena *arena, const char *fmt, va_list args)
{
    as_buf buf;
    as_buf_init(&buf, arena, 0);
    as_buf_vfmt(&buf, fmt, args);
    return as_buf_view(&buf);
}

/* Counts the diagnostic, and keeps it with its summary while there is room. */
static void AS_PRINTF(3, 0) keep(as_diags *diags, as_diag diag, const char *fmt, va_list args)
{
    diags->n_errors += diag.severity == AS_DIAG_ERROR;
    diags->n_warnings += diag.severity == AS_DIAG_WARNING;
    if (diags->list.n < AS_MAX_DIAGS) {
        diag.path = as_str_dup(diags->arena, diag.path);
        diag.summary = format(diags->arena, fmt, args);
        AS_VEC_PUSH(diags->arena, &diags->list, diag);
    }
}

void as_diags_add(as_diags *diags, as_diag_severity severity, const char *code, as_span span,
        const char *summary_fmt, ...)
{
    va_list args;
    va_start(args, summary_fmt);
    keep(diags, (as_diag){.severity = severity, .code = code, .span = span}, summary_fmt, args);
    va_end(args);
}

void as_diags_add_path(as_diags *diags, as_diag_severity severity, const char *code, as_str path,
        const char *summary_fmt, ...)
{
    va_list args;
    va_start(args, summary_fmt);
    keep(diags, (as_diag){.severity = severity, .code = code, .path = path}, summary_fmt, args);
    va_end(args);
}

void as_diags_detail(as_diags *diags, const char *fmt, ...)
{
    if (diags->list.n == 0 || diags->list.n >= AS_MAX_DIAGS) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    diags->list.items[diags->list.n - 1].detail = format(diags->arena, fmt, args);
    va_end(args);
}

void as_diags_append(as_diags *diags, const as_diags *from)
{
    for (size_t i = 0; i < from->list.n; i++) {
        as_diag diag = from->list.items[i];
        diag.path = as_str_dup(diags->arena, diag.path);
        diag.summary = as_str_dup(diags->arena, diag.summary);
        diag.detail = as_str_dup(diags->arena, diag.detail);
        AS_VEC_PUSH(diags->arena, &diags->list, diag);
    }
    diags->n_errors += from->n_errors;
    diags->n_warnings += from->n_warnings;
}
