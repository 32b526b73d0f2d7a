#include "domain/staff/demo.h"

#include "base/crypto/bytes.h"
#include "base/result.h"

const char *const staff_demo_secrets[] = {
    "DEMOAAAAAAAAAAAAAAAAAAAAAAAAAAA2", "DEMOBBBBBBBBBBBBBBBBBBBBBBBBBBB3",
    "DEMOCCCCCCCCCCCCCCCCCCCCCCCCCCC4", "DEMODDDDDDDDDDDDDDDDDDDDDDDDDDD5",
    "DEMOEEEEEEEEEEEEEEEEEEEEEEEEEEE6", "DEMOFFFFFFFFFFFFFFFFFFFFFFFFFFF7",
    "DEMOGGGGGGGGGGGGGGGGGGGGGGGGGGG2", NULL,
};

/* 1 if the account has one of them, 0 if not, or a failure. */
static int has_demo_secret(const struct keyring *keys, const struct staff *staff)
{
    uint8_t secret[TOTP_SECRET], known[TOTP_SECRET];
    if (!staff->active || staff->totp.n == 0)
        return 0;
    int done = staff_totp(keys, staff, secret);
    for (size_t i = 0; done == 0 && staff_demo_secrets[i]; i++) {
        if (totp_from_base32(staff_demo_secrets[i], known) &&
            bytes_equal(secret, known, sizeof(secret)))
            done = 1;
    }
    bytes_wipe(secret, sizeof(secret));
    return done;
}

int staff_demo_find(struct store *s, const struct keyring *keys, struct arena *a,
                    const char **ret_user)
{
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    *ret_user = NULL;
    for (bool more = true; more;) {
        struct store_page page;
        int done = store_scan(s, &staff_collection, &q, a, &page);
        if (done != 0)
            return done;
        for (size_t i = 0; i < page.n; i++) {
            struct staff staff = {0};
            done = entity_decode(&staff_entity, page.docs[i], a, &staff);
            if (done == 0 && !store_document_id(page.docs[i], &staff.id))
                done = E_CORRUPT;
            if (done == 0)
                done = has_demo_secret(keys, &staff);
            if (done < 0)
                return done;
            if (done > 0) {
                *ret_user = staff.user;
                return 0;
            }
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next;
    }
    return 0;
}
