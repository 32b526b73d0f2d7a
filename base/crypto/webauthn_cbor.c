/* CBOR of a stranger: walked with libcbor's streaming decoder, which allocates nothing, and only
 * then loaded. */
#include <cbor.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crypto/webauthn_private.h"
#include "base/result.h"

#define DEPTH_MAX 6
#define ITEMS_MAX 256

/* Items that are still to come in each array or map that is open. */
struct walk {
    size_t left[DEPTH_MAX];
    size_t depth, items, bytes; /* bytes: that are left for what was promised */
    bool refused;
};

static void count_one(struct walk *w)
{
    if (++w->items > ITEMS_MAX)
        w->refused = true;
    if (w->depth > 0)
        w->left[w->depth - 1]--;
}

static void open_one(struct walk *w, size_t n)
{
    count_one(w);
    if (w->depth == DEPTH_MAX || n > ITEMS_MAX || n > w->bytes)
        w->refused = true;
    else if (n > 0)
        w->left[w->depth++] = n;
}

static void close_full(struct walk *w)
{
    while (w->depth > 0 && w->left[w->depth - 1] == 0)
        w->depth--;
}

static void on_array(void *ctx, size_t n)
{
    open_one(ctx, n);
}

static void on_map(void *ctx, size_t n)
{
    open_one(ctx, n > ITEMS_MAX ? n : n * 2);
}

static void on_u8(void *ctx, uint8_t v)
{
    (void)v;
    count_one(ctx);
}

static void on_u16(void *ctx, uint16_t v)
{
    (void)v;
    count_one(ctx);
}

static void on_u32(void *ctx, uint32_t v)
{
    (void)v;
    count_one(ctx);
}

static void on_u64(void *ctx, uint64_t v)
{
    (void)v;
    count_one(ctx);
}

static void on_bytes(void *ctx, cbor_data data, size_t n)
{
    (void)data;
    (void)n;
    count_one(ctx);
}

static void on_bool(void *ctx, bool v)
{
    (void)v;
    count_one(ctx);
}

/* CTAP2's canonical CBOR has neither tags nor floats nor indefinite lengths (CTAP 2.1 §8). */
static void on_refused(void *ctx)
{
    ((struct walk *)ctx)->refused = true;
}

static void on_refused_tag(void *ctx, uint64_t v)
{
    (void)v;
    on_refused(ctx);
}

static void on_refused_float(void *ctx, float v)
{
    (void)v;
    on_refused(ctx);
}

static void on_refused_double(void *ctx, double v)
{
    (void)v;
    on_refused(ctx);
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_u8,
    .uint16 = on_u16,
    .uint32 = on_u32,
    .uint64 = on_u64,
    .negint8 = on_u8,
    .negint16 = on_u16,
    .negint32 = on_u32,
    .negint64 = on_u64,
    .byte_string = on_bytes,
    .byte_string_start = on_refused,
    .string = on_bytes,
    .string_start = on_refused,
    .array_start = on_array,
    .indef_array_start = on_refused,
    .map_start = on_map,
    .indef_map_start = on_refused,
    .tag = on_refused_tag,
    .float2 = on_refused_float,
    .float4 = on_refused_float,
    .float8 = on_refused_double,
    .undefined = on_refused,
    .null = on_refused,
    .boolean = on_bool,
    .indef_break = on_refused,
};

size_t cbor_measure(const uint8_t *bytes, size_t n)
{
    struct walk w = {0};
    size_t at = 0;
    do {
        w.bytes = n - at;
        if (at == n)
            return 0;
        struct cbor_decoder_result r = cbor_stream_decode(bytes + at, n - at, &callbacks, &w);
        if (r.status != CBOR_DECODER_FINISHED || r.read == 0 || r.read > n - at || w.refused)
            return 0;
        at += r.read;
        close_full(&w);
    } while (w.depth > 0);
    return at;
}

