/* Filing a report, and carrying out verbs on a stored one. */
#include "domain/report/report.h"

#include <string.h>

#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/report/held.h"
#include "domain/report/private.h"

static const struct case_tell told_on_filing[] = {{TELL_OWNER, NULL}, {TELL_AGENCY, NULL}, {0}};
static const struct case_tell told_in_emergency[] = {
    {TELL_OWNER, NULL}, {TELL_AGENCY, NULL}, {TELL_LEADER_SMS, "emergency"}, {0}};
static const struct case_tell told_unrouted[] = {{TELL_OWNER, NULL}, {TELL_DISPATCHER, NULL}, {0}};
static const struct case_tell told_unrouted_emergency[] = {
    {TELL_OWNER, NULL}, {TELL_DISPATCHER, NULL}, {TELL_LEADER_SMS, "emergency"}, {0}};

/*
 * What nobody's rule takes, or whose commune was only guessed, is the dispatcher's to look at; so
 * is what a rule sends to the portal, where nobody could receive it.
 */
static bool routed(const struct report_draft *d, const struct case_world *w)
{
    bool portal = d->agency && w->dispatcher && strcmp(d->agency, w->dispatcher) == 0;
    return d->agency && !portal && d->place != PLACE_NEAREST;
}

/* Of the wording that a yes is given to. */
static int64_t wording(void)
{
    return consent_wording_now(consent_purpose_of(CONSENT_CONTACT))->version;
}

static int compose(const struct report_draft *d, const struct id *id, const struct case_world *w,
                   struct arena *a, struct report *r)
{
    *r = (struct report){
        .head = {.id = *id, .owner = d->owner, .actor = d->actor},
        .category = d->category,
        .text = d->text,
        .address = d->address,
        .point = d->point,
        .commune = d->commune,
        .place = d->place,
        .answers = d->answers,
        .answers_form = d->answers_form,
        .consent = d->consent,
        .said_in = d->said_in,
        .said_version = d->consent ? wording() : 0,
        .said_en = d->said_en,
        .emergency = d->emergency,
        .approval = d->approval,
        .proof = d->proof,
        .photos = {arena_dup(a, d->photos, d->n_photos * sizeof(*d->photos)), d->n_photos},
        .awaited = d->awaited,
        .awaited_until_ms = d->awaited ? w->now_ms + REPORT_AWAIT_MS : 0,
    };
    r->head.agency = routed(d, w) ? d->agency : w->dispatcher;
    r->head.state = routed(d, w) ? REPORT_DISPATCHED : REPORT_NEW;
    return r->head.agency ? 0 : E_UNAVAILABLE; /* nobody would be responsible */
}

/* The first case media of the photos, so that history names them. */
static const struct case_media *media_of(const struct report_draft *d, struct arena *a)
{
    struct case_media *media = arena_array(a, d->n_photos, sizeof(*media));
    for (size_t i = 0; i < d->n_photos; i++)
        media[i].id = d->photos[i].id;
    return media;
}

static int insert(struct store *s, const struct report_draft *d, const struct store_write *write,
                  const struct case_world *w, struct arena *a, struct report *r, bson_t **ret)
{
    int64_t n = 0;
    int done = store_number(s, case_counter(a, report_kind.prefix, w->now_ms), &n);
    if (done < 0)
        return done;
    r->head.number = case_number(a, report_kind.prefix, w->now_ms, n);
    struct case_act act = {.verb = "file",
                           .party = PARTY_OWNER,
                           .by = d->actor,
                           .agency = r->head.agency,
                           .media = media_of(d, a),
                           .n_media = d->n_photos};
    const struct case_tell *tells = d->emergency ? told_unrouted_emergency : told_unrouted;
    if (routed(d, w))
        tells = d->emergency ? told_in_emergency : told_on_filing;
    done = case_begin(&report_kind, r, &act, w, tells, a);
    if (done != 0)
        return done;
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    done = entity_encode(&report_entity, r, NULL, a, body);
    if (done < 0)
        return done;
    return store_create(s, &report_collection, &r->head.id, write, body, ret);
}

static int decode_and_free(bson_t *doc, struct arena *a, struct report *ret)
{
    int done = report_decode(doc, a, ret);
    bson_destroy(doc);
    return done;
}

/* The stored write records say whether it was this very request. */
static int filed_before(struct store *s, const struct id *id, const struct store_write *write,
                        struct arena *a, struct report *ret)
{
    bson_t *doc = NULL;
    int done = store_get(s, &report_collection, id, &doc);
    if (done != 0)
        return done;
    bool same = store_wrote(doc, write);
    done = decode_and_free(doc, a, ret);
    if (done < 0)
        return done;
    return same ? REPORT_REPEATED : REPORT_KEY_REUSED;
}

struct id report_id(const struct id *actor, const char *key)
{
    const struct id_part parts[] = {{actor->bytes, 16}, {key, strlen(key)}};
    return id_v8("report", parts, ARRAY_LEN(parts));
}

