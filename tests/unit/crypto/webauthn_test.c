/*
 * Web Authentication against the test vectors of its Recommendation (Level 3, §16), and against
 * vectors of the three algorithms with user verification, of which every byte is tried otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/crypto/webauthn.h"
#include "base/crypto/webauthn_private.h"

static const char *const origins[] = {"https://other.example", "https://example.org"};
static const struct webauthn_party party = {"example.org", origins, 2};
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct webauthn_bytes unhex(const char *hex)
{
    size_t n = strlen(hex) / 2, got = 0;
    uint8_t *bytes = arena_alloc(&arena, n);
    assert_true(bytes_from_hex(hex, strlen(hex), bytes, n, &got));
    return (struct webauthn_bytes){bytes, got};
}

/* --- of the Recommendation -------------------------------------------------------------------- */

/* packed-self.ES256 */
static const char packed_challenge[] =
    "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5";
static const char packed_client[] =
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e4374"
    "334c55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f7269"
    "67696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c"
    "73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e64"
    "65642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c20737563"
    "6820617320746869733a205539685458764b453255526b4d6e625f307859485667227d";
static const char packed_object[] =
    "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab92500"
    "5dbf378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a"
    "26d17fe3f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7"
    "f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87d"
    "b3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc6515"
    "59fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd"
    "44119c325d5896e183fee484f2";
static const char packed_get_challenge[] =
    "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b";
static const char packed_get_client[] =
    "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e53"
    "4e493352594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e"
    "223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c"
    "22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e64656420"
    "77697468206164646974696f6e616c206669656c647320696e20746865206675747572652c20737563682061"
    "7320746869733a206754623533727a36456853576f6d58477a696d433151227d";
static const char packed_get_data[] =
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000";
static const char packed_get_signature[] =
    "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b"
    "316061b3b99772b7efd95994a83ef584b3b6b825ea3550251b66";
/* none.ES256: its user was present and not verified */
static const char none_challenge[] =
    "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130";
static const char none_client[] =
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d5074"
    "34557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f7269"
    "67696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c"
    "73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e64"
    "65642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c20737563"
    "6820617320746869733a20426b5165446a646354427258426941774a544c453551227d";
static const char none_object[] =
    "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461"
    "c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f39"
    "1db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97"
    "ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf"
    "879717c12cc68ed73290af2e2664796b9220";

static void test_recommendation(void **state)
{
    (void)state;
    struct webauthn_credential c;
    struct webauthn_registration r = {unhex(packed_client), unhex(packed_object)};
    assert_int_equal(webauthn_register(&party, unhex(packed_challenge).data, &r, &arena, &c), 0);
    assert_string_equal(c.attestation, "packed");
    assert_int_equal(c.algorithm, WEBAUTHN_ES256);
    assert_int_equal(c.sign_count, 0);
    assert_true(c.backup_eligible && c.backed_up);
    const struct webauthn_bytes id =
        unhex("455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c");
    assert_int_equal(c.id.n, id.n);
    assert_memory_equal(c.id.data, id.data, id.n);
    assert_memory_equal(c.aaguid, unhex("df850e09db6afbdfab51697791506cfc").data, 16);
    assert_int_equal(c.key.n, 64);
    assert_int_equal(webauthn_register(&party, unhex(none_challenge).data, &r, &arena, &c),
                     WEBAUTHN_CHALLENGED);

    uint32_t count = 0;
    bool backed_up = false;
    const struct webauthn_assertion a = {unhex(packed_get_client), unhex(packed_get_data),
                                         unhex(packed_get_signature)};
    assert_int_equal(
        webauthn_verify(&party, unhex(packed_get_challenge).data, &a, &c, &count, &backed_up),
        WEBAUTHN_UNVERIFIED);
    r = (struct webauthn_registration){unhex(none_client), unhex(none_object)};
    assert_int_equal(webauthn_register(&party, unhex(none_challenge).data, &r, &arena, &c),
                     WEBAUTHN_UNVERIFIED);
}

