/*
 * Documents of anybody: the first byte chooses the table, the rest is a BSON document. What is read
 * and can be written again is read as the same; its JSON is JSON, for every audience.
 */
#include "base/json.h"
#include "base/result.h"
#include "domain/agency/agency.h"
#include "domain/identity/session.h"
#include "domain/person/person.h"
#include "domain/report/report.h"
#include "domain/setting/setting.h"
#include "domain/staff/staff.h"
#include "media/upload.h"
#include "push/push.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct entity *const entities[] = {
    &report_entity,  &report_public_entity, &report_fact_entity, &delivery_entity,
    &upload_entity,  &person_entity,        &staff_entity,       &session_entity,
    &setting_entity, &agency_entity,        &category_entity,    &routing_rule_entity,
};

/* The program writes canonical JSON only, and does not look again when it reads. */
static bool members_are_json(const struct entity *e, const void *record)
{
    bool sound = true;
    for (const struct entity_field *field = e->fields; field->name && sound; field++) {
        if (field->type != ENTITY_JSON)
            continue;
        const char *text;
        json_t *value = NULL;
        struct json_fault fault;
        memcpy(&text, (const char *)record + field->offset, sizeof(text));
        sound = !text || json_read(text, strlen(text), &value, &fault) == 0;
        json_decref(value);
    }
    return sound;
}

static void check_json(const struct entity *e, const void *record)
{
    for (unsigned see = SEE_OWNER; see <= SEE_SELF; see <<= 1) {
        struct buf out;
        struct json_fault fault;
        json_t *value = NULL;
        buf_init(&out, 4U << 20);
        entity_json(e, record, see, &out);
        if (!out.failed)
            check(json_read(out.data, out.len, &value, &fault) == 0);
        json_decref(value);
        buf_release(&out);
    }
}

static void write_and_read(const struct entity *e, void *record, const bson_t *before,
                           struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *once = bson_new();
    CLEANUP(bson_destroyp) bson_t *twice = bson_new();
    int done = entity_encode(e, record, before, a, once);
    check(done == 0 || done == E_FULL || done == E_INVALID);
    if (done != 0)
        return;
    if (members_are_json(e, record))
        check_json(e, record);
    void *again = arena_alloc(a, e->size);
    memset(again, 0, e->size);
    check(entity_decode(e, once, a, again) == 0);
    check(entity_encode(e, again, once, a, twice) == 0);
    check(bson_equal(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = feed_of(bytes, n);
    const struct entity *e = entities[feed_choice(&f, ARRAY_LEN(entities))];
    bson_t doc;
    struct arena a;
    if (!bson_init_static(&doc, f.at, feed_left(&f)))
        return 0;
    arena_init(&a);
    void *record = arena_alloc(&a, e->size);
    memset(record, 0, e->size);
    int done = entity_decode(e, &doc, &a, record);
    check(done == 0 || done == E_CORRUPT);
    bool whole = bson_validate(&doc, BSON_VALIDATE_UTF8 | BSON_VALIDATE_DOLLAR_KEYS, NULL);
    if (done == 0 && whole)
        write_and_read(e, record, &doc, &a);
    struct report r;
    if (e == &report_entity)
        report_decode(&doc, &a, &r);
    arena_release(&a);
    return 0;
}
