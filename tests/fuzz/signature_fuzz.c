/*
 * Signatures in bytes of anybody: what is found lies within the file, the gap is the one hex
 * string, the CMS is DER of what is in it; and a file with no byte of ours is never validly signed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/paper/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(int holds)
{
    if (!holds)
        abort();
}

static void check_place(const uint8_t *bytes, size_t n, const struct pdf_signed *at)
{
    uint8_t *der = NULL;
    size_t der_n = 0;

    if (!at->sound) {
        check(at->first_n == 0 && at->second_at == 0 && at->second_n == 0);
        return;
    }
    check(at->first_n > 0 && at->first_n + 2 <= at->second_at && at->second_at <= n &&
          at->second_n > 0 && at->second_n <= n - at->second_at);
    check(bytes[at->first_n] == '<' && bytes[at->second_at - 1] == '>');
    check(!memchr(bytes + at->first_n + 1, '<', at->second_at - at->first_n - 1));
    if (pdf_signature_cms(bytes, at, &der, &der_n) == 0)
        check(der_n >= 2 && der[0] == 0x30 && der_n <= (at->second_at - at->first_n) / 2);
    free(der);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct trust nobody;
    struct pdf_signed places[MEDIA_SIGNATURES_MAX];
    struct media_facts facts = {0};

    if (!nobody.store)
        check(trust_load(NULL, false, &nobody) == 0);
    size_t found = pdf_signatures_locate(bytes, n, places, MEDIA_SIGNATURES_MAX);
    size_t told = found < MEDIA_SIGNATURES_MAX ? found : MEDIA_SIGNATURES_MAX;
    for (size_t i = 0; i < told; i++) {
        check_place(bytes, n, &places[i]);
        check(i == 0 || places[i - 1].second_at + places[i - 1].second_n <=
                            places[i].second_at + places[i].second_n);
    }
    check(pdf_signature_check(bytes, n, &nobody, INT64_C(1800000000000), &facts) == 0);
    check(facts.n_signatures == told && facts.verdict != MEDIA_SIGNED_VALID);
    check((facts.verdict == MEDIA_SIGNED_NONE) == (found == 0));
    for (size_t i = 0; i < told; i++) {
        const struct media_signature *s = &facts.signatures[i];
        check(s->verdict <= facts.verdict && s->flaw < MEDIA_FLAW_COUNT);
        check(memchr(s->signer, '\0', sizeof(s->signer)) &&
              memchr(s->issuer, '\0', sizeof(s->issuer)) &&
              memchr(s->serial, '\0', sizeof(s->serial)));
    }
    return 0;
}
