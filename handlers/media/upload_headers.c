#include "handlers/media/upload_headers.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/sha1.h"
#include "base/crypto/sha256.h"
#include "base/text.h"

#define UPLOADS "/v1/uploads/"

bool tus_version(const struct request *req, struct reply *reply)
{
    reply_header(reply, "tus-resumable", "1.0.0");
    reply_header(reply, "cache-control", "no-store");
    const char *version = request_header(req, "tus-resumable");
    if (version && strcmp(version, "1.0.0") == 0)
        return true;
    reply_header(reply, "tus-version", "1.0.0");
    reply_problem(reply, PROBLEM_REVISED, "Tus-Resumable: 1.0.0");
    return false;
}

/* --- numbers ---------------------------------------------------------------------------------- */

int64_t tus_number(const struct request *req, const char *name)
{
    const char *text = request_header(req, name);
    if (!text || !text[0] || strlen(text) > 15 || strspn(text, "0123456789") != strlen(text))
        return -1;
    int64_t n = 0;
    for (; *text; text++)
        n = n * 10 + (*text - '0');
    return n;
}

void tus_number_reply(const struct request *req, struct reply *reply, const char *name, int64_t n)
{
    reply_header(reply, name, arena_printf(req->arena, "%lld", (long long)n));
}

bool tus_length(const struct request *req, struct reply *reply, int64_t max, int64_t *ret)
{
    const char *deferred = request_header(req, "upload-defer-length");
    bool known = request_header(req, "upload-length") != NULL;
    *ret = tus_number(req, "upload-length");
    if (deferred && (known || strcmp(deferred, "1") != 0)) {
        reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Defer-Length");
        return false;
    }
    if (deferred)
        *ret = UPLOAD_UNKNOWN;
    else if (*ret < 1)
        reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Length");
    else if (*ret > max)
        reply_problemf(reply, PROBLEM_TOO_LARGE, "Tus-Max-Size: %lld", (long long)max);
    return !reply_is_problem(reply);
}

/* "key" or "key base64", in printable ASCII without a comma; *ret_n_key: how long the key is. */
static bool is_pair(const struct request *req, const char *at, size_t n, size_t *ret_n_key)
{
    size_t n_key = 0, got = 0;
    while (n_key < n && at[n_key] > ' ' && at[n_key] <= '~')
        n_key++;
    *ret_n_key = n_key;
    if (n_key == 0 || (n_key < n && at[n_key] != ' '))
        return false;
    const char *value = n_key < n ? at + n_key + 1 : at + n;
    size_t n_value = (size_t)(at + n - value);
    return bytes_from_base64(value, n_value, arena_alloc(req->arena, n_value + 1), n_value, &got);
}

/* Whether a pair before `end` has the key, too. */
static bool is_named(const char *metadata, const char *end, const char *key, size_t n_key)
{
    const char *at = metadata + strspn(metadata, " ");
    while (at < end) {
        if (strcspn(at, " ,") == n_key && memcmp(at, key, n_key) == 0)
            return true;
        at += strcspn(at, ",") + 1;
        at += strspn(at, " ");
    }
    return false;
}

/* tus 1.0, "Upload-Metadata": pairs with a comma between them, no key twice. */
static bool is_metadata(const struct request *req, const char *metadata)
{
    for (const char *at = metadata; *at;) {
        at += strspn(at, " ");
        size_t n = strcspn(at, ","), n_key = 0;
        if (!is_pair(req, at, n, &n_key) || is_named(metadata, at, at, n_key))
            return false;
        at += n;
        if (*at == ',' && *++at == '\0')
            return false; /* nothing behind the comma */
    }
    return true;
}

bool tus_metadata(const struct request *req, struct reply *reply, const char **ret)
{
    *ret = request_header(req, "upload-metadata");
    if (!*ret || (strlen(*ret) <= UPLOAD_METADATA_MAX && is_metadata(req, *ret)))
        return true;
    reply_problem(reply, PROBLEM_BAD_REQUEST,
                  req->language == LANGUAGE_EN
                      ? "Upload-Metadata: pairs of a key and its value in base64, with a comma "
                        "between them and no key twice"
                      : "Upload-Metadata: các cặp khóa và giá trị base64, cách nhau bằng dấu phẩy, "
                        "không khóa nào lặp lại");
    return false;
}

const char *tus_metadata_value(const struct request *req, const char *metadata, const char *key)
{
    size_t n_key = strlen(key);
    for (const char *at = metadata; at && *at; at += *at == ',') {
        at += strspn(at, " ");
        size_t n = strcspn(at, ","), got = 0;
        if (n > n_key && memcmp(at, key, n_key) == 0 && at[n_key] == ' ') {
            size_t n_value = strcspn(at + n_key + 1, ", ");
            char *value = arena_alloc(req->arena, n_value + 1);
            if (!bytes_from_base64(at + n_key + 1, n_value, value, n_value, &got) || got == 0 ||
                !text_valid(value, got))
                return NULL;
            value[got] = '\0';
            return value;
        }
        at += n;
    }
    return NULL;
}

