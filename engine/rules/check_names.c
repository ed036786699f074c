#include "engine/rules/check_names.h"

as_str as_check_name_id(as_str name)
{
    size_t low = 0, high = as_check_names_n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = as_str_cmp(as_check_names[middle].name, name);
        if (order == 0)
            return as_check_names[middle].id;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return name;
}
