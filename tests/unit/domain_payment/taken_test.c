/*
 * Money is counted once, and given back where its dossier ended without a decision: a hundred
 * dossiers whose fee is told of twice, late, in any order, beside a counter that takes cash and
 * applicants who withdraw, on a store of which writes fail or are not known to have taken effect.
 */
#include "tests/support/faulty.h"
#include "tests/unit/domain_dossier/hall.h"

#define DOSSIERS 100
#define TURNS 60
#define FEE 50000

static struct hall hall;
static struct store_driver *faulty;

static int open_hall(void **state)
{
    const char *fault = NULL;
    (void)state;
    hall_open(&hall);
    store_free(hall.store);
    faulty = faulty_open(model_open(hall.disk));
    assert_int_equal(
        store_new(faulty, hall_collections, ARRAY_LEN(hall_collections), &fault, &hall.store), 0);
    hall.people.store = hall.people.keys = hall.store;
    return 0;
}

static int close_hall(void **state)
{
    (void)state;
    hall_close(&hall);
    return 0;
}

static uint64_t seed;
static unsigned roll(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

static void faults(bool on)
{
    const struct faulty_plan plan = {
        .seed = seed, .applied = on ? 80 : 0, .lost = on ? 80 : 0, .unavailable = on ? 80 : 0};
    faulty_set(faulty, &plan);
}

static struct payment begin(struct dossier *d, const char *key)
{
    struct payment p = {0};
    const struct payment_asking asking = {.dossier = d,
                                          .actor = hall_id(OWNER),
                                          .provider = "signed",
                                          .key = key,
                                          .life_ms = HOUR,
                                          .ask_after_ms = MINUTE,
                                          .now_ms = hall.world.now_ms};
    assert_int_equal(payment_begin(hall.store, &asking, &hall.arena, &p), 0);
    return p;
}

static struct money_told tell(const struct payment *p, const char *transaction, int64_t amount)
{
    return (struct money_told){.provider = "signed",
                               .transaction = transaction,
                               .order = p->id,
                               .amount = amount,
                               .paid_ms = hall.world.now_ms,
                               .source = MONEY_BY_CALLBACK};
}

/* As a callback does; what fails is told again by somebody. */
static void take(const struct money_told *told)
{
    struct money m;
    int done = money_take(hall.store, told, hall.world.now_ms, &hall.arena, &m);
    if (done == 0 || done == STORE_REPEATED)
        money_settle(hall.store, &m.id, &hall.world, &hall.arena, &m);
}

static void settle_all(void)
{
    struct id *due = NULL;
    size_t n = 0;
    for (int i = 0; i < 10; i++) {
        hall.world.now_ms += HOUR;
        assert_int_equal(money_due(hall.store, hall.world.now_ms, 200, &hall.arena, &due, &n), 0);
        for (size_t k = 0; k < n; k++) {
            struct money m;
            int done = money_settle(hall.store, &due[k], &hall.world, &hall.arena, &m);
            assert_true(done == 0 || done == MONEY_WAITS);
            if (done == 0 && m.next_ms)
                assert_int_equal(money_owner_told(hall.store, &m), 0);
        }
    }
}

static void try(struct dossier *d, const char *verb, enum who who, int64_t amount)
{
    struct dossier_act deed = hall_deed(&hall, verb, who);
    deed.act.amount = amount;
    deed.payment = id_v4();
    hall_do(&hall, d, &deed);
}

/* One of what may happen to a dossier whose fee is being paid. */
static void happen(struct dossier *d, const struct money_told *told, size_t n)
{
    switch (roll(9)) {
    case 0:
        try(d, "pay", DESK_OFFICER, 1 + roll(FEE));
        break;
    case 1:
        try(d, "withdraw", OWNER, 0);
        break;
    case 2:
        try(d, "keep", OWNER, 0);
        break;
    case 3:
        if (roll(6) == 0)
            try(d, "release", OFFICER, 0);
        break;
    case 4:
        hall_get(&hall, &d->head.id, d);
        money_release(hall.store, d, hall.world.now_ms, &hall.arena); /* the sweep does it again */
        break;
    default:
        take(&told[roll((unsigned)n)]);
    }
    hall.world.now_ms += MINUTE;
}

/* What was paid for nothing goes back whole: what was counted, what was too much, and cash. */
static int64_t audit_unserved(const struct dossier *d, const struct money *all, size_t n)
{
    const struct dossier_payment *payments = d->payments.items;
    int64_t back = 0, cash = 0;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(all[i].state, MONEY_TO_REFUND);
        assert_int_equal(all[i].refund, all[i].amount);
        assert_int_equal(all[i].counted, 0);
        back += all[i].source == MONEY_AT_COUNTER ? all[i].refund : 0;
    }
    for (size_t k = 0; k < d->payments.n; k++) {
        struct money m;
        cash += payments[k].way == DOSSIER_CASH ? payments[k].amount : 0;
        if (payments[k].way != DOSSIER_CASH) {
            assert_int_equal(money_get(hall.store, &payments[k].id, &hall.arena, &m), 0);
            assert_int_equal(m.reason, MONEY_UNSERVED);
        }
    }
    assert_int_equal(back, cash);
    return (int64_t)d->payments.n;
}

