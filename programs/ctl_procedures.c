/* Importing procedures: what differs is shown, every fault is told, then it is applied. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/ctl.h"

#define PATH "/v1/admin/procedures"
#define PART_BYTES ((size_t)900 * 1024) /* a request takes 1 MiB */
#define PART_ROWS 2000

/* The file's rows by code, so that those of one code travel together and are held against each
 * other. */
struct rows {
    const json_t *all;
    size_t *order;
    size_t n;
};

struct difference {
    json_t *counts, *rows, *faults;
};

static const char *code_of(const json_t *all, size_t i)
{
    const char *code = json_string_value(json_object_get(json_array_get(all, i), "code"));
    return code ? code : "";
}

static int by_code(const void *x, const void *y, void *all)
{
    size_t a = *(const size_t *)x, b = *(const size_t *)y;
    int order = strcmp(code_of(all, a), code_of(all, b));
    return order ? order : (a > b) - (a < b);
}

/* How many rows from `from` on are sent together: whole codes, one at least. */
static size_t take(const struct rows *r, size_t from, json_t **ret)
{
    size_t bytes = 2, n = 0, whole = 0;
    *ret = json_array();
    while (from + n < r->n && n < PART_ROWS) {
        json_t *row = json_array_get(r->all, r->order[from + n]);
        bytes += json_dumpb(row, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) + 1;
        if (n > 0 && strcmp(code_of(r->all, r->order[from + n]),
                            code_of(r->all, r->order[from + n - 1])) != 0)
            whole = n;
        if (bytes > PART_BYTES && whole > 0)
            break;
        json_array_append(*ret, row);
        n++;
    }
    if (from + n < r->n && whole > 0) {
        while (n > whole)
            json_array_remove(*ret, --n);
    }
    return n;
}

/* A pointer into the part, as one into the file. */
static void add_fault(struct difference *d, const struct rows *r, size_t from, json_t *fault)
{
    const char *pointer = json_string_value(json_object_get(fault, "pointer"));
    char *rest = NULL;
    size_t at = pointer && *pointer == '/' ? strtoul(pointer + 1, &rest, 10) : 0;
    if (rest && from + at < r->n)
        json_object_set_new(fault, "pointer", json_sprintf("/%zu%s", r->order[from + at], rest));
    json_array_append(d->faults, fault);
}

static void add_part(struct difference *d, const struct rows *r, size_t from, const json_t *answer)
{
    static const char *const members[] = {"new", "changed", "ended", "unchanged", "more_faults"};
    const json_t *faults = json_object_get(answer, "faults");
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_int_t before = json_integer_value(json_object_get(d->counts, members[i]));
        json_int_t more = json_integer_value(json_object_get(answer, members[i]));
        json_object_set_new(d->counts, members[i], json_integer(before + more));
    }
    json_array_extend(d->rows, json_object_get(answer, "rows"));
    for (size_t i = 0; i < json_array_size(faults); i++)
        add_fault(d, r, from, json_array_get(faults, i));
}

static int send(struct ctl *c, const struct rows *r, bool check, struct difference *ret)
{
    *ret = (struct difference){json_object(), json_array(), json_array()};
    for (size_t at = 0, n = 0; at < r->n; at += n) {
        CLEANUP(json_decrefp) json_t *part = NULL;
        CLEANUP(json_decrefp) json_t *answer = NULL;
        n = take(r, at, &part);
        int status = ctl_call(c, "PUT", check ? PATH "?check=true" : PATH, part, at, &answer);
        if (status != CTL_DONE)
            return status;
        add_part(ret, r, at, answer);
        ctl_progress(check ? "checked" : "imported", (int64_t)(at + n), (int64_t)r->n, NULL);
    }
    ctl_progress_end();
    return CTL_DONE;
}

static void release(struct difference *d)
{
    json_decref(d->counts);
    json_decref(d->rows);
    json_decref(d->faults);
}

/* --- showing ---------------------------------------------------------------------------------- */

static int tell_faults(const struct ctl *c, const struct difference *d)
{
    json_int_t more = json_integer_value(json_object_get(d->counts, "more_faults"));
    size_t n = json_array_size(d->faults);
    for (size_t i = 0; i < n; i++) {
        const json_t *fault = json_array_get(d->faults, i);
        ctl_fail("%s %s: %s", c->args[0], json_string_value(json_object_get(fault, "pointer")),
                 json_string_value(json_object_get(fault, "en")));
    }
    return ctl_fail("%s: nothing was written; faults: %lld", c->args[0], (long long)n + more);
}

static void show(struct ctl *c, const struct difference *d)
{
    static const struct ctl_column columns[] = {
        {"Mã", "code"}, {"Phiên bản", "version_no"}, {"Thay đổi", "change"}, {"Tên", "name"}, {0}};
    static const struct ctl_column counts[] = {{"Mới", "new"},
                                               {"Phiên bản mới", "changed"},
                                               {"Đổi ngày hết hiệu lực", "ended"},
                                               {"Giữ nguyên", "unchanged"},
                                               {0}};
    if (c->json) {
        CLEANUP(json_decrefp)
        json_t *all = json_pack("{s:O, s:O}", "counts", d->counts, "rows", d->rows);
        ctl_json(all);
        return;
    }
    if (json_array_size(d->rows) > 0)
        ctl_table(c, d->rows, columns);
    ctl_facts(c, d->counts, counts);
}

static bool agreed(const struct ctl *c)
{
    char answer[16] = "";
    if (ctl_option(c, "--yes"))
        return true;
    if (!isatty(STDIN_FILENO)) {
        fprintf(stderr, "tramctl: nothing was written; --yes applies it\n");
        return false;
    }
    fprintf(stderr, "Áp dụng? Apply? [y/N] ");
    return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

static int import(struct ctl *c, const struct rows *r)
{
    CLEANUP(release) struct difference differs = {0};
    CLEANUP(release) struct difference done = {0};
    int status = send(c, r, true, &differs);
    if (status != CTL_DONE)
        return status;
    if (json_array_size(differs.faults) > 0)
        return tell_faults(c, &differs);
    show(c, &differs);
    if (ctl_option(c, "--check") || json_array_size(differs.rows) == 0 || !agreed(c))
        return CTL_DONE;
    status = send(c, r, false, &done);
    if (status == CTL_DONE && json_array_size(done.faults) > 0)
        return tell_faults(c, &done);
    return status;
}

int ctl_procedures_import(struct ctl *c)
{
    CLEANUP(json_decrefp) json_t *all = NULL;
    int status = ctl_read_json(c->args[0], CTL_FILE_MAX, &all);
    if (status != CTL_DONE)
        return status;
    if (!json_is_array(all) || json_array_size(all) == 0)
        return ctl_fail("%s: not a list of rows", c->args[0]);
    struct rows r = {all, NULL, json_array_size(all)};
    r.order = arena_array(c->arena, r.n, sizeof(*r.order));
    for (size_t i = 0; i < r.n; i++)
        r.order[i] = i;
    qsort_r(r.order, r.n, sizeof(*r.order), by_code, all);
    return import(c, &r);
}
