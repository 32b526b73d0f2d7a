/*
 * What a browser sends of a passkey: the input is a mode, the length of the client data (two bytes,
 * big-endian), client data and then an attestation object, or authenticator data and a signature.
 * Nobody has the private half of the key that is tried: no assertion is right.
 */
#include "base/crypto/webauthn.h"
#include "base/crypto/webauthn_private.h"
#include "base/result.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const origins[] = {"https://example.org"};
static const struct webauthn_party party = {"example.org", origins, 1};
/* Of the Recommendation, Level 3, §16: none.ES256. */
static const uint8_t key[64] = {
    0xaf, 0xef, 0xa1, 0x6f, 0x97, 0xca, 0x9b, 0x2d, 0x23, 0xeb, 0x86, 0xcc, 0xb6, 0x40, 0x98, 0xd2,
    0x0d, 0xb9, 0x08, 0x56, 0x06, 0x2e, 0xb2, 0x49, 0xc3, 0x3a, 0x9b, 0x67, 0x2f, 0x26, 0xdf, 0x61,
    0x93, 0x0a, 0x56, 0xb8, 0x7a, 0x2f, 0xca, 0x66, 0x33, 0x4b, 0x03, 0x45, 0x8a, 0xbf, 0x87, 0x97,
    0x17, 0xc1, 0x2c, 0xc6, 0x8e, 0xd7, 0x32, 0x90, 0xaf, 0x2e, 0x26, 0x64, 0x79, 0x6b, 0x92, 0x20};

static void try_register(const struct webauthn_bytes *client, const struct webauthn_bytes *rest,
                         const uint8_t *challenge)
{
    struct webauthn_credential c;
    struct arena a;
    arena_init(&a);
    const struct webauthn_registration r = {*client, *rest};
    int done = webauthn_register(&party, challenge, &r, &a, &c);
    check(done == 0 || webauthn_word(done) || done == E_NOMEM);
    if (done == 0) {
        check(c.id.n > 0 && c.id.n <= WEBAUTHN_CREDENTIAL_MAX && c.key.n <= WEBAUTHN_KEY_MAX);
        check(!c.backed_up || c.backup_eligible);
    }
    arena_release(&a);
}

static void try_verify(const struct webauthn_bytes *client, const struct webauthn_bytes *rest,
                       const uint8_t *challenge)
{
    const struct webauthn_credential c = {.algorithm = WEBAUTHN_ES256, .key = {key, sizeof(key)}};
    size_t cut = rest->n > 37 ? 37 : rest->n;
    const struct webauthn_assertion a = {
        *client, {rest->data, cut}, {rest->data + cut, rest->n - cut}};
    uint32_t count = 0;
    bool backed_up = false;
    int done = webauthn_verify(&party, challenge, &a, &c, &count, &backed_up);
    check(done > 0 && webauthn_word(done));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    uint8_t challenge[WEBAUTHN_CHALLENGE];
    if (n < 3)
        return 0;
    for (size_t i = 0; i < sizeof(challenge); i++)
        challenge[i] = (uint8_t)i;
    size_t room = n - 3, said = (size_t)bytes[1] << 8 | bytes[2];
    size_t length = said < room ? said : room;
    const struct webauthn_bytes client = {bytes + 3, length},
                                rest = {bytes + 3 + length, room - length};
    size_t item = cbor_measure(rest.data, rest.n);
    check(item <= rest.n);
    if (bytes[0] & 1)
        try_register(&client, &rest, challenge);
    else
        try_verify(&client, &rest, challenge);
    return 0;
}
