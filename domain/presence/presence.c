#include "domain/presence/presence.h"

#include <string.h>

#include "base/result.h"

struct place {
    struct id about;
    bool writing;
    int64_t since_ms, seen_ms;
};

/* What is stored of one official. */
struct whereabouts {
    const char *name, *title, *agency;
    int role;
    struct entity_list places; /* struct place */
    int64_t seen_ms;
    struct text_words abouts; /* derived: ids of the places */
};

#define AT(member) .offset = offsetof(struct presence, member)
#define PLACE(member) .offset = offsetof(struct place, member)
#define KEPT(member) .offset = offsetof(struct whereabouts, member)
#define COLLEAGUES SEE_AGENCY
#define OFFICIALS (SEE_AGENCY | SEE_INSPECTOR)

const struct entity presence_entity = {
    .name = "Presence",
    .size = sizeof(struct presence),
    .fields = (const struct entity_field[]){
        {.name = "name",
         .type = ENTITY_TEXT,
         AT(name),
         .see = COLLEAGUES,
         .words = "Of who works in the same agency"},
        {.name = "title", .type = ENTITY_TEXT, AT(title), .see = OFFICIALS},
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = OFFICIALS},
        {.name = "role", .type = ENTITY_ENUM, AT(role), .see = OFFICIALS, .names = staff_roles},
        {.name = "writing",
         .type = ENTITY_BOOL,
         AT(writing),
         .see = OFFICIALS,
         .words = "A step is begun and not sent yet"},
        {.name = "since", .type = ENTITY_TIME, AT(since_ms), .see = OFFICIALS},
        {.name = "seen_at", .type = ENTITY_TIME, AT(seen_ms), .see = OFFICIALS},
        {0},
    }};

static const struct entity place_entity = {
    .name = "PresencePlace",
    .size = sizeof(struct place),
    .fields = (const struct entity_field[]){
        {.name = "about", .type = ENTITY_ID, PLACE(about)},
        {.name = "writing", .type = ENTITY_BOOL, PLACE(writing)},
        {.name = "since", .type = ENTITY_TIME, PLACE(since_ms)},
        {.name = "seen", .type = ENTITY_TIME, PLACE(seen_ms)},
        {0},
    }};

static void derive(void *record, struct arena *a)
{
    struct whereabouts *w = record;
    const struct place *places = w->places.items;
    const char **ids = arena_array(a, PRESENCE_PLACES_MAX, sizeof(*ids));
    w->abouts = (struct text_words){.items = ids};
    for (size_t i = 0; i < w->places.n && i < PRESENCE_PLACES_MAX; i++)
        ids[w->abouts.n++] = id_format(&places[i].about, arena_array(a, ID_TEXT, 1));
}

static const struct entity whereabouts_entity = {
    .name = "Whereabouts",
    .size = sizeof(struct whereabouts),
    .derive = derive,
    .fields = (const struct entity_field[]){
        {.name = "name", .type = ENTITY_TEXT, KEPT(name)},
        {.name = "title", .type = ENTITY_TEXT, KEPT(title)},
        {.name = "agency", .type = ENTITY_TEXT, KEPT(agency)},
        {.name = "role", .type = ENTITY_ENUM, KEPT(role), .names = staff_roles},
        {.name = "places",
         .type = ENTITY_LIST,
         KEPT(places),
         .max = PRESENCE_PLACES_MAX,
         .of = &place_entity},
        {.name = "seen", .type = ENTITY_TIME, KEPT(seen_ms)},
        {.name = "abouts",
         .type = ENTITY_WORDS,
         KEPT(abouts),
         .max = PRESENCE_PLACES_MAX,
         .flags = ENTITY_DERIVED},
        {0},
    }};

const struct store_collection presence_collection = {
    .name = "presence",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"about", "abouts", STORE_TEXT, true},
            {"seen", "seen", STORE_INT, false},
        },
    .n_fields = 2,
    .paths =
        (const struct store_path[]){
            {.name = "about",
             .why = "who else has this case open, asked by each open page every few seconds",
             .equals = {"about"},
             .order = "seen"},
        },
    .n_paths = 1,
};

static bool is_alive(const struct place *p, int64_t now_ms)
{
    return p->seen_ms + PRESENCE_LIFE_MS > now_ms;
}

struct sign {
    const struct staff *who; /* NULL: they leave */
    struct id about;
    bool writing;
    int64_t now_ms;
};

