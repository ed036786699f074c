/* Keys and certificates: sprig's crypto.go. */
#include "parsers/gotmpl/crypto.h"

const as_go_type as_go_certificate = {
        .kind = AS_GO_STRUCT, .name = "sprig.certificate", .has_members = true};

const as_go_func as_funcs_cert[] = {{0}};
