#include "domain/person/card_text.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "domain/person/card.h"

enum field { NUMBER, OLD, NAME, BIRTH, SEX, RESIDENCE, FIELDS_LEAST };

#define NAME_BYTES 240
#define RESIDENCE_BYTES 800

/* "17051990" to "1990-05-17"; NULL: no day. */
static const char *day_of(const char *text, struct arena *a)
{
    int64_t day = 0;
    if (strlen(text) != 8 || strspn(text, "0123456789") != 8)
        return NULL;
    const char *day_text = arena_printf(a, "%.4s-%.2s-%.2s", text + 4, text + 2, text);
    return clock_day_parse(day_text, &day) ? day_text : NULL;
}

static int year_of(const char *day_text)
{
    return (day_text[0] - '0') * 1000 + (day_text[1] - '0') * 100 + (day_text[2] - '0') * 10 +
           (day_text[3] - '0');
}

bool card_text_read(const char *text, int this_year, struct arena *a, struct card_text *ret)
{
    const char *fields[FIELDS_LEAST];
    size_t n = 0;
    *ret = (struct card_text){0};
    if (strlen(text) > CARD_SCAN_MAX)
        return false;
    for (const char *from = text; n < FIELDS_LEAST; n++) {
        size_t length = strcspn(from, "|");
        fields[n] = text_trim(a, arena_strndup(a, from, length));
        if (from[length] == '\0') {
            n++;
            break;
        }
        from += length + 1;
    }
    if (n < FIELDS_LEAST)
        return false;
    const char *birth = day_of(fields[BIRTH], a);
    if (!birth || !text_visible(fields[NAME]) || strlen(fields[NAME]) > NAME_BYTES ||
        strlen(fields[RESIDENCE]) > RESIDENCE_BYTES ||
        card_check(fields[NUMBER], year_of(birth), this_year) != CARD_SOUND)
        return false;
    *ret = (struct card_text){.card = fields[NUMBER],
                              .name = fields[NAME],
                              .birth = birth,
                              .address = fields[RESIDENCE][0] ? fields[RESIDENCE] : NULL};
    return true;
}
