/* Deliveries to the world: signed calls, retries, dead letters, text messages. */
#include "tests/unit/push/fixture.h"

#include "tests/unit/push/receiver.h"

struct scene {
    struct fixture *f;
    struct receiver receiver;
};

static int scene_begin(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    assert_int_equal(fixture_begin((void **)&s->f), 0);
    receiver_start(&s->receiver);
    struct http_policy policy = {.allow_http = true, .ports = {s->receiver.port}, .ports_n = 1};
    assert_int_equal(cidr_list_parse("127.0.0.0/8", &policy.allowed), 0);
    assert_int_equal(http_client_new(&policy, &(struct http_limits){0}, &s->f->http), 0);
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/hook", s->receiver.port);
    fixture_agency(s->f, AGENCY, AGENCY_DEPARTMENT, url);
    fixture_push(s->f);
    *state = s;
    return 0;
}

static int scene_end(void **state)
{
    struct scene *s = *state;
    void *f = s->f;
    fixture_end(&f);
    receiver_stop(&s->receiver);
    free(s);
    return 0;
}

static size_t webhooks(struct scene *s, int state, struct delivery *ret)
{
    return fixture_letters(s->f, CHANNEL_WEBHOOK, state, ret, 16);
}

static void test_signed_call(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    struct id id = fixture_file(f, "k1", false);
    assert_int_equal(push_drain(f->push), 2);
    assert_int_equal(s->receiver.n, 1);
    const struct received *r = &s->receiver.got[0];
    assert_int_equal(webhook_verify(&f->secret, r->id, atoll(r->timestamp), r->body,
                                    strlen(r->body), r->signature, clock_now_ms() / 1000, 300),
                     0);
    char text[ID_TEXT];
    assert_non_null(strstr(r->body, "{\"type\":\"report.file\","));
    assert_non_null(strstr(r->body, id_format(&id, text)));
    assert_non_null(strstr(r->body, "\"state\":\"dispatched\""));
    assert_null(strstr(r->body, "trường")); /* the citizen's words stay here */
    struct delivery d[16];
    assert_int_equal(webhooks(s, DELIVERY_DONE, d), 1);
    assert_int_equal(d[0].payload.n, 0);
    assert_int_equal(push_drain(f->push), 0);
}

static void test_retry_and_order(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    struct delivery d[16];
    s->receiver.status = 500;
    struct id id = fixture_file(f, "k1", false);
    push_drain(f->push);
    assert_int_equal(fixture_act(f, &id, "receive", NULL), 0);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 1); /* the second waits behind the first */
    assert_int_equal(webhooks(s, DELIVERY_PENDING, d), 2);
    s->receiver.status = 204;
    assert_int_equal(push_drain(f->push), 0); /* not yet */
    clock_advance_ms(5600);
    fixture_push(f); /* a restart goes on where it was */
    push_drain(f->push);
    clock_advance_ms(5600);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 3);
    assert_string_equal(s->receiver.got[0].id, s->receiver.got[1].id);
    assert_non_null(strstr(s->receiver.got[1].body, "report.file"));
    assert_non_null(strstr(s->receiver.got[2].body, "report.receive"));
    assert_int_equal(webhooks(s, DELIVERY_DONE, d), 2);
}

static void test_retry_after(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    s->receiver.status = 429;
    s->receiver.fields = "Retry-After: 120\r\n";
    fixture_file(f, "k1", false);
    push_drain(f->push);
    fixture_file(f, "k2", false);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 1); /* all calls to it wait */
    s->receiver.status = 200;
    clock_advance_ms(100000);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 1);
    clock_advance_ms(21000);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 3);
}

static void test_dead_and_replayed(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    struct delivery d[16];
    s->receiver.status = 404;
    fixture_file(f, "k1", false);
    for (int i = 0; i < 10; i++) {
        push_drain(f->push);
        assert_int_equal(s->receiver.n, i + 1);
        clock_advance_ms(INT64_C(27) * 3600 * 1000);
    }
    assert_int_equal(webhooks(s, DELIVERY_DEAD, d), 1);
    assert_string_equal(d[0].error, "the receiver answered 404");
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 10);
    struct store_query q = {.limit = 10};
    struct store_page page;
    assert_int_equal(push_dead(f->store, &q, &f->arena, &page), 0);
    assert_int_equal(page.n, 1);

    s->receiver.status = 200;
    assert_int_equal(push_replay(f->push, &d[0].id), 0);
    assert_int_equal(push_replay(f->push, &d[0].id), STORE_ABSENT);
    push_drain(f->push);
    assert_int_equal(webhooks(s, DELIVERY_DONE, d), 1);
    assert_int_equal(push_drop(f->push, &d[0].id), STORE_ABSENT);
}

static void test_gone(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    struct delivery d[16];
    s->receiver.status = 410;
    fixture_file(f, "k1", false);
    push_drain(f->push);
    assert_int_equal(webhooks(s, DELIVERY_DEAD, d), 1);
    fixture_file(f, "k2", false);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 1); /* disabled */
    assert_int_equal(push_drop(f->push, &d[0].id), 0);
    assert_int_equal(webhooks(s, DELIVERY_DEAD, d), 0);
}

