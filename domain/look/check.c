/* The proof of a chain. */
#include <string.h>

#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/look/private.h"

struct checking {
    const struct keyring *keys;
    const struct look_anchor *anchor;
    const struct look_judge *judge;
    struct look_chain *chain;
    bool anchored;
};

static void add_fault(struct look_chain *chain, int64_t seq, int kind)
{
    if (chain->n_faults < LOOK_FAULTS_MAX)
        chain->faults[chain->n_faults] = (struct look_fault){seq, kind};
    chain->n_faults++;
}

/* What names somebody is as it was recorded, or gone altogether. */
static bool told_holds(const struct checking *c, const struct look *l)
{
    uint8_t told[SHA256_SIZE];
    if (id_is_nil(&l->whom))
        return id_is_nil(&l->person) && !l->reason && l->salt.n == 0;
    look_told(l, told);
    if (l->salt.n != LOOK_SALT || memcmp(told, l->told.data, SHA256_SIZE) != 0)
        return false;
    return id_equal(&l->whom, &l->person) ||
           (c->judge->same && c->judge->same(c->judge->ctx, &l->whom, &l->person));
}

static void check_one(struct checking *c, const struct look *l)
{
    struct look_chain *chain = c->chain;
    uint8_t digest[SHA256_SIZE];
    if (l->seq != chain->head + 1)
        add_fault(chain, chain->head + 1, LOOK_MISSING);
    look_digest(l, chain->head ? chain->digest : NULL, digest);
    const struct id place = look_id(l->agency ? l->agency : "", l->seq);
    if (!id_equal(&place, &l->id) || l->told.n != SHA256_SIZE || l->digest.n != SHA256_SIZE ||
        memcmp(digest, l->digest.data, SHA256_SIZE) != 0)
        add_fault(chain, l->seq, LOOK_ALTERED);
    else if (!told_holds(c, l))
        add_fault(chain, l->seq, LOOK_RETOLD);
    if (l->tag.n != MAC_TAG || l->digest.n != SHA256_SIZE ||
        mac_check(c->keys, KEY_LOOK, l->digest.data, SHA256_SIZE, l->tag.data) != 0)
        add_fault(chain, l->seq, LOOK_FORGED);
    /* What follows is held against what stands here, so that one fault is told once. */
    memset(chain->digest, 0, sizeof(chain->digest));
    if (l->digest.n == SHA256_SIZE)
        memcpy(chain->digest, l->digest.data, SHA256_SIZE);
    c->anchored |= c->anchor && c->anchor->seq == l->seq &&
                   memcmp(c->anchor->digest, chain->digest, SHA256_SIZE) == 0;
    chain->head = l->seq;
    chain->records++;
    chain->erased += id_is_nil(&l->whom);
    chain->first_ms = chain->first_ms ? chain->first_ms : l->at_ms;
    chain->last_ms = l->at_ms;
}

static int check_page(struct store *s, struct store_query *q, struct checking *c, bool *ret_more)
{
    struct arena a;
    arena_init(&a);
    struct store_page page = {0};
    int done = store_scan(s, &look_collection, q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct look l;
        done = look_decode(page.docs[i], &a, &l);
        if (done == 0)
            check_one(c, &l);
    }
    *ret_more = page.more;
    q->has_after = true;
    q->after = page.next;
    arena_release(&a);
    return done;
}

int look_check(struct store *s, const struct keyring *keys, const char *agency,
               const struct look_anchor *anchor, const struct look_judge *judge,
               struct look_chain *ret)
{
    struct store_value value = store_text(agency);
    struct store_condition of = {
        .field = "agency", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "seq", .limit = STORE_LIMIT_MAX};
    struct checking c = {.keys = keys, .anchor = anchor, .judge = judge, .chain = ret};
    *ret = (struct look_chain){0};
    int done = 0;
    for (bool more = true; more && done == 0;) {
        done = check_page(s, &q, &c, &more);
        if (done == 0 && judge->go_on && !judge->go_on(judge->ctx, ret->records))
            done = E_UNAVAILABLE;
    }
    if (done == 0 && anchor && !c.anchored)
        add_fault(ret, anchor->seq, LOOK_CUT);
    return done;
}

int look_chains(struct store *s, struct arena *a, struct look_count **ret, size_t *ret_n)
{
    struct store_tally_query q = {.group = {"agency"}};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(s, &look_collection, &q, a, &rows, &n);
    if (done != 0)
        return done;
    *ret = arena_array(a, n, sizeof(**ret));
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct look_count){rows[i].group[0].text, rows[i].count};
    *ret_n = n;
    return 0;
}
