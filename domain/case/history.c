#include "domain/case/history.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"

static const char ENCODING[] = "tram-step-1"; /* its NUL is part of it */
static const char ENCODING_FOR[] = "tram-step-2";

static void feed_number(struct sha256 *h, uint64_t value, size_t bytes)
{
    uint8_t out[8];
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    sha256_update(h, out, bytes);
}

static void feed_text(struct sha256 *h, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    feed_number(h, n, 4);
    sha256_update(h, text, n);
}

static void digest_note(const struct case_step *s, uint8_t out[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, s->salt.data, s->salt.n);
    sha256_update(&h, s->note, strlen(s->note));
    sha256_final(&h, out);
}

static void feed_note(struct sha256 *h, const struct case_step *s)
{
    static const uint8_t zero[SHA256_SIZE];
    sha256_update(h, s->note_digest.n == SHA256_SIZE ? s->note_digest.data : zero, SHA256_SIZE);
}

static void step_digest(const struct case_step *s, const struct id *case_id, const uint8_t *before,
                        uint8_t out[SHA256_SIZE])
{
    static const uint8_t zero[SHA256_SIZE];
    struct sha256 h;
    sha256_init(&h);
    bool for_another = !id_is_nil(&s->deputy_for);
    sha256_update(&h, for_another ? ENCODING_FOR : ENCODING, sizeof(ENCODING));
    sha256_update(&h, before ? before : zero, SHA256_SIZE);
    sha256_update(&h, case_id->bytes, 16);
    feed_number(&h, (uint64_t)s->seq, 8);
    feed_number(&h, (uint64_t)s->at_ms, 8);
    const char *texts[] = {s->verb, s->from, s->to, s->party, s->office, s->agency, s->reason};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        feed_text(&h, texts[i]);
    sha256_update(&h, s->by.bytes, 16);
    sha256_update(&h, s->officer.bytes, 16);
    feed_note(&h, s);
    feed_number(&h, s->inner, 1);
    const struct case_media *media = s->media.items;
    feed_number(&h, s->media.n, 4);
    for (size_t i = 0; i < s->media.n; i++)
        sha256_update(&h, media[i].id.bytes, 16);
    if (for_another)
        sha256_update(&h, s->deputy_for.bytes, 16);
    sha256_final(&h, out);
}

void history_digest(struct case_step *s, const struct id *case_id, const uint8_t *before,
                    struct arena *a)
{
    if (s->note && s->salt.n == 0) {
        uint8_t *salt = arena_alloc(a, HISTORY_SALT);
        bytes_random(salt, HISTORY_SALT);
        s->salt = (struct entity_bytes){salt, HISTORY_SALT};
    }
    if (s->note) {
        uint8_t *of_note = arena_alloc(a, SHA256_SIZE);
        digest_note(s, of_note);
        s->note_digest = (struct entity_bytes){of_note, SHA256_SIZE};
    }
    uint8_t *digest = arena_alloc(a, SHA256_SIZE);
    step_digest(s, case_id, before, digest);
    s->digest = (struct entity_bytes){digest, SHA256_SIZE};
}

/* Note and salt are there together, or were never there, or were erased together. */
static bool note_holds(const struct case_step *s)
{
    uint8_t digest[SHA256_SIZE];
    if (!s->note)
        return s->salt.n == 0 && (s->note_digest.n == 0 || s->note_digest.n == SHA256_SIZE);
    if (s->salt.n != HISTORY_SALT || s->note_digest.n != SHA256_SIZE)
        return false;
    digest_note(s, digest);
    return memcmp(digest, s->note_digest.data, SHA256_SIZE) == 0;
}

int history_check(const struct entity_list *steps, const struct id *case_id)
{
    const struct case_step *items = steps->items;
    for (size_t i = 0; i < steps->n; i++) {
        uint8_t digest[SHA256_SIZE];
        step_digest(&items[i], case_id, i > 0 ? items[i - 1].digest.data : NULL, digest);
        if (items[i].digest.n != SHA256_SIZE || !note_holds(&items[i]) ||
            memcmp(items[i].digest.data, digest, SHA256_SIZE) != 0)
            return (int)i;
    }
    return -1;
}

void history_erase(struct case_step *s)
{
    s->note = NULL;
    s->salt = (struct entity_bytes){0};
}
