/* The version of this program. */
#ifndef AS_CLI_VERSION_H
#define AS_CLI_VERSION_H

#define AS_VERSION "0.1.0"

#endif
