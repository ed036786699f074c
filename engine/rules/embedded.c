#include "engine/rules/embedded.h"

as_str as_embedded_text(const as_embedded_file *files, size_t n, const char *end)
{
    for (size_t i = 0; i < n; i++) {
        if (as_str_ends(files[i].path, end)) {
            return files[i].text;
        }
    }
    return AS_STR("");
}
