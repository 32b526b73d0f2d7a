/*
 * tramctl: what an operator says to a running tramd through DATA/admin.sock, and the few things
 * that are done to a data folder while no tramd runs. A command is a row of the table in
 * tramctl.c; the files ctl_*.c carry them out.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/cleanup.h"

#define CTL_DATA_DEFAULT "/var/lib/tram"
#define CTL_FILE_MAX ((size_t)32 << 20) /* bytes of a file to import */
#define CTL_OPTIONS_MAX 8               /* of one command */
#define CTL_ARGS_MAX 2

/* What a command ends with: the program's exit status. */
enum ctl_status { CTL_DONE = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

struct ctl_option {
    const char *name;  /* "--agency" */
    const char *value; /* what it takes, as in "CODE"; NULL: a switch */
    const char *words;
};

struct ctl;

struct ctl_command {
    const char *group, *verb; /* verb NULL: the group alone is the command */
    const char *args;         /* "FILE", for the usage */
    int n_args;
    const struct ctl_option *options; /* NULL-name-ended; or NULL */
    const char *words;
    int (*run)(struct ctl *c);
    const char *detail; /* for commands that share a function: a path, a verb */
};

/* One call of the program. */
struct ctl {
    const char *data;  /* the data folder */
    const char *store; /* as tramd's --store; NULL: in the data folder */
    bool json;         /* print what was answered, for programs */
    const struct ctl_command *command;
    const char *args[CTL_ARGS_MAX];
    const char *values[CTL_OPTIONS_MAX]; /* by the command's options; NULL: not given */
    struct arena *arena;
};

/* The value of an option ("" of a switch), NULL if it was not given. */
const char *ctl_option(const struct ctl *c, const char *name);
/* A whole number of an option within bounds; `fallback` if not given. False after a message. */
bool ctl_number(const struct ctl *c, const char *name, long fallback, long least, long most,
                long *ret);

/* To stderr, with the program's name before it. Returns CTL_FAILED. */
int ctl_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A result of base/result.h as a message. */
int ctl_fail_with(const char *what, int result);
/* The same of a file; after E_IO errno says why. */
int ctl_fail_file(const char *file, int result);

/* --- calling tramd ---------------------------------------------------------------------------- */

/*
 * Calls tramd. CTL_DONE and *ret (NULL if the answer has no body; caller json_decref), or
 * CTL_FAILED after telling the problem, its fields line by line. `body` is borrowed, NULL for none.
 * `row_base`: added to the first number of each field's pointer, for imports in parts.
 */
int ctl_call(struct ctl *c, const char *method, const char *path, const json_t *body,
             size_t row_base, json_t **ret);
/* Waits for a job that was begun, showing its progress; the finished job in *ret. */
int ctl_wait(struct ctl *c, json_t *job, json_t **ret);
/* Begins a job by a POST and waits for it. */
int ctl_job(struct ctl *c, const char *path, const json_t *body, json_t **ret);
/* Every page of a list, as one array. */
int ctl_collect(struct ctl *c, const char *path, json_t **ret);
/* Reads a file of at most `max` bytes as JSON; CTL_DONE, or CTL_FAILED after telling what is wrong.
 */
int ctl_read_json(const char *file, size_t max, json_t **ret);
/* Percent-encodes a path segment, in the arena. */
const char *ctl_escape(struct ctl *c, const char *segment);

/* --- showing ---------------------------------------------------------------------------------- */

struct ctl_column {
    const char *title, *member; /* member may lead into objects: "catalogue.rules" */
};
/* A table with aligned columns, or the JSON of it with --json. `columns` NULL-title-ended. */
void ctl_table(struct ctl *c, const json_t *items, const struct ctl_column *columns);
/* One object as lines of "title  value"; members that are absent are left out. */
void ctl_facts(struct ctl *c, const json_t *object, const struct ctl_column *columns);
void ctl_json(const json_t *value);
/* A line that is written over: a bar where total is known. Only on a terminal. */
void ctl_progress(const char *what, int64_t done, int64_t total, void *unused);
void ctl_progress_end(void);

/* --- the keyring of a copied store -------------------------------------------------------------
 */

enum ctl_keyring {
    CTL_KEYRING_SAME = 1,  /* the other folder has it already */
    CTL_KEYRING_OTHER = 2, /* it has another one */
    CTL_KEYRING_NONE = 3,  /* there is none to copy */
};
/* Copies the keyring of one data folder into another, whole or not at all. 0, an outcome of the
 * above, or a failure. */
int ctl_keyring_copy(const char *from, const char *to);

/* --- the commands ----------------------------------------------------------------------------- */

int ctl_import(struct ctl *c); /* detail: what is imported */
int ctl_procedures_import(struct ctl *c);
int ctl_list(struct ctl *c); /* detail: what is listed */
int ctl_webhook_key(struct ctl *c);
int ctl_areas_import(struct ctl *c);
int ctl_calendar_import(struct ctl *c);

int ctl_staff_add(struct ctl *c);
int ctl_staff_passwd(struct ctl *c);
int ctl_staff_switch(struct ctl *c); /* detail: disable, enable */
int ctl_totp(struct ctl *c);

int ctl_keys_rotate(struct ctl *c);
int ctl_keys_rewrap(struct ctl *c);
int ctl_keys_new(struct ctl *c);
int ctl_keys_seal(struct ctl *c);
int ctl_looks_verify(struct ctl *c);
int ctl_consents_verify(struct ctl *c); /* CTL_FAILED where the chain is broken */
int ctl_payments_list(struct ctl *c);
int ctl_payments_refund(struct ctl *c);
int ctl_payments_reconcile(struct ctl *c);
int ctl_dead_replay(struct ctl *c);
int ctl_dead_drop(struct ctl *c);
int ctl_clock_advance(struct ctl *c);
int ctl_status(struct ctl *c);
int ctl_backup(struct ctl *c);
int ctl_rebuild(struct ctl *c);
int ctl_media_check(struct ctl *c); /* CTL_FAILED where files are missing or damaged */

int ctl_restore(struct ctl *c);
int ctl_copy(struct ctl *c);
int ctl_seed(struct ctl *c);
int ctl_steps(struct ctl *c);
int ctl_config(struct ctl *c);
int ctl_openapi(struct ctl *c);
int ctl_version(struct ctl *c);
/* The table of commands as the manual shows it, on stdout. */
void ctl_commands_markdown(const struct ctl_command *commands, size_t n);
