#include "media/paper/paper.h"

#include <fontconfig/fontconfig.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <poppler.h>
#include <string.h>

#include "base/result.h"
#include "media/paper/draw.h"
#include "media/paper/inspect.h"
#include "media/paper/signature.h"
#include "media/render.h"

void paper_prepare(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
                            OPENSSL_INIT_ADD_ALL_DIGESTS,
                        NULL);
    EVP_MD_free(EVP_MD_fetch(NULL, "SHA256", NULL));
    /* An empty world of fonts: fontconfig does not look for its files, nor find a font to open. */
    FcConfigSetCurrent(FcConfigCreate());
    g_type_ensure(POPPLER_TYPE_DOCUMENT);
}

static void tell_facts(size_t n, const struct inspection *found, struct media_facts *facts)
{
    facts->sound_bytes = n;
    facts->type = MEDIA_TYPE_PDF;
    facts->width = found->width;
    facts->height = found->height;
    facts->pages = found->pages;
    facts->exif.orientation = 1;
}

/* A signature that the document does not reach is that of another; one that it reaches and that the
 * bytes do not show is none. */
static void compare_signatures(const struct inspection *found, const uint8_t *bytes, size_t n,
                               struct media_facts *facts)
{
    struct pdf_signed unused[1];
    size_t shown = pdf_signatures_locate(bytes, n, unused, 1);

    if (shown == found->signatures)
        return;
    facts->verdict = MEDIA_SIGNED_INVALID;
    for (size_t i = 0; i < facts->n_signatures; i++) {
        facts->signatures[i].verdict = MEDIA_SIGNED_INVALID;
        facts->signatures[i].flaw = MEDIA_FLAW_HIDDEN;
    }
    if (facts->n_signatures == 0) {
        facts->n_signatures = 1;
        facts->signatures[0] =
            (struct media_signature){.verdict = MEDIA_SIGNED_INVALID, .flaw = MEDIA_FLAW_HIDDEN};
    }
}

int paper_decode(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                 const struct trust *trust, int64_t now_ms, struct media_result *ret)
{
    CLEANUP(gdImageDestroyp) gdImagePtr pixels = NULL;
    struct inspection found;
    bool partial = false;

    memset(ret, 0, sizeof(*ret));
    if (!media_limits_valid(limits))
        return E_INVALID;
    ret->fault = paper_inspect(bytes, n, limits, &found);
    if (ret->fault == MEDIA_FAULT_NONE)
        ret->fault = paper_draw(bytes, n, found.pages, limits->large_side, &pixels, &partial);
    if (ret->fault != MEDIA_FAULT_NONE)
        return MEDIA_REFUSED;
    tell_facts(n, &found, &ret->facts);
    ret->facts.partial = partial;
    int done = pdf_signature_check(bytes, n, trust, now_ms, &ret->facts);
    if (done == 0) {
        compare_signatures(&found, bytes, n, &ret->facts);
        done = media_render(&pixels, limits, ret);
    }
    if (done != 0)
        media_result_release(ret);
    return done;
}
