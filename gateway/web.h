/*
 * The pages, as they stand in web/: compiled in, so that the program is one file and what it serves
 * is what was built.
 */
#pragma once

#include <stddef.h>

struct web_file {
    const char *path; /* "desk/index.html" */
    const char *type, *etag;
    const char *bytes;
    size_t n;
};
extern const struct web_file web_files[]; /* ended by a NULL path */
