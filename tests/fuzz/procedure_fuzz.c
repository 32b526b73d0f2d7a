/*
 * A row of an import, a record separator (0x1e) and answers to its form; the row as text is also
 * what somebody searches for. Whatever it is, the import ends and says where it is wrong, and what
 * it takes can be asked everything.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "domain/procedure/import.h"
#include "domain/procedure/private.h"
#include "schemas/builtin.h"
#include "schemas/normalise.h"

#define SEPARATOR 0x1e
#define NOW_MS INT64_C(1772420400000) /* 2026-03-02 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct agency offices[] = {{.code = "H12.01", .active = true},
                                        {.code = "H12.10", .active = true}};
static const struct catalogue catalogue = {.agencies = offices, .n_agencies = 2};

static void load_schemas(void)
{
    static struct arena kept;
    const char *words = NULL;
    if (schema_builtin("admin_procedure"))
        return;
    arena_init(&kept);
    if (schema_builtin_load(&kept, &words) != 0)
        abort();
}

static json_t *parse(const uint8_t *bytes, size_t n, struct arena *a)
{
    struct json_fault fault;
    const char *pointer = NULL;
    json_t *value = NULL;
    if (json_read((const char *)bytes, n, &value, &fault) != 0)
        return NULL;
    if (schema_normalise(a, value, &pointer) == 0)
        return value;
    json_decref(value);
    return NULL;
}

static void ask(const struct procedure *p, const json_t *answers, struct arena *a)
{
    struct procedure_need needs[PROCEDURE_COMPONENTS_MAX];
    struct procedure_bill bill;
    size_t n = procedure_components_needed(p, answers, needs);
    const struct procedure_component *lacks = procedure_lacks(needs, n, NULL, 0);
    if (n > p->components.n || (lacks && !lacks->code))
        abort();
    for (size_t i = 0; i < n; i++)
        procedure_condition_words(needs[i].component->when, p, PROCEDURE_VI, a);
    procedure_fee(p, PROCEDURE_ONLINE, answers, NULL, 0, &bill);
    if (bill.total < 0)
        abort();
    procedure_deciding_agency(p, &catalogue, procedure_commune(p, answers));
}

static void search(struct procedure *p, const uint8_t *bytes, size_t n, struct arena *a)
{
    struct procedure_hit *hits = NULL;
    const struct procedure_book b = {.items = p, .n = 1, .index = index_new(p, 1, a)};
    char *text = text_nfc(a, (const char *)bytes, n);
    if (text)
        procedure_search(&b, text, NOW_MS, NULL, NULL, a, &hits);
    if (procedure_in_force(p, NOW_MS) &&
        (procedure_search(&b, p->code, NOW_MS, NULL, NULL, a, &hits) != 1 ||
         hits[0].rank != PROCEDURE_RANK_CODE))
        abort(); /* by its own code it is always found */
}

static void import(json_t *row, const json_t *answers, const uint8_t *bytes, size_t n,
                   struct arena *a)
{
    const struct procedure_book none = {0};
    const struct procedure_import_world w = {
        .book = &none, .catalogue = &catalogue, .now_ms = NOW_MS, .only_check = true};
    CLEANUP(json_decrefp) json_t *rows = json_pack("[O]", row);
    struct procedure_import_result r;
    struct procedure p = {0};
    int done = procedure_import(&w, rows, a, &r);
    if (done < 0 || (done == PROCEDURE_FAULTY) != (r.n_faults > 0))
        abort();
    for (size_t i = 0; i < r.n_faults; i++) {
        if (r.faults[i].pointer[0] != '/' || !*r.faults[i].vi || !*r.faults[i].en)
            abort();
    }
    if (done != 0)
        return;
    if (entity_read(&procedure_entity, row, a, &p) != NULL)
        abort();
    p.from = p.from ? p.from : "2026-01-01";
    if (procedure_ready(&p) != 0 || (p.form && !procedure_form(&p)))
        abort();
    ask(&p, answers, a);
    ask(&p, NULL, a);
    search(&p, bytes, n, a);
    procedure_forget(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const uint8_t *separator = n > 0 ? memchr(bytes, SEPARATOR, n) : NULL;
    size_t row_n = separator ? (size_t)(separator - bytes) : n;
    struct arena a;
    load_schemas();
    arena_init(&a);
    json_t *row = parse(bytes, row_n, &a);
    json_t *answers = separator ? parse(separator + 1, n - row_n - 1, &a) : NULL;
    if (row)
        import(row, answers, bytes, row_n, &a);
    json_decref(row);
    json_decref(answers);
    arena_release(&a);
    return 0;
}
