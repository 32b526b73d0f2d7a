/* The ledger: adding a record behind the last, and walking a chain to prove it. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/entity/owned.h"

#define TRIES 32 /* others add to the same chain meanwhile */

static const char ENCODING[] = "tram-consent-1"; /* its NUL is part of it */
static const uint8_t ZERO[SHA256_SIZE];

/* --- digests ------------------------------------------------------------------------------------
 */

static void feed_number(struct sha256 *h, uint64_t value, size_t bytes)
{
    uint8_t out[8];
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    sha256_update(h, out, bytes);
}

static void digest(const struct consent *c, const uint8_t *before, uint8_t ret[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, ENCODING, sizeof(ENCODING));
    sha256_update(&h, before, SHA256_SIZE);
    sha256_update(&h, c->chain.bytes, 16);
    feed_number(&h, (uint64_t)c->seq, 8);
    feed_number(&h, (uint64_t)c->at_ms, 8);
    feed_number(&h, (uint64_t)c->version, 8);
    feed_number(&h, c->given, 1);
    const char *texts[] = {c->purpose, c->data, c->language, c->how, c->route, c->office};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        size_t n = texts[i] ? strlen(texts[i]) : 0;
        feed_number(&h, n, 4);
        sha256_update(&h, texts[i], n);
    }
    const struct id *ids[] = {&c->subject, &c->session, &c->device, &c->officer};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        sha256_update(&h, ids[i]->bytes, 16);
    sha256_update(&h, c->words.data, c->words.n);
    sha256_final(&h, ret);
}

static struct id record_id(const struct id *chain, int64_t seq)
{
    uint8_t at[8];
    for (size_t i = 0; i < sizeof(at); i++)
        at[i] = (uint8_t)((uint64_t)seq >> (8 * (7 - i)));
    struct id_part parts[] = {{chain->bytes, 16}, {at, sizeof(at)}};
    return id_v8("consent", parts, ARRAY_LEN(parts));
}

/* --- reading ------------------------------------------------------------------------------------
 */

int consent_get(struct store *s, const struct id *id, struct arena *a, struct consent *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &consent_collection, id, &doc);
    return done == 0 ? consent_decode(doc, a, ret) : done;
}

static int newest(struct store *s, const struct store_condition *of, size_t n, const char *order,
                  struct arena *a, struct consent *ret)
{
    struct store_query q = {
        .conditions = of, .n_conditions = n, .order = order, .descending = true, .limit = 1};
    struct store_page page = {0};
    int done = store_scan(s, &consent_collection, &q, a, &page);
    if (done != 0)
        return done;
    return page.n > 0 ? consent_decode(page.docs[0], a, ret) : STORE_ABSENT;
}

static int chain_end(struct store *s, const struct id *chain, struct arena *a, struct consent *ret)
{
    struct store_value whose = store_id(*chain);
    struct store_condition of = {.field = "chain", .op = STORE_EQ, .values = &whose, .n_values = 1};
    return newest(s, &of, 1, "seq", a, ret);
}

int consent_last(struct store *s, const struct id *owner, const char *purpose,
                 const struct id *subject, struct arena *a, struct consent *ret)
{
    bool of_subject = !id_is_nil(subject);
    struct store_value whose = store_id(of_subject ? *subject : *owner);
    struct store_value what = store_text(purpose);
    struct store_condition of[] = {
        {.field = of_subject ? "subject" : "owner",
         .op = STORE_EQ,
         .values = &whose,
         .n_values = 1},
        {.field = "purpose", .op = STORE_EQ, .values = &what, .n_values = 1}};
    return newest(s, of, ARRAY_LEN(of), "at", a, ret);
}

bool consent_allows(const struct consent *c)
{
    const struct consent_purpose *p = consent_purpose_of(c->purpose);
    return p && c->given && (p->of || c->version == consent_wording_now(p)->version);
}

