/* The shipped and demo data are sound, and demo accounts are known for what they are. */
#include "tests/unit/programs/world.h"

#include "base/crypto/totp.h"
#include "domain/staff/demo.h"

static void everything_loads_and_loads_again(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    world_load_demo(w);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    assert_int_equal(c->n_agencies, 1 + 10 + 64);
    assert_int_equal(c->n_categories, 12);
    assert_string_equal(catalogue_dispatcher(c)->code, "CMU.IOC");
    size_t redirected = 0, asking = 0;
    for (size_t i = 0; i < c->n_categories; i++) {
        redirected += c->categories[i].redirect && c->categories[i].redirect_en;
        asking += c->questions[i] != NULL;
    }
    assert_int_equal(redirected, 2);
    assert_int_equal(asking, 5);
    assert_int_equal(world_count(w, &staff_collection), 7);
    catalogue_unref(c);
}

static void reports_go_to_communes_departments_or_the_portal(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    for (size_t i = 0; i < area_count(w->areas); i++) {
        const char *commune = area_at(w->areas, i)->code;
        const struct agency *own = catalogue_route(c, "dien_chieu_sang", commune);
        assert_non_null(own);
        assert_string_equal(own->commune, commune);
        assert_string_equal(catalogue_route(c, "y_te_suc_khoe", commune)->code, "H12.03");
        assert_null(catalogue_route(c, "linh_vuc_khac", commune));
    }
    catalogue_unref(c);
}

static void demo_accounts_sign_in_and_are_found(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    struct staff staff;
    uint8_t secret[TOTP_SECRET];
    char code[TOTP_DIGITS + 1];
    int64_t now = clock_now_ms(), retry;
    assert_true(totp_from_base32(staff_demo_secrets[1], secret));
    totp_code(secret, now / TOTP_STEP_MS, code);
    assert_int_equal(staff_sign_in(w->stores.data, w->stores.keyring, "officer.demo",
                                   "tram-demo-officer", code, now, &w->arena, &staff, &retry),
                     0);
    assert_string_equal(staff.agency, "H12.32025");
    const char *user = NULL;
    assert_int_equal(staff_demo_find(w->stores.data, w->stores.keyring, &w->arena, &user), 0);
    assert_non_null(user);
}

static void disabled_demo_accounts_are_no_danger(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    const char *user = NULL;
    size_t disabled = 0;
    for (;; disabled++) {
        assert_int_equal(staff_demo_find(w->stores.data, w->stores.keyring, &w->arena, &user), 0);
        if (!user)
            break;
        struct id id = staff_id(user);
        struct staff staff;
        assert_int_equal(
            staff_change(w->stores.data, &id, &(struct staff_edit){.active = 0}, &w->arena, &staff),
            0);
    }
    assert_int_equal(disabled, 7); /* so the list knows every secret of the folder */
}

static void a_missing_folder_is_told(void **state)
{
    struct world *w = *state;
    bool begun = true;
    struct buf faults;
    assert_int_equal(demo_begun(&w->app, &begun), 0);
    assert_false(begun);
    buf_init(&faults, 4096);
    assert_int_equal(demo_load(&w->app, "no/such/folder", shipped_categories.text,
                               shipped_categories.n, &faults),
                     E_CORRUPT);
    assert_non_null(strstr(faults.data, "agencies.json"));
    buf_release(&faults);
    assert_int_equal(demo_begun(&w->app, &begun), 0); /* the next start goes on with it */
    assert_true(begun);
    world_load_demo(w);
    assert_int_equal(demo_begun(&w->app, &begun), 0);
    assert_false(begun);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(everything_loads_and_loads_again),
        WORLD_TEST(reports_go_to_communes_departments_or_the_portal),
        WORLD_TEST(demo_accounts_sign_in_and_are_found),
        WORLD_TEST(disabled_demo_accounts_are_no_danger),
        WORLD_TEST(a_missing_folder_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
