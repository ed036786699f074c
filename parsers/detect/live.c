/* Answers of accounts and clusters: told by words, since their keys are those of each service. */
#include "parsers/detect/detect.h"

enum { GLANCE = 4096 };

/* Exports of Cloud Asset Inventory, lists that gcloud printed. */
static bool holds_assets(as_str front)
{
    static const char *const lists[] = {"\"kind\": \"compute#", "\"kind\": \"sql#",
            "\"kind\": \"storage#", "\"kind\": \"dns#", "\"name\": \"projects/",
            "\"selfLink\": \"https://container.googleapis.com/", "\"lifecycleState\": \"ACTIVE\""};
    as_str text = as_str_trim(front);
    bool asset =
            as_str_contains(front, "\"assetType\"") || as_str_contains(front, "\"asset_type\"");

    if (asset && as_str_contains(front, ".googleapis.com/"))
        return as_str_starts(text, "[") || as_str_starts(text, "{");
    for (size_t i = 0; as_str_starts(text, "[") && i < sizeof lists / sizeof *lists; i++)
        if (as_str_contains(front, lists[i]))
            return true;
    return false;
}

bool as_detect_live(as_str path, as_str text, as_file_kind *kind)
{
    size_t slash = as_str_rfind_char(path, '/');
    as_str base = slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
    as_str front = as_str_slice(text, 0, GLANCE);

    if (as_str_is(base, "manifest.json") && as_str_contains(front, "\"assay-snapshot\"")) {
        *kind = AS_FILE_SNAPSHOT;
        return true;
    }
    if (as_str_ends(base, "json") && holds_assets(front)) {
        *kind = AS_FILE_GCP;
        return true;
    }
    if (as_str_ends(base, ".ndjson")) {
        *kind = AS_FILE_SNAPSHOT_PART;
        return true;
    }
    return false;
}
