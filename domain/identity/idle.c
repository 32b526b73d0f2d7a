/* Shared computers: what an official leaves idle is locked. */
#include "domain/identity/session.h"

#define WRITTEN_MS INT64_C(30000) /* use is written this often */

bool session_locked(const struct session_settings *set, const struct session *s, int64_t now_ms)
{
    int64_t used_ms = s->active_ms ? s->active_ms : s->seen_ms;
    return set->idle_ms > 0 && s->kind == TOKEN_STAFF + 1 && session_lives(s, now_ms) &&
           now_ms - used_ms > set->idle_ms + SESSION_ACTIVE_MS;
}

static int use(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct session s = {0};
    int done = entity_decode(&session_entity, edit->before, edit->arena, &s);
    if (done < 0)
        return done;
    if (s.active_ms >= *now_ms || !session_lives(&s, *now_ms))
        return STORE_UNCHANGED;
    s.active_ms = *now_ms;
    return entity_encode(&session_entity, &s, edit->before, edit->arena, edit->after);
}

int session_used(struct store *s, const struct session *session, int64_t now_ms)
{
    if (session->kind != TOKEN_STAFF + 1 || now_ms - session->active_ms < WRITTEN_MS)
        return 0;
    int done = store_change(s, &session_collection, &session->id, NULL, use, &now_ms, NULL);
    return done < 0 ? done : 0;
}