/* Every đồng that came is counted in its dossier or to be given back, and nothing else is. */
static int64_t audit(const struct dossier *d)
{
    struct money *all = NULL;
    size_t n = 0;
    int64_t counted = 0, paid = 0;
    const struct dossier_payment *payments = d->payments.items;
    assert_int_equal(money_list(hall.store, &d->head.id, &hall.arena, &all, &n), 0);
    for (size_t i = 0; i < n; i++) {
        int64_t here = 0;
        for (size_t k = 0; k < d->payments.n; k++)
            here += id_equal(&payments[k].id, &all[i].id) ? payments[k].amount : 0;
        if (all[i].state == MONEY_TAKEN) { /* it waits for an answer to who wants to withdraw */
            assert_int_equal(d->head.state, DOSSIER_WITHDRAWING);
            assert_int_equal(here, 0);
            continue;
        }
        assert_int_equal(all[i].counted + all[i].refund, all[i].amount);
        assert_int_equal(all[i].counted, here);
        assert_int_equal(all[i].state, all[i].refund ? MONEY_TO_REFUND : MONEY_COUNTED);
        counted += all[i].counted;
    }
    for (size_t k = 0; k < d->payments.n; k++)
        paid += payments[k].amount;
    assert_true(paid <= d->fee);
    return counted;
}

static void money_is_counted_once(void **state)
{
    int64_t counted = 0, unserved = 0;
    (void)state;
    seed = 26;
    for (int i = 0; i < DOSSIERS; i++) {
        struct dossier d;
        char names[4][32];
        struct money_told told[4];
        hall_reach(&hall, 0, DOSSIER_IN_PROGRESS, &d);
        hall_take(&hall, &d, "ask_fee", OFFICER);
        struct payment p = begin(&d, "key-of-order");
        for (size_t k = 0; k < ARRAY_LEN(told); k++) {
            snprintf(names[k], sizeof(names[k]), "GD-%d-%zu", i, k);
            told[k] = tell(&p, names[k], k == 3 ? FEE / 3 : FEE);
        }
        faults(true);
        for (int turn = 0; turn < TURNS; turn++)
            happen(&d, told, 1 + (size_t)i % ARRAY_LEN(told));
        faults(false);
        take(&told[0]);
        settle_all();
        hall_get(&hall, &d.head.id, &d);
        assert_int_equal(money_release(hall.store, &d, hall.world.now_ms, &hall.arena), 0);
        if (dossier_unserved(&d)) {
            struct money *all = NULL;
            size_t n = 0;
            assert_int_equal(money_list(hall.store, &d.head.id, &hall.arena, &all, &n), 0);
            unserved += audit_unserved(&d, all, n);
        } else {
            counted += audit(&d);
        }
    }
    assert_true(counted > FEE);
    assert_true(unserved > 3);
}

static struct money refund(const struct id *id, const char *reference, const char *note,
                           int expected)
{
    struct money m = {0};
    const struct money_refund r = {
        .by = hall_id(LEADER), .reference = reference, .note = note, .now_ms = hall.world.now_ms};
    const struct store_write write = store_write_fresh();
    assert_int_equal(money_refund(hall.store, id, &r, &write, &hall.arena, &m), expected);
    return m;
}

