/* The files of data/ that are part of the program, embedded when it is built (embed.cmake). */
#pragma once

#include <stddef.h>

struct shipped {
    const char *text; /* NUL-terminated */
    size_t n;         /* without the NUL */
};

extern const struct shipped shipped_calendar;   /* data/calendar.json */
extern const struct shipped shipped_communes;   /* data/communes.csv */
extern const struct shipped shipped_categories; /* data/categories.json */
