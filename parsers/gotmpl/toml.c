#include "parsers/gotmpl/json.h"

bool as_go_toml_write(as_gotmpl *t, as_buf *buf, const as_go *v)
{
    (void)buf;
    (void)v;
    return as_go_fail(t, "toml: unsupported");
}

bool as_go_toml_read(as_gotmpl *t, as_str text, as_go *out)
{
    (void)text;
    (void)out;
    return as_go_fail(t, "toml: unsupported");
}
