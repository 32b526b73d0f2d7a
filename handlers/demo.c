#include "handlers/demo.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/totp.h"
#include "base/file.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/agency/import.h"
#include "domain/procedure/import.h"
#include "domain/roster/roster.h"
#include "domain/setting/setting.h"
#include "schemas/builtin.h"
#include "schemas/normalise.h"

#define FILE_MAX ((size_t)4 << 20)

struct loading {
    struct app *app;
    const char *folder;
    struct arena *arena;
    struct buf *faults;
};

/* Reads and checks one JSON text against the schema that its route has. */
static int read_rows(struct loading *l, const char *file, const char *text, size_t n,
                     const char *schema, json_t **ret)
{
    struct json_fault fault;
    const char *pointer = NULL;
    int done = json_read(text, n, ret, &fault);
    if (done > 0) {
        buf_printf(l->faults, "%s: byte %zu: %s\n", file, fault.offset, fault.words);
        return E_CORRUPT;
    }
    if (done == 0)
        done = schema_normalise(l->arena, *ret, &pointer);
    if (done > 0) {
        buf_printf(l->faults, "%s: %s: not normal text\n", file, pointer);
        return E_CORRUPT;
    }
    if (done != 0 || !schema)
        return done;
    struct schema_violations violations;
    done = schema_check(schema_builtin(schema), *ret, l->arena, NULL, &violations);
    for (size_t i = 0; done == SCHEMA_VIOLATED && i < violations.n; i++)
        buf_printf(l->faults, "%s: %s: %s\n", file, violations.items[i].pointer,
                   violations.items[i].en);
    return done > 0 ? E_CORRUPT : done;
}

static int read_file(struct loading *l, const char *file, struct buf *text)
{
    buf_init(text, FILE_MAX);
    int done = file_read(arena_printf(l->arena, "%s/%s", l->folder, file), FILE_MAX, text);
    if (done != 0)
        buf_printf(l->faults, "%s/%s: %s\n", l->folder, file, result_words(done));
    return done == 0 ? 0 : E_CORRUPT;
}

typedef int (*import_fn)(const struct import_world *w, const json_t *rows, struct arena *a,
                         struct import_result *ret);

static int import_text(struct loading *l, const char *file, const char *text, size_t n,
                       const char *schema, import_fn import)
{
    CLEANUP(json_decrefp) json_t *rows = NULL;
    int done = read_rows(l, file, text, n, schema, &rows);
    if (done != 0)
        return done;
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(l->app->catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(l->app->areas);
    const struct import_world world = {
        .store = l->app->store, .catalogue = catalogue, .areas = areas, .allow_http = l->app->demo};
    struct import_result result;
    done = import(&world, rows, l->arena, &result);
    for (size_t i = 0; done == IMPORT_FAULTY && i < result.n_faults; i++)
        buf_printf(l->faults, "%s: %s: %s\n", file, result.faults[i].pointer, result.faults[i].en);
    return done == IMPORT_FAULTY ? E_CORRUPT : done;
}

static int import_file(struct loading *l, const char *file, const char *schema, import_fn import)
{
    CLEANUP(buf_release) struct buf text;
    int done = read_file(l, file, &text);
    return done == 0 ? import_text(l, file, text.data, text.len, schema, import) : done;
}

/* --- procedures ------------------------------------------------------------------------------- */

static int import_procedures(struct loading *l, const struct procedure_book *book,
                             const json_t *rows)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(l->app->catalogue);
    const struct procedure_import_world world = {
        .store = l->app->store, .book = book, .catalogue = catalogue, .now_ms = clock_now_ms()};
    struct procedure_import_result result;
    int done = procedure_import(&world, rows, l->arena, &result);
    for (size_t i = 0; done == PROCEDURE_FAULTY && i < result.n_faults; i++)
        buf_printf(l->faults, "procedures.json: %s: %s\n", result.faults[i].pointer,
                   result.faults[i].en);
    return done == PROCEDURE_FAULTY ? E_CORRUPT : done;
}

static int load_procedures(struct loading *l)
{
    CLEANUP(procedure_holder_freep) struct procedure_holder *holder = NULL;
    CLEANUP(buf_release) struct buf text;
    CLEANUP(json_decrefp) json_t *rows = NULL;
    int done = read_file(l, "procedures.json", &text);
    if (done == 0)
        done = read_rows(l, "procedures.json", text.data, text.len, "admin_procedures", &rows);
    if (done == 0)
        done = procedure_holder_new(l->app->store, &holder);
    if (done != 0)
        return done;
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    done = import_procedures(l, book, rows);
    return done == 0 && l->app->procedures ? procedure_reload(l->app->procedures) : done;
}

/* --- accounts --------------------------------------------------------------------------------- */