/* A packed attestation covers all that the authenticator said. */
static void test_every_bit_of_an_attestation(void **state)
{
    (void)state;
    struct webauthn_registration r = {unhex(packed_client), unhex(packed_object)};
    const uint8_t *challenge = unhex(packed_challenge).data;
    uint8_t *bytes = (uint8_t *)r.attestation.data;
    for (size_t i = 0; i < r.attestation.n; i++) {
        struct webauthn_credential c;
        bytes[i] ^= 1;
        assert_true(webauthn_register(&party, challenge, &r, &arena, &c) > 0);
        bytes[i] ^= 1;
    }
    for (size_t n = r.attestation.n; n-- > 0;) {
        struct webauthn_credential c;
        r.attestation.n = n;
        assert_true(webauthn_register(&party, challenge, &r, &arena, &c) > 0);
    }
}

/* --- of the three algorithms ------------------------------------------------------------------ */

/* Challenge 00 01 … 1f; client data as below. */
static const char get_client[] =
    "{\"type\":\"webauthn.get\",\"challenge\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\","
    "\"origin\":\"https://example.org\",\"crossOrigin\":false}";

static const struct vector {
    int algorithm;
    const char *object, *data, *signature;
} vectors[] = {
    {WEBAUTHN_ES256,
     "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9"
     "c4735ae7f8edd46592a5e0f01452b2e4b54500000001000000000000000000000000000000000020c4a40046b2"
     "85a57aa4ebd234ee5285ef6bcde0f582f2a2ea3442307f1e4f7198a50102032620012158206d23386865ad12bc"
     "fcadb922e48fc9caea57f3d1ba2d424bfe68724b6cf3ef2322582034ac6fa28eb95c87588c5af8f67abe01c219"
     "1d2273e0791ea71704dc4c75ca63",
     "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50500000002",
     "3046022100ca142cdb487be7fb61a1c6e370059e88a9ee23fb8b9c5dd68e352ce36840d5a802210080b898abff"
     "fe05142fe40f27f6e9ba37c3dec849da5d30523bd7fcbd040ab3b8"},
    {WEBAUTHN_EDDSA,
     "a363666d74646e6f6e656761747453746d74a06861757468446174615881bfabc37432958b063360d3ad6461c9"
     "c4735ae7f8edd46592a5e0f01452b2e4b5450000000100000000000000000000000000000000002053b7508584"
     "537ff17e200d484cb26394d68dd0faa3f33f0ee7722da121203403a401010327200621582007a39a858a321c59"
     "38cb86efc65bf401d0483a95b8f6795b5b635f8a773e25cb",
     "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50500000002",
     "0ffed10765797f4200ac1580a5736b2069a9f1bf920ed130f23228eddfb27c57d63d4c43c6c2f50df4217e39f7"
     "1c9db4b749c722da0604e4a3126a935afb5b01"},
    {WEBAUTHN_RS256,
     "a363666d74646e6f6e656761747453746d74a0686175746844617461590167bfabc37432958b063360d3ad6461"
     "c9c4735ae7f8edd46592a5e0f01452b2e4b545000000010000000000000000000000000000000000205e112606"
     "27178871f8e6e8d0e6c08db711392ed7c4d9bd9c81b55da4a81db3d3a401030339010020590100a130b55cdd37"
     "4eabe0c4f5eda4c74702ea027a8084ffd292851ab4400ce79fca7d444413e4dd1dd79174c68625de27a797dfca"
     "57c667e8af5af904a8357678068f02a84374ecc3de640ed1313440369c385b8a0b3f71c38d4c99e846dd14f33e"
     "9ec3b968a42719e220f145bc6656b8b3ca47e9fb03c42b45577847f9bf8dba8b47dbad893edacf013e676bd698"
     "be0e4c808aefd114ecd24babc5a4415cc58b3c6423968ebd7d218ad3fa1842268ee3d94ea0a9446eb92f0831fa"
     "3da1389c833937dade362e2f3012e96db15093a4ed4dcaf619c11eb1dc0fa4e33459cea8258980dce5ffa06c9a"
     "41522b62c5c757901de9f2ed41a1c8561be9e4730dcdc3d0552143010001",
     "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50500000002",
     "64c1d88911e2616edae1840e2e319b7cb6f5ab7549ba70c8da59a5818f9bd08c6ed4cd514f8f2c8c2d2319c00a"
     "9861b88c7fec4d68a2532f7071a4c4e7444fec91ebff9ce9ee8340a1811a47b6df230969faf8c6529d905fd0af"
     "4e3085d4c1fa0727830f239b12320c3b104bf2ee0b31dbb1b6f84c0e5b1adbe0ecc35e23350ef2d1a5f4c7f5c7"
     "73642ae151d6556ab1e69612cea5b7fda290d2ec14466654822c1c8cf625e52afadfbc49d4d15dc91898eb4ada"
     "dc8498b4f1a979599eeb9a5f153967957c275e03fbff640233f3e4efb472a7aa2856d836dc95aa8b83802d68ba"
     "796cf205edf05d2b4792b9ac47a93e8f9457c1302c77b7575303a867d7323f"},
};

