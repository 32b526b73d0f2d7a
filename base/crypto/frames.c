#include "base/crypto/frames.h"

#include <sodium.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"

#define FORM 1
#define TAG 16
#define PREFIX (FRAMES_HEAD - 1)
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(PREFIX + 4 + 1 == NONCE, "the form of frames.h");
_Static_assert(TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the form of frames.h");

static int associate(struct frames *f, const uint8_t *key, const struct seal_about *about,
                     const uint8_t *head)
{
    size_t what_n = about->what ? strnlen(about->what, SEAL_WHAT_MAX + 1) : 0;
    uint8_t *at = f->associated;

    if (what_n == 0 || what_n > SEAL_WHAT_MAX)
        return E_INVALID;
    memcpy(f->key, key, SEAL_KEY);
    memcpy(at, head, FRAMES_HEAD);
    memcpy(at + FRAMES_HEAD, about->whose.bytes, sizeof(about->whose.bytes));
    memcpy(at + FRAMES_HEAD + sizeof(about->whose.bytes), about->what, what_n);
    f->associated_n = FRAMES_HEAD + sizeof(about->whose.bytes) + what_n;
    return 0;
}

int frames_begin(struct frames *f, const uint8_t key[SEAL_KEY], const struct seal_about *about,
                 uint8_t out[FRAMES_HEAD])
{
    out[0] = FORM;
    bytes_random(out + 1, PREFIX);
    return associate(f, key, about, out);
}

int frames_resume(struct frames *f, const uint8_t key[SEAL_KEY], const struct seal_about *about,
                  const uint8_t head[FRAMES_HEAD])
{
    return head[0] == FORM ? associate(f, key, about, head) : SEAL_FORGED;
}

void frames_release(struct frames *f)
{
    bytes_wipe(f, sizeof(*f));
}

static void make_nonce(const struct frames *f, uint32_t index, bool last, uint8_t out[NONCE])
{
    memcpy(out, f->associated + 1, PREFIX);
    for (int i = 0; i < 4; i++)
        out[PREFIX + i] = (uint8_t)(index >> (24 - 8 * i));
    out[NONCE - 1] = last;
}

/* Whether a frame at this place may hold n plain bytes. */
static bool fits(uint32_t index, bool last, size_t n)
{
    return n == FRAMES_PLAIN || (last && n < FRAMES_PLAIN && (n > 0 || index == 0));
}

int frames_seal(const struct frames *f, uint32_t index, bool last, const void *plain, size_t n,
                uint8_t *out)
{
    uint8_t nonce[NONCE];

    if (!fits(index, last, n))
        return E_INVALID;
    make_nonce(f, index, last, nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain, n, f->associated, f->associated_n,
                                               NULL, nonce, f->key);
    return 0;
}

int frames_open(const struct frames *f, uint32_t index, bool last, const void *sealed,
                size_t sealed_n, uint8_t *out)
{
    uint8_t nonce[NONCE];

    if (sealed_n < TAG || !fits(index, last, sealed_n - TAG))
        return SEAL_FORGED;
    make_nonce(f, index, last, nonce);
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, sealed_n,
                                                      f->associated, f->associated_n, nonce,
                                                      f->key) == 0
               ? 0
               : SEAL_FORGED;
}

/* --- sizes and ranges ------------------------------------------------------------------------- */

static int64_t frame_count(int64_t plain_n)
{
    return plain_n == 0 ? 1 : (plain_n + FRAMES_PLAIN - 1) / FRAMES_PLAIN;
}

int64_t frames_sealed_size(int64_t plain_n)
{
    return FRAMES_HEAD + plain_n + frame_count(plain_n) * TAG;
}

bool frames_plain_size(int64_t sealed_n, int64_t *ret_plain_n)
{
    int64_t frames, plain_n;

    if (sealed_n < FRAMES_HEAD + TAG || sealed_n > frames_sealed_size(FRAMES_BYTES_MAX))
        return false;
    frames = (sealed_n - FRAMES_HEAD + FRAMES_SEALED - 1) / FRAMES_SEALED;
    plain_n = sealed_n - FRAMES_HEAD - frames * TAG;
    if (plain_n < 0 || frames_sealed_size(plain_n) != sealed_n)
        return false;
    *ret_plain_n = plain_n;
    return true;
}

bool frames_span(int64_t plain_n, int64_t at, int64_t n, struct frames_span *ret)
{
    int64_t end, last;

    if (plain_n < 0 || plain_n > FRAMES_BYTES_MAX || at < 0 || at >= plain_n || n <= 0)
        return false;
    end = n > plain_n - at ? plain_n : at + n;
    last = (end - 1) / FRAMES_PLAIN;
    ret->first = (uint32_t)(at / FRAMES_PLAIN);
    ret->n = (uint32_t)last - ret->first + 1;
    ret->ends = last == frame_count(plain_n) - 1;
    ret->skip = (size_t)(at % FRAMES_PLAIN);
    ret->sealed_at = FRAMES_HEAD + (int64_t)ret->first * FRAMES_SEALED;
    ret->sealed_n =
        ret->ends ? frames_sealed_size(plain_n) - ret->sealed_at : (int64_t)ret->n * FRAMES_SEALED;
    return true;
}

int frames_open_span(const struct frames *f, const struct frames_span *span, const void *sealed,
                     uint8_t *out, size_t *ret_n)
{
    const uint8_t *at = sealed;
    size_t left = (size_t)span->sealed_n, n = 0;

    for (uint32_t i = 0; i < span->n; i++) {
        size_t frame_n = left < FRAMES_SEALED ? left : FRAMES_SEALED;
        int r =
            frames_open(f, span->first + i, span->ends && i == span->n - 1, at, frame_n, out + n);

        if (r)
            return r;
        n += frame_n - TAG;
        at += frame_n;
        left -= frame_n;
    }
    *ret_n = n;
    return 0;
}