/* An account that exists is left alone: its password may have been changed. */
static int make_account(struct loading *l, const json_t *row)
{
    const char *user = NULL, *name = NULL, *title = NULL, *role = NULL, *agency = NULL;
    const char *password = NULL, *totp = NULL;
    uint8_t secret[TOTP_SECRET];
    if (json_unpack((json_t *)row, "{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "user", &user, "name",
                    &name, "title", &title, "role", &role, "agency", &agency, "password", &password,
                    "totp", &totp) != 0 ||
        !totp_from_base32(totp, secret) || !entity_enum_value(staff_roles, role)) {
        buf_printf(l->faults, "staff.json: %s: not an account\n", user ? user : "?");
        return E_CORRUPT;
    }
    struct staff staff;
    struct id id = staff_id(user);
    int done = staff_get(l->app->store, &id, l->arena, &staff);
    if (done != STORE_ABSENT)
        return done;
    struct staff_draft draft = {.user = user,
                                .name = name,
                                .title = title,
                                .agency = agency,
                                .password = password,
                                .role = entity_enum_value(staff_roles, role),
                                .totp = secret,
                                .n_totp = sizeof(secret)};
    done = staff_create(l->app->store, l->app->keys, &draft, clock_now_ms(), l->arena, &staff);
    return done == STAFF_TAKEN ? 0 : done;
}

static int make_accounts(struct loading *l)
{
    CLEANUP(buf_release) struct buf text;
    CLEANUP(json_decrefp) json_t *rows = NULL;
    int done = read_file(l, "staff.json", &text);
    if (done == 0)
        done = read_rows(l, "staff.json", text.data, text.len, NULL, &rows);
    for (size_t i = 0; done == 0 && i < json_array_size(rows); i++)
        done = make_account(l, json_array_get(rows, i));
    return done;
}

/* --- rosters ---------------------------------------------------------------------------------- */

static const char *text_of(const struct loading *l, const json_t *row, const char *name)
{
    return arena_strdup(l->arena, json_string_value(json_object_get(row, name)));
}

static void read_shift(const struct loading *l, const json_t *row, struct roster_shift *ret)
{
    const json_t *people = json_object_get(row, "people");
    struct roster_person *persons =
        arena_array(l->arena, json_array_size(people), sizeof(*persons));
    for (size_t i = 0; i < json_array_size(people); i++)
        persons[i].id = staff_id(json_string_value(json_array_get(people, i)));
    *ret = (struct roster_shift){.name = text_of(l, row, "name"),
                                 .days = text_of(l, row, "days"),
                                 .start = text_of(l, row, "start"),
                                 .end = text_of(l, row, "end"),
                                 .people = {persons, json_array_size(people)}};
}

/* A roster that exists is left alone. */
static int make_roster(struct loading *l, const json_t *row)
{
    struct roster roster, before;
    const struct staff_doer doer = {.user = "operator"};
    const json_t *shifts = json_object_get(row, "shifts");
    struct roster_shift *items = arena_array(l->arena, json_array_size(shifts), sizeof(*items));
    roster = (struct roster){.agency = text_of(l, row, "agency"),
                             .shifts = {items, json_array_size(shifts)}};
    for (size_t i = 0; i < json_array_size(shifts); i++)
        read_shift(l, json_array_get(shifts, i), &items[i]);
    int done = roster_get(l->app->store, roster.agency, l->arena, &before);
    return done != STORE_ABSENT
               ? done
               : roster_put(l->app->store, &roster, &doer, STORE_ANY_REVISION, clock_now_ms());
}

static int make_rosters(struct loading *l)
{
    CLEANUP(buf_release) struct buf text;
    CLEANUP(json_decrefp) json_t *rows = NULL;
    int done = read_file(l, "rosters.json", &text);
    if (done == 0)
        done = read_rows(l, "rosters.json", text.data, text.len, NULL, &rows);
    for (size_t i = 0; done == 0 && i < json_array_size(rows); i++)
        done = make_roster(l, json_array_get(rows, i));
    return done;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Written before the first row and after the last: what was killed between is gone on with. */
#define MARK "demo"
#define BEGUN "begun"
#define LOADED "loaded"

static int mark(struct app *app, const char *words)
{
    return setting_put(app->store, MARK, words, strlen(words), clock_now_ms());
}

int demo_begun(struct app *app, bool *ret)
{
    CLEANUP(buf_release) struct buf words;
    buf_init(&words, 64);
    int done = setting_read(app->store, MARK, &words);
    *ret = done == 0 && words.len == strlen(BEGUN) && memcmp(words.data, BEGUN, words.len) == 0;
    return done < 0 ? done : 0;
}

int demo_load(struct app *app, const char *folder, const char *categories, size_t n_categories,
              struct buf *faults)
{
    struct arena a;
    arena_init(&a);
    struct loading l = {app, folder, &a, faults};
    int done = mark(app, BEGUN);
    if (done == 0)
        done = import_text(&l, "categories.json", categories, n_categories, "admin_categories",
                           import_categories);
    if (done == 0)
        done = import_file(&l, "agencies.json", "admin_agencies", import_agencies);
    if (done == 0)
        done = import_file(&l, "routes.json", "admin_rules", import_rules);
    if (done == 0)
        done = load_procedures(&l);
    if (done == 0)
        done = make_accounts(&l);
    if (done == 0)
        done = make_rosters(&l);
    if (done == 0)
        done = mark(app, LOADED);
    arena_release(&a);
    return done;
}
