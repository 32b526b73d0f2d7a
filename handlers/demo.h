/*
 * Demonstration data: a folder with agencies.json, routes.json, procedures.json, staff.json
 * and rosters.json, loaded together with the shipped categories through the same imports as the
 * operator's. Its accounts have secrets that everybody can read (domain/staff/demo.h).
 */
#pragma once

#include "handlers/app.h"

/*
 * Loads the folder; what is equal and accounts that exist stay as they are. For an empty store.
 * `categories`: the shipped data/categories.json. The built-in schemas were loaded before.
 * E_CORRUPT with lines in `faults` where a file is missing or not right. Slow (six Argon2 hashes).
 */
int demo_load(struct app *app, const char *folder, const char *categories, size_t n_categories,
              struct buf *faults);

/* Whether demo_load was begun on this store and did not come to its end. */
int demo_begun(struct app *app, bool *ret);
