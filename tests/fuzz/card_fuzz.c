/* Texts of QR codes: what is taken for a card's is whole and sound. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/person/card.h"
#include "domain/person/card_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct card_text t;
    int64_t day;
    arena_init(&a);
    const char *text = text_nfc(&a, (const char *)data, size);
    if (text && card_text_read(text, 2026, &a, &t)) {
        assert(card_check(t.card, 0, 2026) == CARD_SOUND);
        assert(clock_day_parse(t.birth, &day));
        assert(text_visible(t.name) > 0 && !strchr(t.name, '|'));
        assert(!t.address || t.address[0]);
    }
    arena_release(&a);
    return 0;
}
