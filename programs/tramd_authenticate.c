#include <string.h>

#include "base/clock.h"
#include "programs/tramd.h"

static enum role role_of(const struct token_claims *claims)
{
    static const struct {
        const char *name;
        enum role role;
    } roles[] = {{"dispatcher", ROLE_DISPATCHER},
                 {"officer", ROLE_OFFICER},
                 {"leader", ROLE_LEADER},
                 {"inspector", ROLE_INSPECTOR},
                 {"admin", ROLE_ADMIN}};
    if (claims->kind == TOKEN_CITIZEN)
        return ROLE_CITIZEN;
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (strcmp(roles[i].name, claims->role) == 0)
            return roles[i].role;
    }
    return ROLE_PUBLIC;
}

static int session_of(struct app *app, const struct token_claims *claims, int64_t now_ms,
                      bool *ret_lives, bool *ret_locked)
{
    struct arena a;
    arena_init(&a);
    struct session session;
    int done = session_get(app->store, &claims->session, &a, &session);
    *ret_lives = done == 0 && session_lives(&session, now_ms) &&
                 id_equal(&session.subject, &claims->subject);
    *ret_locked = *ret_lives && session_locked(&app->sessions, &session, now_ms);
    if (*ret_lives && !*ret_locked)
        done = session_used(app->store, &session, now_ms);
    arena_release(&a);
    return done < 0 ? done : 0;
}

int tramd_authenticate(struct app *app, const char *bearer, struct identity *ret)
{
    struct token_claims claims;
    int64_t now_ms = clock_now_ms();
    int done =
        token_verify(app->keys, &app->sessions.parties, bearer, strlen(bearer), now_ms, &claims);
    if (done != 0)
        return done < 0 ? done : 1;
    bool lives = false, locked = false;
    done = session_of(app, &claims, now_ms, &lives, &locked);
    if (done < 0)
        return done;
    *ret = (struct identity){.role = role_of(&claims),
                             .subject = claims.subject,
                             .session = claims.session,
                             .level = claims.level,
                             .expires_ms = claims.expires_ms};
    if (!lives || ret->role == ROLE_PUBLIC || strlen(claims.agency) >= sizeof(ret->agency))
        return 1;
    if (locked)
        return 2;
    memcpy(ret->agency, claims.agency, strlen(claims.agency) + 1);
    return 0;
}
