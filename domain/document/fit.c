/* Whether a document holds, and whether it is what a component asks for. */
#include <string.h>

#include "base/clock.h"
#include "domain/document/document.h"
#include "domain/procedure/procedure.h"

const struct document_flaw_words document_flaws[DOCUMENT_FLAWS] = {
    [DOCUMENT_OTHER_TYPE] = {"other_type", "Không phải loại giấy tờ này", "It is of another kind"},
    [DOCUMENT_OTHER_SUBJECT] = {"other_subject", "Giấy tờ này là của người khác",
                                "It is about somebody else"},
    [DOCUMENT_OVER] = {"ended", "Giấy tờ này đã bị thay thế, thu hồi hoặc không được chấp nhận",
                       "It was replaced, revoked or rejected"},
    [DOCUMENT_EXPIRED] = {"expired", "Giấy tờ này đã hết thời hạn sử dụng", "It has expired"},
    [DOCUMENT_UNDATED] = {"undated", "Chưa rõ ngày cấp của giấy tờ này",
                          "When it was issued is not known"},
    [DOCUMENT_TOO_OLD] = {"too_old", "Giấy tờ này được cấp quá lâu so với yêu cầu của thủ tục",
                          "It was issued too long ago for this procedure"},
};

/* 31 January and a month is the last day of February. */
int64_t document_months_after(int64_t from_ms, int64_t months)
{
    struct clock_date date = clock_date_of_day(clock_day_number(from_ms));
    int64_t count = date.month - 1 + months, day = 0;
    int year = date.year + (int)(count / 12), month = (int)(count % 12) + 1, of_month = date.day;
    while (of_month > 28 && !clock_day_of_date(year, month, of_month, &day))
        of_month--;
    if (!clock_day_of_date(year, month, of_month, &day))
        return 0;
    return clock_day_start_ms(day + 1) - 1;
}

enum document_flaw document_stands(const struct document *d, int64_t now_ms)
{
    if (d->state != DOCUMENT_VALID)
        return DOCUMENT_OVER;
    if (d->until_ms && now_ms > d->until_ms)
        return DOCUMENT_EXPIRED;
    return !d->until_ms && d->limited && !d->issued_ms ? DOCUMENT_UNDATED : DOCUMENT_FIT;
}

static bool same_name(const char *x, const char *y)
{
    struct arena a;
    arena_init(&a);
    bool same = strcmp(text_fold(&a, x), text_fold(&a, y)) == 0;
    arena_release(&a);
    return same;
}

enum document_flaw document_fits(const struct document *d, const char *holder,
                                 const struct document_want *want, int64_t now_ms)
{
    if (!d->type || !want->type || strcmp(d->type, want->type) != 0)
        return DOCUMENT_OTHER_TYPE;
    if (d->about != want->about || (holder && want->holder && !same_name(holder, want->holder)))
        return DOCUMENT_OTHER_SUBJECT;
    enum document_flaw flaw = document_stands(d, now_ms);
    if (flaw != DOCUMENT_FIT || want->max_age_days == 0)
        return flaw;
    if (!d->issued_ms)
        return DOCUMENT_UNDATED;
    return now_ms - d->issued_ms > want->max_age_days * CLOCK_DAY_MS ? DOCUMENT_TOO_OLD
                                                                     : DOCUMENT_FIT;
}
