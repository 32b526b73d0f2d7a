/* Documents as stored: reserved fields first, then what the domain wrote. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "store/private.h"

static int64_t int_field(const bson_t *doc, const char *key)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) ? bson_iter_as_int64(&it) : 0;
}

int64_t store_version(const bson_t *doc)
{
    return int_field(doc, "version");
}

int64_t store_revision(const bson_t *doc)
{
    return int_field(doc, "revision");
}

static bool binary_field(const bson_iter_t *it, void *out, size_t n)
{
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    if (!BSON_ITER_HOLDS_BINARY(it))
        return false;
    bson_iter_binary(it, NULL, &length, &bytes);
    if (length != n)
        return false;
    memcpy(out, bytes, n);
    return true;
}

bool store_document_id(const bson_t *doc, struct id *ret)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, "_id") && binary_field(&it, ret->bytes, 16);
}

/* --- write records ---------------------------------------------------------------------------- */

static bool record_at(const bson_iter_t *array_item, struct write_record *ret)
{
    bson_iter_t it;
    bool id = false, digest = false;
    *ret = (struct write_record){0};
    if (!BSON_ITER_HOLDS_DOCUMENT(array_item) || !bson_iter_recurse(array_item, &it))
        return false;
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        if (strcmp(key, "id") == 0)
            id = binary_field(&it, ret->id.bytes, 16);
        else if (strcmp(key, "digest") == 0)
            digest = binary_field(&it, ret->digest, 16);
        else if (strcmp(key, "outcome") == 0)
            ret->outcome = (int32_t)bson_iter_as_int64(&it);
    }
    return id && digest;
}

/* The ring, oldest first; returns how many there are. */
static size_t read_writes(const bson_t *doc, struct write_record ret[STORE_WRITES])
{
    bson_iter_t it, items;
    size_t n = 0;
    if (!doc || !bson_iter_init_find(&it, doc, "writes") || !BSON_ITER_HOLDS_ARRAY(&it) ||
        !bson_iter_recurse(&it, &items))
        return 0;
    while (n < STORE_WRITES && bson_iter_next(&items)) {
        if (record_at(&items, &ret[n]))
            n++;
    }
    return n;
}

bool store_find_write(const bson_t *doc, const struct id *write, struct write_record *ret)
{
    struct write_record ring[STORE_WRITES];
    size_t n = read_writes(doc, ring);
    for (size_t i = 0; i < n; i++) {
        if (id_equal(&ring[i].id, write)) {
            *ret = ring[i];
            return true;
        }
    }
    return false;
}

bool store_wrote(const bson_t *doc, const struct store_write *w)
{
    struct write_record record;
    return store_find_write(doc, &w->id, &record) &&
           memcmp(record.digest, w->digest, sizeof(w->digest)) == 0;
}

bool store_wrote_otherwise(const bson_t *doc, const struct store_write *w)
{
    struct write_record record;
    return store_find_write(doc, &w->id, &record) && !store_wrote(doc, w);
}

static void append_writes(bson_t *out, const bson_t *before, const struct write_record *added)
{
    struct write_record ring[STORE_WRITES + 1];
    size_t n = read_writes(before, ring);
    if (added)
        ring[n++] = *added;
    size_t first = n > STORE_WRITES ? n - STORE_WRITES : 0;
    bson_t array;
    bson_append_array_begin(out, "writes", -1, &array);
    for (size_t i = first; i < n; i++) {
        const char *key;
        char room[16];
        bson_t record;
        bson_uint32_to_string((uint32_t)(i - first), &key, room, sizeof(room));
        bson_append_document_begin(&array, key, -1, &record);
        bson_append_binary(&record, "id", -1, BSON_SUBTYPE_UUID, ring[i].id.bytes, 16);
        bson_append_binary(&record, "digest", -1, BSON_SUBTYPE_BINARY, ring[i].digest, 16);
        bson_append_int32(&record, "outcome", -1, ring[i].outcome);
        bson_append_document_end(&array, &record);
    }
    bson_append_array_end(out, &array);
}

/* --- composing -------------------------------------------------------------------------------- */

/* Milliseconds and 20 bits below them: increasing in this process, and close to time in all. */
static int64_t next_arrival(struct store *s)
{
    int64_t wanted = clock_now_ms() << 20;
    int64_t last = atomic_load(&s->arrival);
    int64_t next;
    do {
        next = wanted > last ? wanted : last + 1;
    } while (!atomic_compare_exchange_weak(&s->arrival, &last, next));
    return next;
}

static int append_body(bson_t *out, const bson_t *body)
{
    bson_iter_t it;
    if (!bson_iter_init(&it, body))
        return E_INVALID;
    while (bson_iter_next(&it)) {
        if (store_field_reserved(bson_iter_key(&it)))
            return E_INVALID;
    }
    return bson_concat(out, body) ? 0 : E_FULL;
}

static void count_word(const char *word, void *ctx)
{
    (void)word, (void)ctx;
}

static int check_fields(const struct store_collection *c, const bson_t *doc)
{
    for (size_t i = 0; i < c->n_fields; i++) {
        struct store_value values[STORE_MULTI_MAX];
        int n = c->fields[i].type == STORE_WORDS
                    ? store_extract_words(&c->fields[i], doc, count_word, NULL)
                    : store_extract(&c->fields[i], doc, values);
        if (n < 0)
            return n;
    }
    return 0;
}

int store_compose(struct store *s, const struct store_collection *c, const struct compose *p,
                  bson_t **ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = bson_sized_new(p->body->len + 512);
    bson_append_binary(doc, "_id", -1, BSON_SUBTYPE_UUID, p->id.bytes, 16);
    bson_append_int32(doc, "form", -1, c->form);
    bson_append_int64(doc, "version", -1, p->version);
    if (store_words_index(c) >= 0) {
        int64_t arrival = p->before ? int_field(p->before, "arrival") : 0;
        bson_append_int64(doc, "arrival", -1, arrival ? arrival : next_arrival(s));
    }
    append_writes(doc, p->before, p->write);
    int done = append_body(doc, p->body);
    if (done == 0 && doc->len > STORE_DOC_MAX)
        done = E_FULL;
    if (done == 0)
        done = check_fields(c, doc);
    if (done == 0)
        *ret = STEAL(doc);
    return done;
}