/* --- checksums -------------------------------------------------------------------------------- */

static const struct checksum {
    const char *name; /* with the space behind it */
    size_t size;
    void (*of)(const void *bytes, size_t n, uint8_t *out);
} checksums[] = {{"sha1 ", SHA1_SIZE, sha1_of}, {"sha256 ", SHA256_SIZE, sha256_of}, {0}};

bool tus_checksum(const struct request *req, struct reply *reply)
{
    const char *said = request_header(req, "upload-checksum");
    const struct checksum *c = checksums;
    uint8_t told[SHA256_SIZE + 3], sum[SHA256_SIZE];
    size_t n = 0;
    if (!said)
        return true;
    while (c->name && strncmp(said, c->name, strlen(c->name)) != 0)
        c++;
    const char *text = c->name ? said + strlen(c->name) : "";
    if (!c->name || !bytes_from_base64(text, strlen(text), told, sizeof(told), &n) ||
        n != c->size) {
        reply_header(reply, "tus-checksum-algorithm", TUS_CHECKSUMS);
        reply_problem(reply, PROBLEM_BAD_REQUEST, "Upload-Checksum: " TUS_CHECKSUMS);
        return false;
    }
    c->of(req->bytes, req->n_bytes, sum);
    if (bytes_equal(sum, told, n))
        return true;
    reply_problem(reply, PROBLEM_CHECKSUM, NULL);
    return false;
}

/* --- parts ------------------------------------------------------------------------------------ */

/* "/v1/uploads/ID", or an absolute address that ends so. */
static bool read_part(const char *text, size_t n, struct id *ret)
{
    char id[ID_TEXT];
    size_t tail = strlen(UPLOADS) + ID_TEXT - 1;
    if (n < tail || memcmp(text + n - tail, UPLOADS, strlen(UPLOADS)) != 0)
        return false;
    memcpy(id, text + n - (ID_TEXT - 1), ID_TEXT - 1);
    id[ID_TEXT - 1] = '\0';
    return id_parse(id, ret);
}

bool tus_concat(const struct request *req, struct reply *reply, struct tus_concat *ret)
{
    const char *said = request_header(req, "upload-concat");
    *ret = (struct tus_concat){0};
    if (!said)
        return true;
    ret->part = strcmp(said, "partial") == 0;
    ret->final = strncmp(said, "final;", strlen("final;")) == 0;
    bool sound = ret->part || ret->final;
    for (const char *at = ret->final ? said + strlen("final;") : ""; sound && *at;) {
        size_t n = strcspn(at, " ");
        sound = n == 0 || (ret->n < UPLOAD_PARTS_MAX && read_part(at, n, &ret->parts[ret->n]));
        ret->n += n > 0;
        at += n + (at[n] == ' ');
    }
    if (sound && (ret->part || ret->n > 0))
        return true;
    reply_problemf(reply, PROBLEM_BAD_REQUEST, "Upload-Concat: partial | final;" UPLOADS "… (%d)",
                   UPLOAD_PARTS_MAX);
    return false;
}

static const char *final_of(const struct request *req, const struct upload *u)
{
    struct buf out;
    buf_init(&out, 4096);
    buf_add_str(&out, "final;");
    for (const char *at = u->parts; *at;) {
        size_t n = strcspn(at, " ");
        buf_printf(&out, "%s" UPLOADS "%.*s", at == u->parts ? "" : " ", (int)n, at);
        at += n + (at[n] == ' ');
    }
    const char *text = arena_strdup(req->arena, out.data);
    buf_release(&out);
    return text;
}

/* --- what is stored --------------------------------------------------------------------------- */

void tus_state(const struct request *req, struct reply *reply, const struct upload *u,
               int64_t offset)
{
    tus_number_reply(req, reply, "upload-offset", offset);
    if (u->length == UPLOAD_UNKNOWN)
        reply_header(reply, "upload-defer-length", "1");
    else
        tus_number_reply(req, reply, "upload-length", u->length);
    if (u->part || u->parts)
        reply_header(reply, "upload-concat", u->part ? "partial" : final_of(req, u));
    if (u->state == UPLOAD_ARRIVING && u->expires_ms)
        reply_header(reply, "upload-expires",
                     clock_format_http(u->expires_ms, arena_alloc(req->arena, CLOCK_HTTP_TEXT)));
}
