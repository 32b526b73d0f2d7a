/* An original is opened again: for whose it is. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "media/upload_private.h"

int upload_original(const struct upload_service *s, const struct upload *u,
                    struct sealed_reader *ret)
{
    uint8_t key[SEAL_KEY];
    const struct seal_about about = {"upload.original", u->id};
    if (u->state != UPLOAD_SOUND || id_is_nil(&u->original))
        return STORE_ABSENT;
    int done = upload_key_get(s->people, u, key);
    if (done == 0)
        done = sealed_open(s->store, &u->original, u->original_size, key, &about, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

int upload_exif(const struct upload_service *s, const struct upload *u, struct media_exif *ret)
{
    uint8_t key[SEAL_KEY];
    const struct seal_about about = {"upload.exif", u->id};
    if (u->exif.n == 0)
        return STORE_ABSENT;
    int done = upload_key_get(s->people, u, key);
    if (done == 0 && (u->exif.n != sizeof(*ret) + SEAL_OVERHEAD ||
                      seal_open(key, &about, u->exif.data, u->exif.n, ret) != 0))
        done = E_CORRUPT;
    bytes_wipe(key, sizeof(key));
    return done;
}