static const uint8_t *counted_challenge(void)
{
    static uint8_t challenge[WEBAUTHN_CHALLENGE];
    for (size_t i = 0; i < sizeof(challenge); i++)
        challenge[i] = (uint8_t)i;
    return challenge;
}

static struct webauthn_credential registered(const struct vector *v)
{
    char client[512];
    struct webauthn_credential c;
    /* The same, for the other ceremony. */
    int n = snprintf(client, sizeof(client), "%s", get_client);
    char *type = strstr(client, "webauthn.get");
    assert_true(n > 0 && (size_t)n < sizeof(client) && type);
    memmove(type + strlen("webauthn.create"), type + strlen("webauthn.get"),
            strlen(type + strlen("webauthn.get")) + 1);
    memcpy(type, "webauthn.create", strlen("webauthn.create"));
    const struct webauthn_registration r = {{(const uint8_t *)client, strlen(client)},
                                            unhex(v->object)};
    assert_int_equal(webauthn_register(&party, counted_challenge(), &r, &arena, &c), 0);
    assert_int_equal(c.algorithm, v->algorithm);
    assert_string_equal(c.attestation, "none");
    return c;
}

static struct webauthn_assertion said(const struct vector *v)
{
    return (struct webauthn_assertion){
        {(const uint8_t *)arena_strdup(&arena, get_client), strlen(get_client)},
        unhex(v->data),
        unhex(v->signature)};
}

static int verify(const struct webauthn_assertion *a, const struct webauthn_credential *c)
{
    uint32_t count = 0;
    bool backed_up = true;
    int done = webauthn_verify(&party, counted_challenge(), a, c, &count, &backed_up);
    if (done == 0) {
        assert_int_equal(count, 2);
        assert_false(backed_up);
    }
    return done;
}

static void test_algorithms(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        struct webauthn_credential c = registered(&vectors[i]);
        struct webauthn_assertion a = said(&vectors[i]);
        assert_int_equal(verify(&a, &c), 0);
        a.signature = said(&vectors[(i + 1) % ARRAY_LEN(vectors)]).signature;
        assert_int_equal(verify(&a, &c), WEBAUTHN_SIGNATURE);
        c.algorithm = vectors[(i + 1) % ARRAY_LEN(vectors)].algorithm;
        assert_int_equal(verify(&a, &c), WEBAUTHN_ALGORITHM);
        c.algorithm = -35;
        assert_int_equal(verify(&a, &c), WEBAUTHN_ALGORITHM);
    }
}

static void try_every_byte(const struct webauthn_bytes *part, const struct webauthn_assertion *a,
                           const struct webauthn_credential *c)
{
    uint8_t *bytes = (uint8_t *)part->data;
    for (size_t i = 0; i < part->n; i++) {
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            bytes[i] ^= (uint8_t)bit;
            assert_true(verify(a, c) > 0);
            bytes[i] ^= (uint8_t)bit;
        }
    }
}

