/* Shared by the files of the configuration; not for others. */
#pragma once

#include "base/arena.h"
#include "base/config.h"

#define CONFIG_ENV_PREFIX "TRAM_"

/* A value as its type reads it. */
struct config_value {
    const struct config_key *key;
    const char *text;   /* as written */
    const char *origin; /* "tram.ini:12", "environment", NULL for the fallback */
    int64_t number;     /* INT, SIZE, DURATION, BOOL */
    struct config_list list;
};

/* NULL, or English words for why `text` is not a value of the key. Memory is the arena's. */
const char *config_value_read(struct arena *a, const char *text, struct config_value *value);

/* "http.port" gives "TRAM_HTTP_PORT". */
char *config_env_name(struct arena *a, const char *name);

/* A bound as a person writes it: 65536 of a SIZE gives "64k". */
char *config_number_text(struct arena *a, enum config_type type, int64_t number);

/*
 * Appends a regular file of at most `max` bytes to `ret`, leaving no other copy in memory; NULL, or
 * English words for what is wrong. A secret may not be readable by everybody.
 */
const char *config_file_read(const char *path, size_t max, bool secret, struct buf *ret);
