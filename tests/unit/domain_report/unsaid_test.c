/* An answer that waits for approval: what it says, shows and proposes is for offices alone. */
#include "tests/support/province.h"

static bool shows(struct province *p, const struct report *r, enum who who, const char *words)
{
    struct buf text;
    struct case_actor actor = province_actor(who);
    (void)p;
    buf_init(&text, 1 << 20);
    entity_json(&report_entity, r, case_see(&r->head, &actor), &text);
    bool found = strstr(text.data, words) != NULL;
    buf_release(&text);
    return found;
}

static void answer(struct province *p, struct report *r, const char *words)
{
    struct report_act deed = province_deed(p, "answer", OFFICER);
    deed.act.note = words;
    assert_int_equal(province_act(p, &r->head.id, &deed, r), 0);
}

/* The photo that came with the answer. */
static int publish_proof(struct province *p, struct report *r)
{
    static const struct case_media proof = {{{1, 2, 3}}};
    struct report_act deed = province_deed(p, "publish", OFFICER);
    deed.act.media = &proof;
    return province_act(p, &r->head.id, &deed, r);
}

#define PROPOSED "Chưa duyệt: cống nghẹt do rác."
#define SAID "Đã thông cống, sẽ nạo vét trước ngày 10/3."
#define ANEW "Đã nạo vét lần nữa."
#define PROOF_ID "01020300-0000-0000-0000-000000000000"

static void expect_unsaid(struct province *p, const struct report *r)
{
    struct report_public page;
    static const char *const inside[] = {PROPOSED, PROOF_ID, "\"proposed"};
    for (size_t i = 0; i < ARRAY_LEN(inside); i++) {
        assert_true(shows(p, r, OFFICER, inside[i]));
        assert_false(shows(p, r, OWNER, inside[i]));
    }
    assert_false(shows(p, r, OWNER, "\"answered_at\""));
    assert_false(shows(p, r, OWNER, "\"outcome\""));
    assert_true(report_project_public(r, &p->arena, &page));
    assert_null(page.answer);
    assert_int_equal(page.answered_ms, 0);
    assert_int_equal(page.outcome, 0);
    assert_int_equal(page.photos.n, 0);
}

/* What waits for a leader's word is not said yet, nor its photos shown; what was sent back never.
 */
static void test_unapproved_answers_stay_inside(void **state)
{
    (void)state;
    struct province p;
    struct report r;
    struct report_public page;
    province_open(&p, ENGINE_MODEL);
    province_reach(&p, APPROVAL, REPORT_RECEIVED, &r);
    answer(&p, &r, PROPOSED);
    assert_int_equal(publish_proof(&p, &r), CASE_LACKS);
    province_do(&p, &r, "publish", OFFICER);
    assert_int_equal(r.head.state, REPORT_APPROVAL);
    assert_true(shows(&p, &r, LEADER, "\"outcome\":\"resolved\""));
    expect_unsaid(&p, &r);

    struct report_act deed = province_deed(&p, "send_back", LEADER);
    deed.act.note = "Nội bộ: nêu rõ thời hạn.";
    assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
    assert_true(shows(&p, &r, OFFICER, "Nội bộ"));
    assert_false(shows(&p, &r, OWNER, "Nội bộ"));
    expect_unsaid(&p, &r);

    answer(&p, &r, SAID);
    province_do(&p, &r, "approve", LEADER);
    assert_true(shows(&p, &r, OWNER, SAID));
    assert_true(shows(&p, &r, OWNER, PROOF_ID));
    assert_true(shows(&p, &r, OWNER, "\"outcome\":\"resolved\""));
    assert_true(report_project_public(&r, &p.arena, &page));
    assert_string_equal(page.answer, SAID);
    assert_int_equal(page.outcome, REPORT_RESOLVED);
    province_do(&p, &r, "unpublish", OFFICER);
    assert_int_equal(publish_proof(&p, &r), 0);
    assert_true(report_project_public(&r, &p.arena, &page));
    assert_int_equal(page.photos.n, 1); /* both answers name it */
    province_close(&p);
}

/* The answer that was said stays, whatever is proposed after it, until another is said. */
static void test_a_said_answer_stays_until_the_next(void **state)
{
    (void)state;
    struct province p;
    struct report r;
    province_open(&p, ENGINE_MODEL);
    province_reach(&p, APPROVAL, REPORT_RECEIVED, &r);
    answer(&p, &r, SAID);
    province_do(&p, &r, "approve", LEADER);
    province_do(&p, &r, "reopen", OWNER);
    province_do(&p, &r, "receive", OFFICER);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(r.answer, SAID);
        assert_true(shows(&p, &r, OWNER, "\"answer\":\"" SAID));
        answer(&p, &r, ANEW);
        assert_true(shows(&p, &r, OWNER, "\"answer\":\"" SAID));
        assert_false(shows(&p, &r, OWNER, ANEW));
        province_do(&p, &r, i == 0 ? "send_back" : "approve", LEADER);
    }
    assert_true(shows(&p, &r, OWNER, "\"answer\":\"" ANEW));
    province_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unapproved_answers_stay_inside),
        cmocka_unit_test(test_a_said_answer_stays_until_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
