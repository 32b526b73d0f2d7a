#include "domain/procedure/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/procedure/private.h"
#include "schemas/builtin.h"

#define ROW_SCHEMA "admin_procedure"
#define BATCH 100 /* documents inserted at once */
/* Bytes of a version; the store's own fields need some of what a document may have. */
#define VERSION_MAX (STORE_DOC_MAX - 16 * 1024)

const struct entity_name procedure_changes[] = {
    {0},
    [PROCEDURE_NEW] = {"new", {"Mới", "New"}},
    [PROCEDURE_CHANGED] = {"changed", {"Phiên bản mới", "New version"}},
    [PROCEDURE_ENDED] = {"ended", {"Đổi ngày hết hiệu lực", "Other last day"}},
    [PROCEDURE_UNCHANGED] = {"unchanged", {"Giữ nguyên", "Unchanged"}},
    {0},
};

/* One row on its way in. */
struct incoming {
    struct procedure p;
    size_t at;  /* its place in the array */
    bool dated; /* `from` was given */
    bool bad;
};

struct import {
    const struct procedure_import_world *world;
    struct procedure_import_result *result;
    struct arena *arena;
    const json_t *json;
    struct incoming *rows;
    size_t n;
    int64_t today;
    const char *today_text;
    struct incoming *current; /* whose faults are told */
};

static void fault_at(void *ctx, const char *pointer, const char *vi, const char *en)
{
    struct import *in = ctx;
    struct procedure_import_result *r = in->result;
    in->current->bad = true;
    if (r->n_faults == PROCEDURE_FAULTS_MAX) {
        r->more_faults++;
        return;
    }
    if ((r->n_faults & (r->n_faults - 1)) == 0) { /* full at each power of two */
        struct procedure_import_fault *grown =
            arena_array(in->arena, r->n_faults ? r->n_faults * 2 : 1, sizeof(*grown));
        if (r->n_faults > 0)
            memcpy(grown, r->faults, r->n_faults * sizeof(*grown));
        r->faults = grown;
    }
    r->faults[r->n_faults++] = (struct procedure_import_fault){
        arena_printf(in->arena, "/%zu%s", in->current->at, pointer), vi, en};
}

/* --- reading rows ----------------------------------------------------------------------------- */

static bool fits_schema(struct import *in, json_t *row)
{
    struct schema_violations violations;
    int done = schema_check(schema_builtin(ROW_SCHEMA), row, in->arena, NULL, &violations);
    for (size_t i = 0; done == SCHEMA_VIOLATED && i < violations.n; i++)
        fault_at(in, violations.items[i].pointer, violations.items[i].vi, violations.items[i].en);
    if (done != 0 && done != SCHEMA_VIOLATED)
        fault_at(in, "", "Dòng này quá phức tạp", "The row is too complex");
    return done == 0;
}

/* Each part within its bounds, and the whole still too large to be stored. */
static void check_size(struct import *in, const struct procedure *p)
{
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    struct procedure row = *p;
    if (entity_encode(&procedure_entity, &row, NULL, in->arena, doc) != 0 || doc->len > VERSION_MAX)
        fault_at(in, "", "Dòng này quá lớn (hơn 240 KiB)", "The row is too large (above 240 KiB)");
}

static void read_row(struct import *in, struct incoming *row, json_t *json)
{
    const struct fault_sink sink = {fault_at, in, in->arena};
    in->current = row;
    if (!fits_schema(in, json))
        return;
    const char *bad = entity_read(&procedure_entity, json, in->arena, &row->p);
    if (bad) {
        fault_at(in, bad, "Giá trị không hợp lệ hoặc quá dài",
                 "The value is not valid or too long");
        return;
    }
    row->dated = row->p.from != NULL;
    version_check(&row->p, json, in->world->catalogue, &sink);
    check_size(in, &row->p);
}

/* --- which version a row is ------------------------------------------------------------------- */

static bool same_text(const char *x, const char *y)
{
    return x && y ? strcmp(x, y) == 0 : x == y;
}

