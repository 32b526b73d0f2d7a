/*
 * Signatures and secrets of anybody. The input is a secret LF an id LF a list of signatures LF a
 * body. None is right that was not made with the key; ours is, wherever in the list it stands.
 */
#include "base/crypto/webhook_sign.h"
#include "tests/fuzz/feed.h"

#define NOW_S INT64_C(1764000000)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_secret(const char *text)
{
    struct webhook_secret s, again;
    char out[WEBHOOK_SECRET_TEXT];
    if (!webhook_secret_parse(text, &s))
        return;
    check(s.n >= WEBHOOK_SECRET_MIN && s.n <= WEBHOOK_SECRET_MAX);
    check(strcmp(webhook_secret_format(&s, out), text) == 0);
    check(webhook_secret_parse(out, &again) && again.n == s.n &&
          memcmp(again.bytes, s.bytes, s.n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct webhook_secret ours = {.n = 32};
    struct feed f = feed_of(bytes, n);
    struct arena a;
    char made[WEBHOOK_SIGNATURE];
    arena_init(&a);
    check_secret(feed_text(&f, '\n', &a));
    const char *id = feed_text(&f, '\n', &a), *list = feed_text(&f, '\n', &a);
    const void *body = f.at;
    size_t n_body = feed_left(&f);
    int done = webhook_sign(&ours, id, NOW_S, body, n_body, made);
    check(done <= 0);
    int found = webhook_verify(&ours, id, NOW_S, body, n_body, list, NOW_S, 300);
    if (done < 0)
        check(found != 0 && found != WEBHOOK_STALE);
    else
        check((found == 0) == (strstr(list, made) != NULL) || found == WEBHOOK_FORGED);
    if (done == 0) {
        const char *both = arena_printf(&a, "%s %s", list, made);
        check(webhook_verify(&ours, id, NOW_S, body, n_body, both, NOW_S, 300) == 0);
        check(webhook_verify(&ours, id, NOW_S, body, n_body, both, NOW_S + 301, 300) ==
              WEBHOOK_STALE);
    }
    arena_release(&a);
    return 0;
}
