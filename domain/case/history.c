#include "domain/case/history.h"

#include <sodium.h>
#include <string.h>

static const char ENCODING[] = "tram-step-1"; /* its NUL is part of it */

static void feed_number(crypto_hash_sha256_state *h, uint64_t value, size_t bytes)
{
    uint8_t out[8];
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    crypto_hash_sha256_update(h, out, bytes);
}

static void feed_text(crypto_hash_sha256_state *h, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    feed_number(h, n, 4);
    if (n > 0)
        crypto_hash_sha256_update(h, (const uint8_t *)text, n);
}

static void feed_note(crypto_hash_sha256_state *h, const struct case_step *s)
{
    uint8_t digest[32] = {0};
    if (s->note && s->salt.n > 0) {
        crypto_hash_sha256_state salted;
        crypto_hash_sha256_init(&salted);
        crypto_hash_sha256_update(&salted, s->salt.data, s->salt.n);
        crypto_hash_sha256_update(&salted, (const uint8_t *)s->note, strlen(s->note));
        crypto_hash_sha256_final(&salted, digest);
    }
    crypto_hash_sha256_update(h, digest, sizeof(digest));
}

static void step_digest(const struct case_step *s, const struct id *case_id, const uint8_t *before,
                        uint8_t out[32])
{
    static const uint8_t zero[32];
    crypto_hash_sha256_state h;
    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, (const uint8_t *)ENCODING, sizeof(ENCODING));
    crypto_hash_sha256_update(&h, before ? before : zero, 32);
    crypto_hash_sha256_update(&h, case_id->bytes, 16);
    feed_number(&h, (uint64_t)s->seq, 8);
    feed_number(&h, (uint64_t)s->at_ms, 8);
    const char *texts[] = {s->verb, s->from, s->to, s->party, s->office, s->agency, s->reason};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        feed_text(&h, texts[i]);
    crypto_hash_sha256_update(&h, s->by.bytes, 16);
    crypto_hash_sha256_update(&h, s->officer.bytes, 16);
    feed_note(&h, s);
    const struct case_media *media = s->media.items;
    feed_number(&h, s->media.n, 4);
    for (size_t i = 0; i < s->media.n; i++)
        crypto_hash_sha256_update(&h, media[i].id.bytes, 16);
    crypto_hash_sha256_final(&h, out);
}

void history_digest(struct case_step *s, const struct id *case_id, const uint8_t *before,
                    struct arena *a)
{
    if (s->note && s->salt.n == 0) {
        uint8_t *salt = arena_alloc(a, 16);
        randombytes_buf(salt, 16);
        s->salt = (struct entity_bytes){salt, 16};
    }
    uint8_t *digest = arena_alloc(a, 32);
    step_digest(s, case_id, before, digest);
    s->digest = (struct entity_bytes){digest, 32};
}

int history_check(const struct entity_list *steps, const struct id *case_id)
{
    const struct case_step *items = steps->items;
    for (size_t i = 0; i < steps->n; i++) {
        uint8_t digest[32];
        step_digest(&items[i], case_id, i > 0 ? items[i - 1].digest.data : NULL, digest);
        if (items[i].digest.n != 32 || memcmp(items[i].digest.data, digest, 32) != 0)
            return (int)i;
    }
    return -1;
}
