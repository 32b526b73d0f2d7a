/* Who may call, and at which level of identification. */
#include "tests/unit/gateway/fixture.h"

#define SIGNED_IN (ROLE_CITIZEN | ROLE_STAFF)
static const struct route routes[] = {
    {.method = GET, .path = "/v1/a", .who = ROLE_ANYONE, .level = 2},
    {.method = GET, .path = "/v1/b", .who = SIGNED_IN, .level = -1},
    {.method = GET, .path = "/v1/c", .who = SIGNED_IN},
    {.method = GET, .path = "/v1/d", .who = SIGNED_IN, .level = 1},
    {.method = GET, .path = "/v1/e", .who = SIGNED_IN, .level = 2},
};

/* The level that is asked for; -9: let through, -8: refused otherwise. */
static int asked(const struct route *route, enum role role, int level, const char **ret_step_up)
{
    struct exchange x;
    int needed = -9;
    exchange_init(&x, route);
    x.request.who.role = role;
    x.request.who.level = level;
    if (!guard_request(route, &x.request, &x.reply)) {
        reply_render(&x.reply);
        json_t *body = exchange_json(&x);
        bool low = strcmp(text_at(body, "type"), "/problems/level-too-low") == 0;
        needed = -8;
        if (low) {
            assert_int_equal(x.reply.status, 403);
            needed = (int)json_integer_value(json_object_get(body, "level_needed"));
            const char *step_up = text_at(body, "step_up");
            *ret_step_up = strcmp(step_up, "/v1/auth/eid") == 0 ? "eid" : "otp";
        }
        json_decref(body);
    }
    exchange_release(&x);
    return needed;
}

static void levels(void **state)
{
    (void)state;
    static const int least[] = {-9, -1, 0, 1, 2}; /* of each route */
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        for (int level = -1; level <= 2; level++) {
            const char *step_up = NULL;
            int expected = level < least[i] ? least[i] : -9;
            assert_int_equal(asked(&routes[i], ROLE_CITIZEN, level, &step_up), expected);
            if (expected >= 0)
                assert_string_equal(step_up, expected > 0 ? "eid" : "otp");
        }
    }
}

static void others_have_no_level(void **state)
{
    (void)state;
    const char *step_up = NULL;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        assert_int_equal(asked(&routes[i], ROLE_OFFICER, 0, &step_up), -9);
        assert_int_equal(asked(&routes[i], ROLE_PUBLIC, 0, &step_up), i == 0 ? -9 : -8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels),
                                       cmocka_unit_test(others_have_no_level)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