/* --- the attestation object ------------------------------------------------------------------- */

static void item_release(cbor_item_t **item)
{
    if (*item)
        cbor_decref(item);
}

/* The value of a text key; NULL where it is missing or stands there twice. */
static const cbor_item_t *member(const cbor_item_t *map, const char *name)
{
    const cbor_item_t *found = NULL;
    const struct cbor_pair *pairs = cbor_map_handle(map);
    for (size_t i = 0; i < cbor_map_size(map); i++) {
        const cbor_item_t *key = pairs[i].key;
        if (!cbor_isa_string(key) || cbor_string_length(key) != strlen(name) ||
            memcmp(cbor_string_handle(key), name, strlen(name)) != 0)
            continue;
        if (found)
            return NULL;
        found = pairs[i].value;
    }
    return found;
}

static int copy(const void *bytes, size_t n, uint8_t **ret, size_t *ret_n)
{
    *ret = malloc(n ? n : 1);
    if (!*ret)
        return E_NOMEM;
    memcpy(*ret, bytes, n);
    *ret_n = n;
    return 0;
}

static int take_format(const cbor_item_t *item, struct attestation *ret)
{
    static const char *const known[] = {"none", "packed"};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (cbor_string_length(item) == strlen(known[i]) &&
            memcmp(cbor_string_handle(item), known[i], strlen(known[i])) == 0) {
            memcpy(ret->format, known[i], strlen(known[i]) + 1);
            return 0;
        }
    }
    return WEBAUTHN_ATTESTATION;
}

/* A COSE algorithm; 0 if it names none. Those that are taken are all negative. */
static int64_t algorithm_of(const cbor_item_t *statement)
{
    const cbor_item_t *item = member(statement, "alg");
    if (!item || !cbor_isa_negint(item) || cbor_get_int(item) > INT32_MAX)
        return 0;
    return -1 - (int64_t)cbor_get_int(item);
}

static int take(const cbor_item_t *object, struct attestation *ret)
{
    if (!cbor_isa_map(object))
        return WEBAUTHN_MALFORMED;
    const cbor_item_t *format = member(object, "fmt"), *statement = member(object, "attStmt"),
                      *auth_data = member(object, "authData");
    if (!format || !cbor_isa_string(format) || !statement || !cbor_isa_map(statement) ||
        !auth_data || !cbor_isa_bytestring(auth_data) ||
        cbor_bytestring_length(auth_data) > WEBAUTHN_AUTH_DATA_MAX)
        return WEBAUTHN_MALFORMED;
    int done = take_format(format, ret);
    if (done != 0)
        return done;
    ret->empty = cbor_map_size(statement) == 0;
    ret->algorithm = algorithm_of(statement);
    size_t room = 0;
    ret->n_statement = cbor_serialize_alloc(statement, &ret->statement, &room);
    if (ret->n_statement == 0)
        return E_NOMEM;
    return copy(cbor_bytestring_handle(auth_data), cbor_bytestring_length(auth_data),
                &ret->auth_data, &ret->n_auth_data);
}

int attestation_read(const struct webauthn_bytes *bytes, struct attestation *ret)
{
    *ret = (struct attestation){0};
    if (bytes->n > WEBAUTHN_ATTESTATION_MAX || cbor_measure(bytes->data, bytes->n) != bytes->n ||
        bytes->n == 0)
        return WEBAUTHN_MALFORMED;
    struct cbor_load_result loaded;
    CLEANUP(item_release) cbor_item_t *object = cbor_load(bytes->data, bytes->n, &loaded);
    if (!object)
        return loaded.error.code == CBOR_ERR_MEMERROR ? E_NOMEM : WEBAUTHN_MALFORMED;
    int done = take(object, ret);
    if (done != 0)
        attestation_release(ret);
    return done;
}

void attestation_release(struct attestation *a)
{
    free(a->statement);
    free(a->auth_data);
    *a = (struct attestation){0};
}
