/*
 * The log: one JSON object a line on stderr, written by a thread of its own. Callers never block:
 * lines go through a bounded ring (4,096 lines, 4 MiB; a line at most 64 KiB), and what does not
 * fit is counted and told in a later line. A forked child writes its lines at once. No personal
 * data, ever. Only programs/, gateway/ and push/ log; libraries return errors.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

int log_start(int fd); /* starts the thread; before it, lines go to stderr at once */
void log_stop(void);   /* writes what is left and ends the thread; nobody else logs meanwhile */
uint64_t log_dropped(void);

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
void log_set_level(enum log_level least);

/* A finished JSON object without newline, as the gateway's request line. */
void log_line(const char *json, size_t n);
/* Several of them at once, a newline between; together at most 64 KiB. */
void log_many(const char *json, size_t n, size_t lines);
/* {"time":…,"level":…,"message":…,"k":"v",…}: pairs of const char * ended by NULL. */
void log_event(enum log_level level, const char *message, ...) __attribute__((sentinel));