static void test_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        const struct webauthn_credential c = registered(&vectors[i]);
        struct webauthn_assertion a = said(&vectors[i]);
        try_every_byte(&a.client_data, &a, &c);
        try_every_byte(&a.auth_data, &a, &c);
        try_every_byte(&a.signature, &a, &c);
        assert_int_equal(verify(&a, &c), 0);
        for (size_t n = a.auth_data.n; n-- > 0;) {
            struct webauthn_assertion cut = a;
            cut.auth_data.n = n;
            assert_int_equal(verify(&cut, &c), WEBAUTHN_MALFORMED);
        }
        for (size_t n = a.signature.n; n-- > 0;) {
            struct webauthn_assertion cut = a;
            cut.signature.n = n;
            assert_true(verify(&cut, &c) > 0);
        }
    }
}

/* --- CBOR ------------------------------------------------------------------------------------- */

static size_t measure(const char *hex)
{
    const struct webauthn_bytes b = unhex(hex);
    return cbor_measure(b.data, b.n);
}

static void test_cbor_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(measure("00"), 1);
    assert_int_equal(measure("0000"), 1); /* one item */
    assert_int_equal(measure("a0"), 1);
    assert_int_equal(measure("a1616101"), 4);
    assert_int_equal(measure("8301820203f5"), 6);
    assert_int_equal(measure("818181818100"), 6);
    static const char *const refused[] = {
        "",                   /* nothing */
        "a1",                 /* a map without its pair */
        "a16161",             /* a key without its value */
        "58ff00",             /* longer than what is there */
        "5bffffffffffffffff", /* as long as can be said */
        "7bffffffffffffffff", /* the same of text */
        "9bffffffffffffffff", /* of an array */
        "bbffffffffffffffff", /* of a map */
        "bb8000000000000000", /* whose double is nothing */
        "9a7fffffff0000",     /* more items than bytes */
        "9f01ff",             /* lengths that are not told */
        "bf616101ff",
        "5f4101ff",
        "7f6161ff",
        "81818181818181810000", /* nested too deep */
        "c100",                 /* a tag */
        "f90000",               /* a float */
        "fb0000000000000000",
        "f6", /* null */
        "ff", /* an end of nothing */
        "1c", /* not CBOR */
        "fc",
    };
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        assert_int_equal(measure(refused[i]), 0);
    uint8_t many[600] = {0x99, 0x02, 0x00}; /* 512 items */
    assert_int_equal(cbor_measure(many, sizeof(many)), 0);
}

static void test_attestation_objects(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int outcome;
    } cases[] = {
        {"a363666d74646e6f6e656761747453746d74a06861757468446174614100", 0},
        {"a363666d74646e6f6e656761747453746d74a068617574684461746141", WEBAUTHN_MALFORMED},
        {"a263666d74646e6f6e656761747453746d74a0", WEBAUTHN_MALFORMED}, /* no authData */
        {"a463666d74646e6f6e6563666d74646e6f6e656761747453746d74a06861757468446174614100",
         WEBAUTHN_MALFORMED}, /* fmt twice */
        {"a363666d74416e6761747453746d74a06861757468446174614100", WEBAUTHN_MALFORMED},
        {"a363666d74646e6f6e656761747453746d74806861757468446174614100", WEBAUTHN_MALFORMED},
        {"a363666d74646e6f6e656761747453746d74a0686175746844617461616100"
         "00",
         WEBAUTHN_MALFORMED}, /* bytes behind it */
        {"a363666d74637470"
         "6d6761747453746d74a06861757468446174614100",
         WEBAUTHN_ATTESTATION},
        {"00", WEBAUTHN_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct webauthn_bytes b = unhex(cases[i].hex);
        struct attestation at;
        assert_int_equal(attestation_read(&b, &at), cases[i].outcome);
        attestation_release(&at);
    }
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(webauthn_word(WEBAUTHN_ORIGIN), "origin");
    assert_null(webauthn_word(0));
    assert_null(webauthn_word(-1));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_recommendation),  CASE(test_every_bit_of_an_attestation),
        CASE(test_algorithms),      CASE(test_every_byte),
        CASE(test_cbor_is_bounded), CASE(test_attestation_objects),
        CASE(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
