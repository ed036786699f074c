#include "reporters/common.h"

as_place as_place_of(const as_report *report, as_span span)
{
    const as_source *source = as_sources_get(report->sources, span.file);
    as_place place = {0};

    if (!source)
        return place;
    place.path = source->path;
    place.begin = as_sources_position(report->sources, span.file, span.begin);
    place.end = as_sources_position(report->sources, span.file, span.end);
    return place;
}

as_span as_finding_span(const as_finding *finding)
{
    if (finding->span.file != 0 || !finding->entity)
        return finding->span;
    return finding->entity->head.file != 0 ? finding->entity->head : finding->entity->span;
}

as_place as_finding_place(const as_report *report, const as_finding *finding)
{
    return as_place_of(report, as_finding_span(finding));
}

as_place as_diag_place(const as_report *report, const as_diag *diag)
{
    as_place place = as_place_of(report, diag->span);

    if (place.path.n == 0)
        place.path = diag->path;
    return place;
}

as_str as_finding_address(const as_finding *finding)
{
    return finding->entity ? finding->entity->address : AS_STR("");
}

as_str as_unique_fingerprint(as_arena *arena, as_map *seen, const as_finding *finding)
{
    as_str text = as_str_from(finding->fingerprint);
    size_t *count = as_map_get(seen, text);

    if (!count) {
        count = AS_NEW(arena, size_t);
        as_map_put(arena, seen, text, count);
    }
    if (++*count == 1)
        return text;
    return as_str_fmt(arena, "%s:%zu", finding->fingerprint, *count);
}

bool as_finding_is_known(const as_finding *finding)
{
    return finding->suppression && as_str_is(finding->suppression->source, "baseline");
}

const char *as_diag_severity_name(as_diag_severity severity)
{
    static const char *const names[] = {
            [AS_DIAG_NOTE] = "note", [AS_DIAG_WARNING] = "warning", [AS_DIAG_ERROR] = "error"};

    return names[severity];
}

as_str as_strs_join(as_arena *arena, as_strs strs, const char *separator)
{
    as_buf buf;

    as_buf_init(&buf, arena, 0);
    for (size_t i = 0; i < strs.n; i++) {
        as_buf_cstr(&buf, i > 0 ? separator : "");
        as_buf_str(&buf, strs.items[i]);
    }
    return as_buf_view(&buf);
}

void as_buf_count(as_buf *buf, size_t n, const char *word)
{
    as_buf_fmt(buf, "%zu %s%s", n, word, n == 1 ? "" : "s");
}