static int change_of(const struct procedure *old, const struct procedure *p, struct arena *a)
{
    if (!version_same(old, p, a))
        return PROCEDURE_CHANGED;
    return same_text(old->until, p->until) ? PROCEDURE_UNCHANGED : PROCEDURE_ENDED;
}

static int64_t number_of(const char *day)
{
    int64_t number = 0;
    for (const char *d = day; *d; d++)
        number = *d == '-' ? number : number * 10 + (*d - '0');
    return number;
}

/* Stored already, not stored, or stored otherwise and in force: a fault. */
static int against_own_day(struct import *in, const struct procedure *old,
                           const struct procedure *p)
{
    int change = change_of(old, p, in->arena);
    if (change == PROCEDURE_CHANGED && old->from_day <= in->today)
        fault_at(in, "/from",
                 "Phiên bản của ngày này đã có hiệu lực, không sửa được: hãy nêu ngày bắt đầu mới",
                 "The version of this day holds already and cannot be changed: give a later day");
    return change;
}

/* Decides what the row comes to, given the latest version before it (NULL: none). */
static int decide(struct import *in, struct incoming *row, const struct procedure *last)
{
    struct procedure *p = &row->p;
    if (!row->dated && last) {
        int change = change_of(last, p, in->arena);
        if (change != PROCEDURE_CHANGED) {
            p->from = last->from;
            return change;
        }
        if (last->from_day >= in->today) {
            fault_at(in, "/from",
                     "Đã có phiên bản từ hôm nay hoặc về sau: hãy nêu ngày bắt đầu của bản mới",
                     "A version begins today or later: say when the new one begins");
            return change;
        }
    }
    if (!row->dated)
        p->from = in->today_text;
    const struct procedure *old = procedure_version(in->world->book, p->code, number_of(p->from));
    if (old)
        return against_own_day(in, old, p);
    if (last && strcmp(p->from, last->from) <= 0)
        fault_at(in, "/from", "Đã có phiên bản bắt đầu muộn hơn", "A later version is there");
    return last ? PROCEDURE_CHANGED : PROCEDURE_NEW;
}

/* Rows of one code in the order of their days; those without a day behind. */
static int by_code_and_day(const void *x, const void *y)
{
    const struct incoming *a = *(struct incoming *const *)x, *b = *(struct incoming *const *)y;
    int order = strcmp(a->p.code, b->p.code);
    if (order == 0 && a->dated != b->dated)
        order = a->dated ? -1 : 1;
    if (order == 0 && a->dated)
        order = strcmp(a->p.from, b->p.from);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

static const struct procedure *latest_stored(const struct import *in, const char *code)
{
    size_t n = 0;
    const struct procedure *first = procedure_versions(in->world->book, code, &n);
    return n > 0 ? &first[n - 1] : NULL;
}

/* Two rows of one code: not the same day, nor a day that the earlier one still claims. */
static void check_neighbours(struct import *in, const struct procedure *before,
                             const struct incoming *row)
{
    if (strcmp(before->code, row->p.code) != 0)
        return;
    if (same_text(before->from, row->p.from))
        fault_at(in, row->dated ? "/from" : "/code",
                 "Thủ tục này đã có trong tệp với cùng ngày bắt đầu",
                 "The procedure stands in the file with the same first day");
    else if (before->until && strcmp(before->until, row->p.from) >= 0)
        fault_at(in, "/from", "Chồng lên thời gian hiệu lực của phiên bản trước trong tệp",
                 "Overlaps with the version before it in the file");
}

static void place_row(struct import *in, struct incoming *row, const struct procedure *before,
                      int *ret_change)
{
    in->current = row;
    const struct procedure *last = latest_stored(in, row->p.code);
    bool together = before && strcmp(before->code, row->p.code) == 0;
    bool later = together && (!last || strcmp(before->from, last->from) > 0);
    *ret_change = decide(in, row, later ? before : last);
    if (!row->p.from)
        row->p.from = in->today_text;
    row->p.version = number_of(row->p.from);
    if (before)
        check_neighbours(in, before, row);
    if (procedure_ready(&row->p) != 0)
        fault_at(in, "/from", "Ngày không hợp lệ", "Not a day");
    if (row->p.until && strcmp(row->p.until, row->p.from) < 0 && !row->dated)
        fault_at(in, "/until", "Ngày hết hiệu lực trước ngày có hiệu lực",
                 "It ends before it begins");
}

static void place_rows(struct import *in)
{
    struct procedure_import_result *r = in->result;
    struct incoming **order = arena_array(in->arena, in->n, sizeof(struct incoming *));
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (in->rows[i].p.code && !in->rows[i].bad)
            order[n++] = &in->rows[i];
    }
    qsort(order, n, sizeof(struct incoming *), by_code_and_day);
    for (size_t i = 0; i < n; i++) {
        int change = 0;
        place_row(in, order[i], i > 0 ? &order[i - 1]->p : NULL, &change);
        r->rows[order[i]->at] = (struct procedure_import_row){order[i]->p.code, order[i]->p.name,
                                                              order[i]->p.version, change};
        r->counts[change]++;
    }
}

