/*
 * How far push is behind, seen from outside: the age of the oldest case whose time has come, read
 * from the database itself and not from what the server says of itself.
 */
#pragma once

#include <stdint.h>

/* Looks every 20 ms on a thread of its own; ends the process with a message if it cannot. */
void lag_start(const char *database, const char *kind); /* "report", "dossier" */
int64_t lag_ms(void);                                   /* at the last look; 0: nothing waits */
