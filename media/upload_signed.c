/* Who signed a paper, sealed beside it. */
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "media/upload_private.h"

static const char *const verdict_names[] = {"none", "valid", "untrusted", "invalid"};
static const char *const revocation_names[] = {"unknown", "good", "revoked"};

/* What is empty is left out. */
static const char *told(const char *text)
{
    return text[0] ? text : NULL;
}

const char *upload_signed(const struct upload *u)
{
    return verdict_names[(size_t)u->verdict < ARRAY_LEN(verdict_names) ? u->verdict : 0];
}

static json_t *signature_json(const struct media_signature *s)
{
    return json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:I, s:b, s:b, s:b, s:s}", "verdict",
                     verdict_names[s->verdict], "flaw", media_signature_words(s->flaw)->slug,
                     "signer", told(s->signer), "issuer", told(s->issuer), "serial",
                     told(s->serial), "signed_ms", (json_int_t)s->signed_ms, "stamped", s->stamped,
                     "whole", s->whole, "timestamp", s->timestamp, "revocation",
                     revocation_names[s->revocation]);
}

int upload_seal_signatures(struct upload *u, const uint8_t key[SEAL_KEY],
                           const struct media_facts *facts, struct arena *a)
{
    if (facts->n_signatures == 0)
        return 0;
    struct seal_about about = {"upload.signatures", u->id};
    CLEANUP(json_decrefp) json_t *list = json_array();
    for (size_t i = 0; i < facts->n_signatures; i++) {
        if (json_array_append_new(list, signature_json(&facts->signatures[i])) != 0)
            return E_NOMEM;
    }
    CLEANUP(freep) char *text = json_dumps(list, JSON_COMPACT);
    size_t n = text ? strlen(text) : 0;
    if (!text || n > UPLOAD_SIGNATURES_MAX)
        return text ? E_FULL : E_NOMEM;
    uint8_t *out = arena_alloc(a, n + SEAL_OVERHEAD);
    u->signatures = (struct entity_bytes){out, n + SEAL_OVERHEAD};
    return seal(key, &about, text, n, out);
}

static int open_signatures(const struct upload *u, const uint8_t key[SEAL_KEY], json_t **ret)
{
    struct seal_about about = {"upload.signatures", u->id};
    char text[UPLOAD_SIGNATURES_MAX];
    if (u->signatures.n < SEAL_OVERHEAD || u->signatures.n > sizeof(text) + SEAL_OVERHEAD ||
        seal_open(key, &about, u->signatures.data, u->signatures.n, text) != 0)
        return E_CORRUPT;
    *ret = json_loadb(text, u->signatures.n - SEAL_OVERHEAD, 0, NULL);
    return *ret ? 0 : E_CORRUPT;
}

int upload_signatures(const struct upload_service *s, const struct upload *u, json_t **ret)
{
    *ret = NULL;
    if (u->signatures.n == 0) {
        *ret = json_array();
        return *ret ? 0 : E_NOMEM;
    }
    uint8_t key[SEAL_KEY];
    int done = upload_key_get(s->people, u, key);
    if (done == 0)
        done = open_signatures(u, key, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}
