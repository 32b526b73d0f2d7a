#include "media/fault.h"

static const struct media_fault_words words[] = {
#define X(name, slug, vi, en) {slug, vi, en},
    MEDIA_FAULTS(X)
#undef X
};

const struct media_fault_words *media_fault_words(enum media_fault fault)
{
    return &words[(unsigned)fault < MEDIA_FAULT_COUNT ? fault : MEDIA_FAULT_CRASHED];
}
