/* Targets under libFuzzer: ASSAY_FUZZ names the one. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static const as_fuzz_target *chosen;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    if (*argc > 1 && strcmp((*argv)[1], "--list") == 0) {
        as_fuzz_list();
        exit(0);
    }
    chosen = as_fuzz_find(getenv("ASSAY_FUZZ"));
    if (!chosen) {
        fprintf(stderr, "ASSAY_FUZZ names no target\n");
        exit(2);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_fuzz_run(chosen, data, size);
    return 0;
}