/* --- saying -------------------------------------------------------------------------------------
 */

/* The same again says nothing new; yes to another wording does. */
static bool says_nothing(const struct consent *last, const struct consent *say, bool first)
{
    return first || (last->given == say->given && (!say->given || last->version == say->version));
}

/* The record behind the end, as it is stored. */
static int compose(const struct keyring *k, struct consent *c, const struct consent *end,
                   struct arena *a, bson_t *body)
{
    uint8_t *sum = arena_alloc(a, SHA256_SIZE), *tag = arena_alloc(a, MAC_TAG);
    c->seq = end ? end->seq + 1 : 1;
    if (end && c->at_ms <= end->at_ms)
        c->at_ms = end->at_ms + 1;
    digest(c, end ? end->digest.data : ZERO, sum);
    mac_tag(k, KEY_CONSENT, sum, SHA256_SIZE, tag);
    c->digest = (struct entity_bytes){sum, SHA256_SIZE};
    c->tag = (struct entity_bytes){tag, MAC_TAG};
    c->id = record_id(&c->chain, c->seq);
    return entity_encode(&consent_entity, c, NULL, a, body);
}

static int complete(struct consent *say, struct arena *a)
{
    const struct consent_purpose *p = consent_purpose_of(say->purpose);
    const struct consent_wording *w = p ? consent_wording_of(p, say->version) : NULL;
    if (!w || (p->of != NULL) == id_is_nil(&say->subject))
        return E_INVALID;
    uint8_t *words = arena_alloc(a, CONSENT_WORDS);
    consent_words(p, w, strcmp(say->language, "en") == 0, words);
    say->words = (struct entity_bytes){words, CONSENT_WORDS};
    say->chain = say->owner;
    say->data = p->data;
    return 0;
}

/*
 * Whoever inserts the record behind the end that was read decides; what was said last is read after
 * that end, so nobody said anything between. 0 and what is to be inserted; CONSENT_STANDS and what
 * stands in *ret_last; CONSENT_NEVER; E_*.
 */
static int next_record(struct store *s, const struct keyring *k, struct consent *say, bool first,
                       int64_t now_ms, struct arena *a, bson_t *body, struct consent *ret_last)
{
    struct consent end;
    int ended = chain_end(s, &say->chain, a, &end);
    if (ended < 0)
        return ended;
    int done = consent_last(s, &say->owner, say->purpose, &say->subject, a, ret_last);
    if (done < 0)
        return done;
    if (done == 0 && says_nothing(ret_last, say, first))
        return CONSENT_STANDS;
    if (done == STORE_ABSENT && !say->given)
        return CONSENT_NEVER;
    say->at_ms = now_ms;
    return compose(k, say, ended == 0 ? &end : NULL, a, body);
}

int consent_say(struct store *s, const struct keyring *k, struct consent *say, bool first,
                int64_t now_ms, struct arena *a, struct consent *ret)
{
    int done = complete(say, a);
    for (int i = 0; i < TRIES && done == 0; i++) {
        CLEANUP(bson_destroyp) bson_t *body = bson_new();
        struct consent last;
        done = next_record(s, k, say, first, now_ms, a, body, &last);
        if (done == CONSENT_STANDS)
            *ret = last;
        if (done != 0)
            return done;
        struct store_write write = store_write_fresh();
        done = store_create(s, &consent_collection, &say->id, &write, body, NULL);
        if (done == 0)
            *ret = *say;
        if (done != STORE_EXISTS)
            return done;
        done = 0;
    }
    return done < 0 ? done : E_BUSY;
}

