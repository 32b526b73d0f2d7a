/*
 * Long work that an operator asked for: one at a time, on a thread of its own; its progress is
 * asked for by id. What was finished is remembered while the program runs, the last JOBS_KEPT.
 * Thread-safe.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

#define JOBS_KEPT 16

struct job_board;
struct job;

int jobs_new(struct job_board **ret);
void jobs_free(struct job_board *b); /* tells the running one to stop, and waits for it */

/* What is done; returns 0 or a failure. `ctx` is freed by `free_ctx` at the end. */
typedef int (*job_fn)(struct job *job, void *ctx);

/* Starts it. `kind` is static. E_BUSY while another runs, E_NOMEM; then ctx is freed here. */
int jobs_start(struct job_board *b, const char *kind, job_fn fn, void *ctx,
               void (*free_ctx)(void *), struct id *ret);

/* The state of one: {id, kind, state, step?, done, total?, result?, error?}; NULL if unknown. */
json_t *jobs_show(struct job_board *b, const struct id *id);

/* --- from within the work --------------------------------------------------------------------- */

/* `step` is copied; total 0: not known. */
void job_tell(struct job *job, const char *step, int64_t done, int64_t total);
void job_result(struct job *job, json_t *result); /* takes the reference */
bool job_stopped(struct job *job);                /* it is to end soon, as E_UNAVAILABLE */
