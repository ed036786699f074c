/* Packaged charts (.tgz), unpacked in memory under Helm's rules (pkg/chart/loader/archive). */
#ifndef AS_HELM_ARCHIVE_H
#define AS_HELM_ARCHIVE_H

#include "parsers/helm/chart.h"

/* The members of the archive without their first folder. False after a refusal, which is in the
 * loader's diags: not gzip, entries that leave the folder, too many, too large. */
bool as_helm_archive_read(
        as_helm_loader *loader, const as_source *archive, as_helm_files *out) AS_MUST_CHECK;

#endif
