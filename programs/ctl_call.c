/* Calling tramd and telling what it answered. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/net/unix_call.h"
#include "base/result.h"
#include "programs/ctl.h"
#include "programs/stores.h"

#define CALL_TIMEOUT_MS (INT64_C(5) * 60 * 1000)
#define ASK_EVERY_MS 200

const char *ctl_option(const struct ctl *c, const char *name)
{
    for (int i = 0; c->command->options && c->command->options[i].name; i++) {
        if (strcmp(c->command->options[i].name, name) == 0)
            return c->values[i];
    }
    return NULL;
}

bool ctl_number(const struct ctl *c, const char *name, long fallback, long least, long most,
                long *ret)
{
    const char *text = ctl_option(c, name);
    char *end = NULL;
    *ret = text ? strtol(text, &end, 10) : fallback;
    if (!text || (*text && !*end && *ret >= least && *ret <= most))
        return true;
    ctl_fail("%s: a number from %ld to %ld", name, least, most);
    return false;
}

int ctl_fail(const char *fmt, ...)
{
    va_list ap;
    ctl_progress_end();
    fprintf(stderr, "tramctl: ");
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n");
    return CTL_FAILED;
}

int ctl_fail_with(const char *what, int result)
{
    return ctl_fail("%s: %s", what, result_words(result));
}

int ctl_fail_file(const char *file, int result)
{
    return result == E_IO ? ctl_fail("%s: %s", file, strerror(errno)) : ctl_fail_with(file, result);
}

const char *ctl_escape(struct ctl *c, const char *segment)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(c->arena, strlen(segment) * 3 + 1), *end = out;
    for (const unsigned char *p = (const unsigned char *)segment; *p; p++) {
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= 'a' && *p <= 'z') || strchr("-._~", *p);
        if (plain) {
            *end++ = (char)*p;
        } else {
            *end++ = '%';
            *end++ = digits[*p >> 4];
            *end++ = digits[*p & 15];
        }
    }
    *end = '\0';
    return out;
}

/* --- problems --------------------------------------------------------------------------------- */

/* "/3/code" with base 2000 is "/2003/code" of the whole file. */
static const char *shift_pointer(struct ctl *c, const char *pointer, size_t base)
{
    char *rest = NULL;
    unsigned long row = base && pointer[0] == '/' ? strtoul(pointer + 1, &rest, 10) : 0;
    return rest ? arena_printf(c->arena, "/%lu%s", row + base, rest) : pointer;
}

/* A problem of RFC 9457: its title and detail, then each field that is not right. */
static int tell_problem(struct ctl *c, int status, const json_t *problem, size_t base)
{
    const char *title = json_string_value(json_object_get(problem, "title"));
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    ctl_fail("%s%s%s (%d)", title ? title : "tramd answered", detail ? ": " : "",
             detail ? detail : "", status);
    const json_t *errors = json_object_get(problem, "errors"), *error;
    size_t i;
    json_array_foreach((json_t *)errors, i, error)
    {
        const char *pointer = json_string_value(json_object_get(error, "pointer"));
        const char *words = json_string_value(json_object_get(error, "detail"));
        fprintf(stderr, "  %s  %s\n", shift_pointer(c, pointer ? pointer : "", base),
                words ? words : "");
    }
    return CTL_FAILED;
}

/* --- calls ------------------------------------------------------------------------------------ */

static int tell_failure(struct ctl *c, const char *socket, int result)
{
    if (result == E_UNAVAILABLE)
        return ctl_fail("no tramd listens at %s (is it running, is --data %s right?)", socket,
                        c->data);
    return ctl_fail_with(socket, result);
}

int ctl_call(struct ctl *c, const char *method, const char *path, const json_t *body,
             size_t row_base, json_t **ret)
{
    const char *socket = arena_printf(c->arena, "%s/" STORES_SOCKET, c->data);
    CLEANUP(freep) char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    CLEANUP(http_reply_release) struct http_reply reply;
    *ret = NULL;
    int done =
        unix_call(socket, method, path, text, text ? strlen(text) : 0, CALL_TIMEOUT_MS, &reply);
    if (done != 0)
        return tell_failure(c, socket, done);
    struct json_fault fault;
    CLEANUP(json_decrefp) json_t *answer = NULL;
    if (reply.body_n > 0 && json_read(reply.body, reply.body_n, &answer, &fault) != 0)
        return ctl_fail("tramd's answer is not JSON: %s", fault.words);
    if (reply.status < 200 || reply.status > 299)
        return tell_problem(c, reply.status, answer, row_base);
    *ret = STEAL(answer);
    return CTL_DONE;
}

int ctl_collect(struct ctl *c, const char *path, json_t **ret)
{
    CLEANUP(json_decrefp) json_t *all = json_array();
    const char *at = path;
    while (at) {
        CLEANUP(json_decrefp) json_t *page = NULL;
        int status = ctl_call(c, "GET", at, NULL, 0, &page);
        if (status != CTL_DONE)
            return status;
        json_array_extend(all, json_object_get(page, "items"));
        const char *next = json_string_value(json_object_get(page, "next"));
        at = next ? arena_printf(c->arena, "%s%ccursor=%s", path, strchr(path, '?') ? '&' : '?',
                                 next)
                  : NULL;
    }
    *ret = STEAL(all);
    return CTL_DONE;
}

int ctl_wait(struct ctl *c, json_t *job, json_t **ret)
{
    const char *id = json_string_value(json_object_get(job, "id"));
    const char *path = arena_printf(c->arena, "/v1/admin/jobs/%s", id ? id : "");
    for (;;) {
        int status = ctl_call(c, "GET", path, NULL, 0, ret);
        if (status != CTL_DONE)
            return status;
        const char *state = json_string_value(json_object_get(*ret, "state"));
        const char *step = json_string_value(json_object_get(*ret, "step"));
        if (state && strcmp(state, "running") != 0)
            break;
        ctl_progress(step ? step : "", json_integer_value(json_object_get(*ret, "done")),
                     json_integer_value(json_object_get(*ret, "total")), NULL);
        json_decref(*ret);
        *ret = NULL;
        nanosleep(&(struct timespec){.tv_nsec = ASK_EVERY_MS * 1000000L}, NULL);
    }
    ctl_progress_end();
    const char *error = json_string_value(json_object_get(*ret, "error"));
    return error ? ctl_fail("%s", error) : CTL_DONE;
}
