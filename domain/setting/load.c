/* What is in force at start: what was set, or else what the program ships. */
#include "base/result.h"
#include "domain/setting/setting.h"

/* 0 and the text, or STORE_ABSENT. */
static int read_text(struct store *s, const char *name, struct buf *ret)
{
    buf_init(ret, SETTING_MAX);
    return setting_read(s, name, ret);
}

int setting_load_calendar(struct store *s, const char *shipped, size_t n, struct buf *faults,
                          struct calendar **ret)
{
    CLEANUP(buf_release) struct buf text;
    int done = read_text(s, SETTING_CALENDAR, &text);
    if (done < 0)
        return done;
    bool set = done == 0;
    done = calendar_load(set ? text.data : shipped, set ? text.len : n, faults, ret);
    return done == CALENDAR_FAULTY ? E_CORRUPT : done;
}

int setting_load_areas(struct store *s, const char *shipped_communes, size_t n, struct buf *faults,
                       struct area_set **ret)
{
    CLEANUP(buf_release) struct buf communes, borders;
    int own = read_text(s, SETTING_COMMUNES, &communes);
    int drawn = read_text(s, SETTING_BORDERS, &borders);
    if (own < 0 || drawn < 0)
        return own < 0 ? own : drawn;
    int done = area_set_load(own == 0 ? communes.data : shipped_communes,
                             own == 0 ? communes.len : n, drawn == 0 ? borders.data : NULL,
                             drawn == 0 ? borders.len : 0, NULL, faults, ret);
    return done == AREA_FAULTY ? E_CORRUPT : done;
}