/* A receipt is of when it was paid; what was too much may have been given back before the rest. */
static void what_was_counted_goes_back_when_the_dossier_ends(void **state)
{
    (void)state;
    struct dossier d;
    struct money m;
    hall_reach(&hall, 0, DOSSIER_IN_PROGRESS, &d);
    hall_take(&hall, &d, "ask_fee", OFFICER);
    struct payment p = begin(&d, "ends");
    struct money_told told = tell(&p, "GD-ENDS", FEE + 500);
    int64_t paid_ms = told.paid_ms;
    hall.world.now_ms += HOUR;
    take(&told);
    hall_get(&hall, &d.head.id, &d);
    assert_int_equal(((struct dossier_payment *)d.payments.items)[0].at_ms, paid_ms);
    const struct id id = money_id("signed", "GD-ENDS");
    assert_int_equal(refund(&id, "UNC 1", NULL, 0).refund, 500);
    assert_int_equal(money_release(hall.store, &d, hall.world.now_ms, &hall.arena), 0);
    assert_int_equal(money_get(hall.store, &id, &hall.arena, &m), 0);
    assert_int_equal(m.state, MONEY_REFUNDED); /* it goes on */
    try(&d, "withdraw", OWNER, 0);
    try(&d, "release", OFFICER, 0);
    hall_get(&hall, &d.head.id, &d);
    assert_int_equal(d.head.state, DOSSIER_STOPPED);
    assert_true(d.keep_ms != 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(money_release(hall.store, &d, hall.world.now_ms, &hall.arena), 0);
    assert_int_equal(money_get(hall.store, &id, &hall.arena, &m), 0);
    assert_int_equal(m.state, MONEY_TO_REFUND);
    assert_int_equal(m.refund, FEE);
    assert_int_equal(m.returned, 500);
    assert_string_equal(m.returned_reference, "UNC 1");
    m = refund(&id, NULL, "Đã thẩm định", 0);
    assert_int_equal(m.state, MONEY_RETAINED);
    assert_int_equal(m.counted, FEE);
    refund(&id, "UNC 2", NULL, MONEY_SETTLED);
    assert_int_equal(money_release(hall.store, &d, hall.world.now_ms, &hall.arena), 0);
    assert_int_equal(money_get(hall.store, &id, &hall.arena, &m), 0);
    assert_int_equal(m.state, MONEY_RETAINED);
}

static void an_order_is_made_once(void **state)
{
    (void)state;
    struct dossier d;
    hall_reach(&hall, 0, DOSSIER_IN_PROGRESS, &d);
    hall_take(&hall, &d, "ask_fee", OFFICER);
    struct payment first = begin(&d, "one"), again = begin(&d, "one"), other = begin(&d, "two");
    assert_true(id_equal(&first.id, &again.id) && id_equal(&first.id, &other.id));
    const struct payment_news failed = {.state = PAYMENT_FAILED}, open = {.state = PAYMENT_OPEN};
    assert_int_equal(payment_note(hall.store, &first.id, &failed, &hall.arena, &first), 0);
    assert_int_equal(first.next_ms, 0);
    assert_int_equal(payment_note(hall.store, &first.id, &open, &hall.arena, &first), 0);
    assert_int_equal(first.state, PAYMENT_FAILED);
    again = begin(&d, "one");
    assert_true(id_equal(&first.id, &again.id));
    other = begin(&d, "three");
    assert_int_equal(other.attempt, 2);
    hall.world.now_ms += HOUR; /* it can be paid no more */
    assert_int_equal(begin(&d, "four").attempt, 3);
    for (int i = 4; i <= PAYMENT_ATTEMPTS_MAX; i++) {
        char key[32];
        hall.world.now_ms += HOUR;
        snprintf(key, sizeof(key), "again-%d", i);
        assert_int_equal(begin(&d, key).attempt, i);
    }
    hall.world.now_ms += HOUR;
    struct payment p;
    const struct payment_asking asking = {.dossier = &d,
                                          .provider = "signed",
                                          .key = "last",
                                          .life_ms = HOUR,
                                          .now_ms = hall.world.now_ms};
    assert_int_equal(payment_begin(hall.store, &asking, &hall.arena, &p), PAYMENT_FULL);
}

static void whose_it_is_moves_with_them(void **state)
{
    (void)state;
    struct dossier d;
    struct money m;
    struct id into = hall_id(STRANGER), from = hall_id(OWNER);
    bool more = true;
    int64_t pending = 0;
    hall_reach(&hall, 0, DOSSIER_IN_PROGRESS, &d);
    hall_take(&hall, &d, "ask_fee", OFFICER);
    struct payment p = begin(&d, "moved");
    struct money_told told = tell(&p, "GD-MOVED", FEE);
    assert_int_equal(money_take(hall.store, &told, hall.world.now_ms, &hall.arena, &m), 0);
    while (more)
        assert_int_equal(payment_reown(hall.store, &from, &into, &hall.arena, &more), 0);
    assert_int_equal(payment_get(hall.store, &p.id, &hall.arena, &p), 0);
    assert_true(id_equal(&p.owner, &into));
    assert_int_equal(money_pending(hall.store, &into, &hall.arena, &pending), 0);
    assert_true(pending >= 1);
    assert_int_equal(money_pending(hall.store, &from, &hall.arena, &pending), 0);
    assert_int_equal(pending, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_counted_once),
        cmocka_unit_test(what_was_counted_goes_back_when_the_dossier_ends),
        cmocka_unit_test(an_order_is_made_once),
        cmocka_unit_test(whose_it_is_moves_with_them),
    };
    return cmocka_run_group_tests(tests, open_hall, close_hall);
}
