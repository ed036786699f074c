/* The version of this program. */
#ifndef AS_CLI_VERSION_H
#define AS_CLI_VERSION_H

#define AS_VERSION "0.1.0"
#define AS_INFORMATION_URI                                                                         \
    "https://assay.dev" /* as the annotations of Kubernetes objects have it */

#endif
