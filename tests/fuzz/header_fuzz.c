/*
 * Header fields of anybody (gateway/header.h). The first byte chooses the field. Each answer keeps
 * what its declaration promises.
 */
#include "base/arena.h"
#include "gateway/header.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_range(struct feed *f, struct arena *a)
{
    int64_t from = -1, end = -1, size = feed_number(f) & INT64_MAX;
    const char *text = feed_text(f, '\0', a);
    enum range_outcome r = header_range(text, size, &from, &end);
    check(r == RANGE_WHOLE || r == RANGE_PART || r == RANGE_OUTSIDE);
    if (r == RANGE_WHOLE)
        check(from == 0 && end == size);
    if (r == RANGE_PART)
        check(from >= 0 && from < end && end <= size);
}

static void check_etags(struct feed *f, struct arena *a)
{
    const char *list = feed_text(f, '\n', a), *etag = feed_text(f, '\0', a);
    bool listed = header_etag_listed(list, etag);
    check(!listed || *list);
    header_if_range(list, etag);
    /* What was sent alone is found, where it can be a tag at all. */
    size_t n = strlen(list);
    if (n >= 2 && list[0] == '"' && strchr(list + 1, '"') == list + n - 1)
        check(header_etag_listed(list, list) && header_if_range(list, list));
}

static void check_trace(const char *text)
{
    char id[33];
    if (!header_trace_id(text, id))
        return;
    check(strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32 && strspn(id, "0") != 32);
    check(strncmp(text + 3, id, 32) == 0);
}

static void check_one(const char *text)
{
    enum language language = header_language(text);
    check(language == LANGUAGE_VI || language == LANGUAGE_EN);
    header_accepts(text, "gzip");
    check(!header_authority_sound(text) || (strlen(text) < 256 && !strpbrk(text, "\r\n /@?#\"<")));
    header_type_is(text, "application/json");
    const char *bearer = header_bearer(text);
    check(!bearer || (bearer > text && bearer <= text + strlen(text) && *bearer));
    check(!header_key_sound(text) || (strlen(text) >= 8 && strlen(text) <= 64));
    check_trace(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = feed_of(bytes, n);
    struct arena a;
    arena_init(&a);
    size_t which = feed_choice(&f, 3);
    if (which == 0)
        check_range(&f, &a);
    else if (which == 1)
        check_etags(&f, &a);
    else
        check_one(feed_text(&f, '\0', &a));
    arena_release(&a);
    return 0;
}
