/* Answers of accounts and clusters: told by words, since their keys are those of each service. */
#include "parsers/detect/detect.h"

enum { GLANCE = 4096 };

bool as_detect_live(as_str path, as_str text, as_file_kind *kind)
{
    size_t slash = as_str_rfind_char(path, '/');
    as_str base = slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
    as_str front = as_str_slice(text, 0, GLANCE);

    if (as_str_is(base, "manifest.json") && as_str_contains(front, "\"assay-snapshot\"")) {
        *kind = AS_FILE_SNAPSHOT;
        return true;
    }
    return false;
}