/* --- writing ---------------------------------------------------------------------------------- */

struct batch {
    struct store_new_doc docs[BATCH];
    const struct procedure *rows[BATCH];
    size_t n;
};

/* What was there already is put as it is now: an import that was cut off, another at once. */
static int flush(struct import *in, struct batch *b)
{
    int done = store_insert(in->world->store, &procedure_collection, b->docs, b->n);
    for (size_t i = 0; i < b->n; i++) {
        int outcome = b->docs[i].outcome;
        bson_destroy((bson_t *)b->docs[i].body);
        if (done == 0 && outcome == STORE_EXISTS)
            outcome = version_put(in->world->store, b->rows[i], in->world->now_ms);
        done = done == 0 ? outcome : done;
    }
    b->n = 0;
    return done;
}

static int add(struct import *in, struct batch *b, struct procedure *p)
{
    bson_t *body = bson_new();
    p->revision = 1;
    int done = entity_encode(&procedure_entity, p, NULL, in->arena, body);
    if (done != 0) {
        bson_destroy(body);
        return done;
    }
    b->docs[b->n] = (struct store_new_doc){.id = procedure_id(p->code, p->version), .body = body};
    b->rows[b->n++] = p;
    return b->n == BATCH ? flush(in, b) : 0;
}

static int write_row(struct import *in, struct batch *b, struct procedure *p, int change)
{
    if (change == PROCEDURE_UNCHANGED)
        return 0;
    if (!procedure_version(in->world->book, p->code, p->version))
        return add(in, b, p);
    return version_put(in->world->store, p, in->world->now_ms);
}

static int write_rows(struct import *in)
{
    struct batch *b = arena_alloc(in->arena, sizeof(*b));
    int done = 0;
    for (size_t i = 0; i < in->n && done == 0; i++) {
        done = write_row(in, b, &in->rows[i].p, in->result->rows[i].change);
        if (in->world->tell)
            in->world->tell("procedures", (int64_t)i + 1, (int64_t)in->n, in->world->ctx);
    }
    int flushed = b->n > 0 ? flush(in, b) : 0;
    if (done == 0)
        done = flushed;
    return done == 0 ? procedure_mark(in->world->store, in->world->now_ms) : done;
}

int procedure_import(const struct procedure_import_world *w, const json_t *json, struct arena *a,
                     struct procedure_import_result *ret)
{
    *ret = (struct procedure_import_result){0};
    struct import in = {.world = w, .result = ret, .arena = a, .json = json};
    in.n = json_array_size(json);
    in.rows = arena_array(a, in.n, sizeof(*in.rows));
    in.today = clock_day_number(w->now_ms);
    struct clock_date d = clock_date_of_day(in.today);
    in.today_text = arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
    ret->rows = arena_array(a, in.n, sizeof(*ret->rows));
    ret->n_rows = in.n;
    for (size_t i = 0; i < in.n; i++) {
        in.rows[i].at = i;
        read_row(&in, &in.rows[i], json_array_get(json, i));
    }
    place_rows(&in);
    if (ret->n_faults > 0)
        return PROCEDURE_FAULTY;
    return w->only_check ? 0 : write_rows(&in);
}