/* It was held while who asks was not proven yet, and filed by another's id (held.h). */
static int filed_by_heir(struct store *s, const struct id *id, const char *key, const void *body,
                         size_t n_body, struct arena *a, struct report *ret)
{
    struct id filed;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = report_held_heir(s, id, a, &filed);
    if (done == 0)
        done = store_get(s, &report_collection, &filed, &doc);
    if (done == 0)
        done = report_decode(doc, a, ret);
    if (done != 0)
        return done;
    const struct store_write write =
        store_write_keyed("report.file", &ret->head.actor, key, body, n_body);
    return store_wrote(doc, &write) ? REPORT_REPEATED : REPORT_KEY_REUSED;
}

int report_filed_before(struct store *s, const struct id *actor, const char *key, const void *body,
                        size_t n_body, struct arena *a, struct report *ret)
{
    const struct store_write write = store_write_keyed("report.file", actor, key, body, n_body);
    const struct id id = report_id(actor, key);
    int done = filed_before(s, &id, &write, a, ret);
    return done == STORE_ABSENT ? filed_by_heir(s, &id, key, body, n_body, a, ret) : done;
}

int report_file(struct store *s, const struct report_draft *d, const char *key, const void *body,
                size_t n_body, const struct case_world *w, struct arena *a, struct report *ret)
{
    struct store_write write = store_write_keyed("report.file", &d->actor, key, body, n_body);
    return report_file_as(s, d, key, &write, w, a, ret);
}

int report_file_as(struct store *s, const struct report_draft *d, const char *key,
                   const struct store_write *write, const struct case_world *w, struct arena *a,
                   struct report *ret)
{
    struct id id = report_id(&d->actor, key);
    int done = filed_before(s, &id, write, a, ret);
    if (done != STORE_ABSENT)
        return done;

    struct report r;
    done = compose(d, &id, w, a, &r);
    if (done < 0)
        return done;
    bson_t *stored = NULL;
    done = insert(s, d, write, w, a, &r, &stored);
    if (done == STORE_EXISTS || done == STORE_REUSED)
        return REPORT_KEY_REUSED;
    if (done < 0 || (done > 0 && done != STORE_REPEATED))
        return done;
    int decoded = decode_and_free(stored, a, ret);
    if (decoded < 0)
        return decoded;
    return done == STORE_REPEATED ? REPORT_REPEATED : 0;
}

/* --- verbs ------------------------------------------------------------------------------------ */

struct acting {
    struct report_act *act;
    const struct case_world *world;
};

/* One that is there stays as it is: a step may name it again. */
static void add_photos(struct report *r, const struct report_act *act, struct arena *a)
{
    size_t n = r->photos.n + act->n_photos;
    struct report_photo *photos = arena_array(a, n, sizeof(*photos));
    if (r->photos.n > 0)
        memcpy(photos, r->photos.items, r->photos.n * sizeof(*photos));
    n = r->photos.n;
    for (size_t i = 0; i < act->n_photos; i++) {
        bool known = false;
        for (size_t j = 0; j < n; j++)
            known |= id_equal(&photos[j].id, &act->photos[i].id);
        if (!known)
            photos[n++] = act->photos[i];
    }
    r->photos = (struct entity_list){photos, n};
}

/*
 * Publishing names the photos that anybody may see; the others stay with the parties. CASE_LACKS
 * for one that no leader approved, or that its reporter shows to offices alone: not even its name
 * goes out.
 */
static int choose_public(struct report *r, struct case_act *act)
{
    struct report_photo *photos = r->photos.items;
    for (size_t i = 0; i < r->photos.n; i++) {
        photos[i].public = false;
        for (size_t j = 0; j < act->n_media; j++)
            photos[i].public |= id_equal(&photos[i].id, &act->media[j].id);
        if (photos[i].public && (photos[i].proposed || photos[i].agency_only)) {
            act->lacks = "/media";
            return CASE_LACKS;
        }
    }
    return 0;
}

static int act_on(struct store_edit *edit, void *ctx)
{
    struct acting *acting = ctx;
    struct report r;
    int chosen = 0, done = report_decode(edit->before, edit->arena, &r);
    if (done < 0)
        return done;
    struct case_act act = acting->act->act;
    case_act_by(&act, &r.head, &acting->act->actor);
    if (strcmp(act.verb, "publish") == 0)
        chosen = choose_public(&r, &act);
    else
        add_photos(&r, acting->act, edit->arena);
    done = case_apply(&report_kind, &r, &act, acting->world, edit->arena);
    done = done == 0 ? chosen : done; /* who may not publish is told that first */
    if (done == 0 && r.photos.n > REPORT_PHOTOS_MAX) {
        act.lacks = "/media";
        done = CASE_LACKS;
    }
    acting->act->act.lacks = act.lacks;
    if (done != 0)
        return done;
    done = entity_encode(&report_entity, &r, edit->before, edit->arena, edit->after);
    if (done == 0 && !act.onward && edit->after->len > STORE_DOC_MAX - REPORT_ROOM)
        done = CASE_CROWDED;
    return done;
}

int report_act(struct store *s, const struct id *id, struct report_act *act,
               const struct store_change_options *options, const struct case_world *w,
               struct arena *a, struct report *ret)
{
    struct acting acting = {act, w};
    struct store_changed changed = {0};
    int done = store_change(s, &report_collection, id, options, act_on, &acting, &changed);
    if (!changed.doc)
        return done;
    int decoded = decode_and_free(changed.doc, a, ret);
    return decoded < 0 ? decoded : done;
}
