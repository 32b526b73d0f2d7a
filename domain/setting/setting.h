/*
 * What administrators set as a whole file: the calendar, the communes, their borders. Each is a
 * name and a blob; it survives a restart and is there for every process of a shared store.
 */
#pragma once

#include "domain/area/area.h"
#include "domain/calendar/calendar.h"
#include "domain/entity/entity.h"
#include "store/store.h"

#define SETTING_CALENDAR "calendar" /* JSON, domain/calendar/calendar.h */
#define SETTING_COMMUNES "communes" /* CSV, domain/area/area.h */
#define SETTING_BORDERS "borders"   /* GeoJSON, domain/area/area.h */
#define SETTING_MAX AREA_GEOJSON_MAX

struct setting {
    const char *name;
    struct id blob;
    int64_t size; /* bytes */
    int64_t set_ms;
    int64_t revision;
};
extern const struct entity setting_entity;
extern const struct store_collection setting_collection;

struct id setting_id(const char *name);
/* 0 or STORE_ABSENT: nobody set it. */
int setting_get(struct store *s, const char *name, struct arena *a, struct setting *ret);
/* The bytes, appended to `ret`. 0, STORE_ABSENT, E_CORRUPT. */
int setting_read(struct store *s, const char *name, struct buf *ret);
/* Stores the bytes (at most SETTING_MAX) as a new blob, then names it; the old blob is removed. */
int setting_put(struct store *s, const char *name, const void *bytes, size_t n, int64_t now_ms);
/* The same where what is set has this revision (0: nothing is), else STORE_REVISED. */
int setting_put_at(struct store *s, const char *name, const void *bytes, size_t n, int64_t now_ms,
                   int64_t revision);

/*
 * What is in force at start: what was set, or else what the program ships. E_CORRUPT with lines in
 * `faults` if a stored text no longer loads.
 */
int setting_load_calendar(struct store *s, const char *shipped, size_t n, struct buf *faults,
                          struct calendar **ret);
int setting_load_areas(struct store *s, const char *shipped_communes, size_t n, struct buf *faults,
                       struct area_set **ret);
