/* Printed results are checked by their code: valid, replaced, revoked, or unknown. */
#include "handlers/dossier/results.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "handlers/plain_page.h"

#define PLAIN 25 /* bytes: dossier 16, place 1, tag 8 */
#define TAG 8

/* --- the code --------------------------------------------------------------------------------- */

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's */

static void tag_of(const struct request *req, const struct dossier *d, size_t n, uint8_t out[TAG])
{
    const struct dossier_result *results = d->results.items;
    uint8_t what[33];
    memcpy(what, d->head.id.bytes, 16);
    what[16] = (uint8_t)n;
    memcpy(what + 17, results[n].file.bytes, 16);
    struct id id = mac_lookup_id(app_of(req)->keys, "dossier.result", what, sizeof(what));
    memcpy(out, id.bytes, TAG);
}

const char *result_code(const struct request *req, const struct dossier *d, size_t n)
{
    uint8_t plain[PLAIN];
    char *text = arena_alloc(req->arena, RESULT_CODE + 1);
    memcpy(plain, d->head.id.bytes, 16);
    plain[16] = (uint8_t)n;
    tag_of(req, d, n, plain + 17);
    for (size_t i = 0; i < RESULT_CODE; i++) { /* five bits each */
        size_t bit = i * 5, at = bit / 8, next = at + 1 < PLAIN ? plain[at + 1] : 0;
        unsigned pair = (unsigned)plain[at] << 8 | (unsigned)next;
        text[i] = digits[pair >> (11 - bit % 8) & 31];
    }
    return text;
}

/* As people type them: either case, O and I for 0 and 1. */
static int digit_of(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool read_code(const char *text, uint8_t ret[PLAIN])
{
    size_t n = 0;
    memset(ret, 0, PLAIN);
    for (; *text; text++) {
        int digit = digit_of(*text);
        if (*text == '-')
            continue;
        if (digit < 0 || n >= RESULT_CODE)
            return false;
        for (size_t k = 0; k < 5; k++) {
            size_t bit = n * 5 + k;
            ret[bit / 8] |= (uint8_t)((digit >> (4 - k) & 1) << (7 - bit % 8));
        }
        n++;
    }
    return n == RESULT_CODE;
}

static const char *address(const struct request *req)
{
    return config_text(app_of(req)->config, "auth.issuer");
}

const char *result_link(const struct request *req, const char *code)
{
    return arena_printf(req->arena, "%s/v1/public/results/%s", address(req), code);
}

const char *progress_link(const struct request *req, const char *number, const char *check)
{
    return arena_printf(req->arena, "%s/v1/public/dossiers/%s?check=%s", address(req), number,
                        check);
}

/* --- checking one ----------------------------------------------------------------------------- */

/* *ret NULL: there is no such result. */
static int find(const struct request *req, struct dossier *d, const struct dossier_result **ret)
{
    uint8_t plain[PLAIN], tag[TAG];
    struct id id;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    *ret = NULL;
    if (!read_code(request_param(req, "code"), plain))
        return 0;
    memcpy(id.bytes, plain, 16);
    int done = store_get(app_of(req)->store, &dossier_collection, &id, &doc);
    if (done != 0)
        return done < 0 ? done : 0;
    done = dossier_decode(doc, req->arena, d);
    if (done < 0 || plain[16] >= d->results.n)
        return done;
    tag_of(req, d, plain[16], tag);
    if (bytes_equal(tag, plain + 17, TAG))
        *ret = &((const struct dossier_result *)d->results.items)[plain[16]];
    return 0;
}

static const char *state_words(const struct request *req, const struct dossier_result *r)
{
    bool en = req->language == LANGUAGE_EN;
    if (!r)
        return en ? "No such result was given out" : "Không có kết quả này";
    return dossier_result_states[r->state].label[en];
}

static int result_get(struct request *req, struct reply *reply)
{
    struct dossier d;
    const struct dossier_result *r = NULL;
    char issued[CLOCK_TEXT], ended[CLOCK_TEXT];
    int done = find(req, &d, &r);
    if (done < 0)
        return done;
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    const struct procedure *p = r ? procedure_version(book, d.procedure, d.version) : NULL;
    const char *name = p ? procedure_words((int)req->language, p->name, p->name_en) : NULL;
    const char *since = r ? clock_format(r->issued_ms, issued) : NULL;
    const char *until = r && r->ended_ms ? clock_format(r->ended_ms, ended) : NULL;
    const char *state = r ? dossier_result_states[r->state].name : "unknown";
    reply_header(reply, "cache-control", "no-store");
    reply_header(reply, "vary", "accept");
    if (!request_prefers_also(req))
        return reply_json(reply, 200,
                          json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*}", "state", state, "words",
                                    state_words(req, r), "procedure", r ? d.procedure : NULL,
                                    "procedure_name", name, "issued_at", since, "ended_at", until));
    bool en = req->language == LANGUAGE_EN;
    const struct plain_row rows[] = {{en ? "Result" : "Kết quả", state_words(req, r)},
                                     {en ? "Procedure" : "Thủ tục", name},
                                     {en ? "Given out" : "Ngày cấp", since},
                                     {en ? "Until" : "Đến ngày", until}};
    return plain_page(req, reply, en ? "Check of a result" : "Kiểm tra kết quả", rows,
                      ARRAY_LEN(rows));
}

/* --- the table -------------------------------------------------------------------------------- */

const struct route result_routes[] = {
    {.method = GET,
     .path = "/v1/public/results/{code}",
     .operation = "resultCheck",
     .summary = "Whether a printed result holds: valid, replaced, revoked or unknown",
     .tag = "dossiers",
     .run = result_get,
     .who = ROLE_ANYONE,
     .reply_schema = "ResultCheck",
     .also_type = "text/html",
     .rate = RATE_SIGN_IN},
    {0},
};
