/*
 * The configuration: key tables that live with their owners, an ini file, the environment.
 * "[http] port = 8080" and TRAM_HTTP_PORT=8080 both set http.port; the environment wins. Secrets
 * are never values: a key of CONFIG_SECRET_FILE, named "….secret_file", holds the path of a file,
 * and when empty the systemd credential named like the key without ".secret_file" is taken.
 * In the file a line holds at most 198 bytes, " ;" begins a comment, and a list goes on in lines
 * that begin with a space, each of whole items. A loaded configuration never changes and may be
 * read by any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum config_type {
    CONFIG_TEXT,        /* min and max bound the bytes */
    CONFIG_INT,         /* min and max bound the value */
    CONFIG_BOOL,        /* true, yes, on; false, no, off */
    CONFIG_SIZE,        /* bytes, with k, m or g for powers of 1024 */
    CONFIG_DURATION,    /* "250ms", "30s", "5m", "2h", "7d"; read as milliseconds */
    CONFIG_LIST,        /* items separated by commas; min and max bound their number */
    CONFIG_SECRET_FILE, /* a path */
};

struct config_key {
    const char *name; /* "http.port"; lower case, digits, '_' and '.'. NULL ends a table */
    enum config_type type;
    const char *fallback; /* as in the file; "" is an empty text or list; NULL: must be given */
    int64_t min, max;     /* both 0: not bounded; sizes and durations are never negative */
    const char *words_en; /* one sentence for the manual */
};

struct config_list {
    const char *const *items;
    size_t n;
};

#define CONFIG_SECRET_MAX ((size_t)64 * 1024) /* bytes of a secret */

struct config; /* owns everything that the lookups return */

/*
 * Reads `path` (NULL: no file) and the environment against n tables, which must outlive *ret.
 * E_CONFIG: `faults` holds every fault found, one a line, as "tram.ini:12: http.prt: unknown key".
 * TRAM_* variables that name no key are faults too, but for TRAM_TEST_*.
 */
int config_load(const struct config_key *const *tables, size_t n, const char *path,
                struct config **ret, struct buf *faults);
void config_free(struct config *c);

/* Lookups end the process if the name is not in a table or its type is another. */
const char *config_text(const struct config *c, const char *name); /* TEXT; never NULL */
int64_t config_int(const struct config *c, const char *name);      /* INT, SIZE, DURATION */
bool config_bool(const struct config *c, const char *name);
struct config_list config_list(const struct config *c, const char *name);

enum config_outcome { CONFIG_UNSET = 1 };

/*
 * Appends the bytes of the secret, exactly as the file has them (a text may end with a newline), to
 * `ret`, whose owner wipes it. CONFIG_UNSET if neither file nor credential is configured, E_CONFIG
 * if the file cannot be read, is empty, has more than CONFIG_SECRET_MAX bytes, is not a regular
 * file or may be read by everybody.
 */
int config_secret(const struct config *c, const char *name, struct buf *ret);

/* The tables as the manual shows them, and as a commented ini file. */
void config_markdown(const struct config_key *const *tables, size_t n, struct buf *ret);
void config_example(const struct config_key *const *tables, size_t n, struct buf *ret);