static void use_sms_gateway(struct scene *s, const char *cap)
{
    char url[64], secret[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/sms", s->receiver.port);
    snprintf(secret, sizeof(secret), "%s/token", s->f->scratch->folder);
    FILE *file = fopen(secret, "w");
    assert_non_null(file);
    fputs("s3cret\n", file);
    fclose(file);
    assert_int_equal(chmod(secret, 0600), 0);
    const char *const pairs[] = {"TRAM_SMS_TRANSPORT",
                                 "http",
                                 "TRAM_SMS_URL",
                                 url,
                                 "TRAM_SMS_SECRET_FILE",
                                 secret,
                                 "TRAM_SMS_MAX_PER_DAY",
                                 cap,
                                 NULL};
    fixture_agency(s->f, AGENCY, AGENCY_DEPARTMENT, NULL);
    fixture_configure(s->f, pairs);
    fixture_push(s->f);
}

static void test_emergency_by_sms(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    use_sms_gateway(s, "2");
    fixture_file(f, "k1", true);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 1);
    const struct received *r = &s->receiver.got[0];
    assert_string_equal(r->authorization, "Bearer s3cret");
    assert_non_null(strstr(r->body, "\"to\":\"" LEADER_PHONE "\""));
    assert_non_null(strstr(r->body, "\"text\":\"KHAN CAP: phan anh PA-"));
    const char *text = strstr(r->body, "\"text\":\"") + 8;
    assert_true(strcspn(text, "\"") <= PUSH_SMS_MAX);

    fixture_file(f, "k2", true);
    fixture_file(f, "k3", true);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 2);
    struct delivery d[4];
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DEAD, d, 4), 1);
    assert_string_equal(d[0].error, "cap");
}

static void test_sms_once_and_expiring(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    use_sms_gateway(s, "100");
    struct id id = id_v4(), late = id_v4(), bad = id_v4();
    int64_t now_ms = clock_now_ms();
    assert_int_equal(push_sms(f->push, &id, LEADER_PHONE, "Mã: 123456", now_ms, now_ms + 60000), 0);
    assert_int_equal(push_sms(f->push, &id, LEADER_PHONE, "Mã: 123456", now_ms, now_ms + 60000), 0);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 1);
    assert_non_null(strstr(s->receiver.got[0].body, "Ma: 123456"));

    s->receiver.status = 503;
    assert_int_equal(push_sms(f->push, &late, LEADER_PHONE, "x", now_ms, now_ms + 60000), 0);
    push_drain(f->push);
    clock_advance_ms(61000);
    push_drain(f->push);
    assert_int_equal(s->receiver.n, 2);
    struct delivery d[4];
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DEAD, d, 4), 1);
    assert_string_equal(d[0].error, "too late to be sent");

    s->receiver.status = 400; /* the gateway knows no such number: asking again is no use */
    assert_int_equal(push_sms(f->push, &bad, LEADER_PHONE, "x", now_ms, 0), 0);
    push_drain(f->push);
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DEAD, d, 4), 2);
}

/* Where the store has been away for too long, the rest of a batch is left without asking. */
static void test_rest_is_left_when_away(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    enum { MESSAGES = 12, SENDERS = 2 };
    struct delivery d[MESSAGES];
    use_sms_gateway(s, "100");
    for (int i = 0; i < MESSAGES; i++) {
        struct id id = id_v4();
        assert_int_equal(push_sms(f->push, &id, LEADER_PHONE, "x", clock_now_ms(), 0), 0);
    }
    f->push->patience_ms = 0;
    trouble_set((struct trouble){.unavailable = 1000});
    push_drain(f->push);
    assert_true(trouble.n <= 2 * SENDERS); /* the cap, and what came of it */
    trouble_set((struct trouble){0});
    clock_advance_ms(PUSH_HOLD_MS + 1);
    push_drain(f->push);
    assert_int_equal(fixture_letters(f, CHANNEL_SMS, DELIVERY_DONE, d, MESSAGES), MESSAGES);
}

static void test_print(void **state)
{
    struct scene *s = *state;
    struct fixture *f = s->f;
    const char *const pairs[] = {"TRAM_SMS_TRANSPORT", "print", NULL};
    fixture_configure(f, pairs);
    struct push_options o = fixture_options(f);
    o.demo = false;
    struct push *refused = NULL;
    assert_int_equal(push_new(&o, &refused), E_CONFIG);
    assert_null(refused);
    fixture_push(f);

    int ends[2], out = dup(STDOUT_FILENO);
    char line[256] = "";
    assert_int_equal(pipe(ends), 0);
    struct id id = id_v4();
    assert_int_equal(push_sms(f->push, &id, LEADER_PHONE, "Mã \"1\"", clock_now_ms(), 0), 0);
    fflush(stdout);
    dup2(ends[1], STDOUT_FILENO);
    push_drain(f->push);
    dup2(out, STDOUT_FILENO);
    close(ends[1]);
    assert_true(read(ends[0], line, sizeof(line) - 1) > 0);
    close(ends[0]);
    close(out);
    assert_string_equal(line,
                        "{\"sms\":{\"to\":\"" LEADER_PHONE "\",\"text\":\"Ma \\\"1\\\"\"}}\n");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_signed_call),
        TEST(test_retry_and_order),
        TEST(test_retry_after),
        TEST(test_dead_and_replayed),
        TEST(test_gone),
        TEST(test_emergency_by_sms),
        TEST(test_sms_once_and_expiring),
        TEST(test_rest_is_left_when_away),
        TEST(test_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
