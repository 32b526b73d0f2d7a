#include "media/fault.h"

#include <assert.h>

#include "base/cleanup.h"
#include "media/media.h"

static const struct media_fault_words words[] = {
#define X(name, slug, vi, en) {slug, vi, en},
    MEDIA_FAULTS(X)
#undef X
};

const struct media_fault_words *media_fault_words(enum media_fault fault)
{
    return &words[(unsigned)fault < MEDIA_FAULT_COUNT ? fault : MEDIA_FAULT_CRASHED];
}

static const struct media_fault_words flaws[] = {
#define X(slug, vi, en) {slug, vi, en},
    MEDIA_FLAWS(X)
#undef X
};
static_assert(ARRAY_LEN(flaws) == MEDIA_FLAW_COUNT, "a flaw without words");

const struct media_fault_words *media_signature_words(unsigned flaw)
{
    return &flaws[flaw < MEDIA_FLAW_COUNT ? flaw : MEDIA_FLAW_FORM];
}
