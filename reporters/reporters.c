#include "reporters/reporter.h"

#define AS_REPORTER(name, text) extern const as_reporter as_reporter_##name;
#include "reporters/reporters.def"
#undef AS_REPORTER
#define AS_REPORTER(name, text) &as_reporter_##name,
const as_reporter *const as_reporters[] = {
#include "reporters/reporters.def"
        NULL};

const as_reporter *as_reporter_find(as_str name)
{
    for (size_t i = 0; as_reporters[i]; i++)
        if (as_str_is(name, as_reporters[i]->name))
            return as_reporters[i];
    return NULL;
}