void consent_say_many(struct store *s, const struct keyring *k, struct consent_saying *items,
                      size_t n, struct arena *a)
{
    struct store_new_doc *docs = arena_array(a, n, sizeof(*docs));
    struct consent_saying **of = arena_array(a, n, sizeof(struct consent_saying *)), *it;
    struct consent last;
    size_t fresh = 0;
    for (it = items; it < items + n; it++) {
        bson_t *body = bson_new();
        it->outcome = complete(&it->say, a);
        if (it->outcome == 0)
            it->outcome = next_record(s, k, &it->say, true, it->at_ms, a, body, &last);
        docs[fresh] = (struct store_new_doc){.id = it->say.id, .body = body};
        of[fresh] = it;
        if (it->outcome == 0)
            fresh++;
        else
            bson_destroy(body);
    }
    int done = store_insert(s, &consent_collection, docs, fresh);
    for (size_t i = 0; i < fresh; i++) {
        of[i]->outcome = done < 0 ? done : docs[i].outcome;
        bson_destroy((bson_t *)docs[i].body);
        if (of[i]->outcome == STORE_EXISTS)
            of[i]->outcome = consent_say(s, k, &of[i]->say, true, of[i]->at_ms, a, &last);
    }
}

/* --- proving ------------------------------------------------------------------------------------
 */

static const char *fault_of(const struct keyring *k, const struct consent *c, int64_t seq,
                            const uint8_t *before)
{
    uint8_t sum[SHA256_SIZE];
    const struct consent_purpose *p = consent_purpose_of(c->purpose);
    const struct consent_wording *w = p ? consent_wording_of(p, c->version) : NULL;
    uint8_t words[CONSENT_WORDS];
    if (c->seq != seq)
        return "it stands in another's place";
    digest(c, before, sum);
    if (c->digest.n != sizeof(sum) || !bytes_equal(c->digest.data, sum, sizeof(sum)))
        return "it is not what was written, or does not follow the one before";
    if (c->tag.n != MAC_TAG || mac_check(k, KEY_CONSENT, sum, sizeof(sum), c->tag.data) != 0)
        return "its tag is not of this keyring";
    if (!w)
        return "its wording is not in this program";
    consent_words(p, w, strcmp(c->language ? c->language : "", "en") == 0, words);
    if (c->words.n != sizeof(words) || !bytes_equal(c->words.data, words, sizeof(words)))
        return "its wording is not the one of that version";
    return NULL;
}

static int walk(struct store *s, const struct keyring *k, const struct id *chain,
                struct consent_proof *ret)
{
    uint8_t before[SHA256_SIZE] = {0};
    for (int64_t seq = 1;; seq++) {
        struct arena a;
        struct consent c;
        struct id id = record_id(chain, seq);
        arena_init(&a);
        int done = consent_get(s, &id, &a, &c);
        if (done == 0)
            ret->why = fault_of(k, &c, seq, before);
        if (done == 0 && !ret->why)
            memcpy(before, c.digest.data, sizeof(before));
        arena_release(&a);
        if (done != 0)
            return done == STORE_ABSENT ? 0 : done;
        if (ret->why) {
            ret->broken = seq;
            return CONSENT_BROKEN;
        }
        memcpy(ret->last, before, sizeof(before));
        ret->records = seq;
    }
}

int consent_verify(struct store *s, const struct keyring *k, const struct id *chain,
                   struct consent_proof *ret)
{
    struct arena a;
    struct consent end;
    *ret = (struct consent_proof){0};
    int done = walk(s, k, chain, ret);
    if (done != 0)
        return done;
    arena_init(&a);
    done = chain_end(s, chain, &a, &end);
    arena_release(&a);
    if (done == 0 && end.seq != ret->records) {
        ret->broken = ret->records + 1;
        ret->why = "records behind it are there, and it is not";
        return CONSENT_BROKEN;
    }
    return done == STORE_ABSENT ? 0 : done;
}

/* --- another owner ------------------------------------------------------------------------------
 */

int consent_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                  bool *ret_more)
{
    static const struct owned theirs = {&consent_collection, &consent_entity, "owner", "at"};
    return owned_reown(s, &theirs, from, into, a, ret_more);
}
