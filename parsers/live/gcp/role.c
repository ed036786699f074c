/* What a collector may do, as a custom role. */
#include <stdlib.h>

#include "parsers/live/gcp/assets.h"
#include "parsers/live/gcp/collect.h"

/* https://cloud.google.com/asset-inventory/docs/access-control; the first two are all that the
 * inventory needs. */
static const char *const inventory[] = {"cloudasset.assets.listResource",
        "cloudasset.assets.listIamPolicy", "resourcemanager.projects.get"};

as_str as_gcp_role(as_arena *arena)
{
    as_buf out;

    as_buf_init(&out, arena, 0);
    as_buf_cstr(&out, "# gcloud iam roles create assayRead --project PROJECT --file FILE  (or "
                      "--organization ID)\n"
                      "# Where Cloud Asset Inventory is off, give roles/iam.securityReviewer and "
                      "roles/viewer too: then the\n"
                      "# services themselves are asked.\n"
                      "# For the members of groups: roles/resourcemanager.organizationViewer on "
                      "the organisation, and the\n"
                      "# account among the Groups Readers of Cloud Identity (Admin console, "
                      "admin roles).\n"
                      "title: assay read\n"
                      "description: Lists resources and IAM policies through Cloud Asset "
                      "Inventory; changes nothing\n"
                      "stage: GA\nincludedPermissions:\n");
    for (size_t i = 0; i < sizeof inventory / sizeof *inventory; i++)
        as_buf_fmt(&out, "  - %s\n", inventory[i]);
    return as_buf_view(&out);
}
