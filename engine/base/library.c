#include "engine/base/library.h"

#include <dlfcn.h>
#include <string.h>

bool as_library_load(const char *file, const as_library_slot *slots, size_t n)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);

    for (size_t i = 0; library && i < n; i++) {
        void *found = dlsym(library, slots[i].name);
        if (!found)
            return false;
        /* POSIX has dlsym answer with an object pointer for functions too; the bytes are the same.
         */
        memcpy(slots[i].slot, &found, sizeof found);
    }
    return library != NULL;
}