/* The places that still are, with the one of this sign first. */
static void move(const struct sign *sign, struct whereabouts *w, struct arena *a)
{
    const struct place *was = w->places.items;
    struct place *now = arena_array(a, PRESENCE_PLACES_MAX, sizeof(*now));
    size_t n = 0;
    if (sign->who)
        now[n++] = (struct place){sign->about, sign->writing, sign->now_ms, sign->now_ms};
    for (size_t i = 0; i < w->places.n; i++) {
        bool same = id_equal(&was[i].about, &sign->about);
        if (same && sign->who && is_alive(&was[i], sign->now_ms))
            now[0].since_ms = was[i].since_ms;
        if (!same && n < PRESENCE_PLACES_MAX && is_alive(&was[i], sign->now_ms))
            now[n++] = was[i];
    }
    w->places = (struct entity_list){now, n};
}

static int take(struct store_edit *edit, void *ctx)
{
    const struct sign *sign = ctx;
    struct whereabouts w = {0};
    if (!edit->before && !sign->who)
        return STORE_UNCHANGED;
    int done = edit->before ? entity_decode(&whereabouts_entity, edit->before, edit->arena, &w) : 0;
    if (done < 0)
        return done;
    move(sign, &w, edit->arena);
    if (sign->who) {
        w.name = sign->who->name;
        w.title = sign->who->title;
        w.agency = sign->who->agency;
        w.role = sign->who->role;
        w.seen_ms = sign->now_ms;
    }
    return entity_encode(&whereabouts_entity, &w, edit->before, edit->arena, edit->after);
}

static int put(struct store *s, const struct id *who, struct sign *sign)
{
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    int done = store_change(s, &presence_collection, who, &options, take, sign, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}

int presence_here(struct store *s, const struct staff *who, const struct id *about, bool writing,
                  int64_t now_ms)
{
    struct sign sign = {who, *about, writing, now_ms};
    return put(s, &who->id, &sign);
}

int presence_gone(struct store *s, const struct id *who, const struct id *about, int64_t now_ms)
{
    struct sign sign = {.about = *about, .now_ms = now_ms};
    return put(s, who, &sign);
}

static const struct place *place_of(const struct whereabouts *w, const struct id *about)
{
    const struct place *places = w->places.items;
    for (size_t i = 0; i < w->places.n; i++)
        if (id_equal(&places[i].about, about))
            return &places[i];
    return NULL;
}

int presence_is_fresh(struct store *s, const struct id *who, const struct id *about, bool writing,
                      int64_t now_ms, struct arena *a, bool *ret)
{
    struct whereabouts w = {0};
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    *ret = false;
    int done = store_get(s, &presence_collection, who, &doc);
    if (done == 0)
        done = entity_decode(&whereabouts_entity, doc, a, &w);
    if (done != 0)
        return done < 0 ? done : 0;
    const struct place *p = place_of(&w, about);
    *ret = p && p->writing == writing && p->seen_ms + PRESENCE_STORED_MS > now_ms;
    return 0;
}

int presence_others(struct store *s, const struct id *who, const struct id *about, int64_t now_ms,
                    struct arena *a, struct presence *ret, size_t *ret_n)
{
    char text[ID_TEXT];
    const struct store_value is = store_text(id_format(about, text));
    const struct store_range alive = {.has_low = true, .low = store_int(now_ms - PRESENCE_LIFE_MS)};
    const struct store_condition conditions[] = {
        {.field = "about", .op = STORE_EQ, .values = &is, .n_values = 1},
        {.field = "seen", .op = STORE_BETWEEN, .ranges = &alive, .n_ranges = 1}};
    const struct store_query q = {.conditions = conditions,
                                  .n_conditions = ARRAY_LEN(conditions),
                                  .order = "seen",
                                  .descending = true,
                                  .limit = PRESENCE_OTHERS_MAX + 1};
    struct store_page page;
    *ret_n = 0;
    int done = store_scan(s, &presence_collection, &q, a, &page);
    for (size_t i = 0; done == 0 && i < page.n && *ret_n < PRESENCE_OTHERS_MAX; i++) {
        struct whereabouts w = {0};
        struct id id;
        done = entity_decode(&whereabouts_entity, page.docs[i], a, &w);
        const struct place *p = done == 0 ? place_of(&w, about) : NULL;
        if (!p || !is_alive(p, now_ms) || !store_document_id(page.docs[i], &id) ||
            id_equal(&id, who))
            continue;
        ret[(*ret_n)++] = (struct presence){.id = id,
                                            .name = w.name,
                                            .title = w.title,
                                            .agency = w.agency,
                                            .role = w.role,
                                            .writing = p->writing,
                                            .since_ms = p->since_ms,
                                            .seen_ms = p->seen_ms};
    }
    return done;
}
