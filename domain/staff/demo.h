/*
 * The accounts of demo/staff.json have secrets that everybody can read. They are known here, so
 * that a program that was not started as a demonstration can refuse to serve with one of them.
 */
#pragma once

#include "domain/staff/staff.h"

/* TOTP secrets in base32; NULL-ended. Must be those of demo/staff.json. */
extern const char *const staff_demo_secrets[];

/* Looks at every account. 0 with *ret_user NULL, or the first active account (its name in the
 * arena) that has a demo secret. */
int staff_demo_find(struct store *s, const struct keyring *keys, struct arena *a,
                    const char **ret_user);
