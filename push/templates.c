#include "push/templates.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#define NOTE_MAX 800 /* bytes of a step's words told in a notice */

/* The words of each kind, and what filing one may tell. */
static const struct {
    const char *kind;
    const struct template *words;
    const struct case_tell *filing;
} sets[] = {{"report", report_words, report_filing},
            {"dossier", dossier_words, dossier_filing},
            {"complaint", complaint_words, complaint_filing}};

static size_t set_of(const struct case_kind *k)
{
    size_t i = 0;
    while (i < ARRAY_LEN(sets) && strcmp(sets[i].kind, k->name) != 0)
        i++;
    return i;
}

const struct template *template_find(const struct case_kind *k, const char *what, int whom)
{
    size_t set = set_of(k);
    if (set == ARRAY_LEN(sets))
        return NULL;
    for (const struct template *t = sets[set].words; t->what; t++) {
        if (strcmp(t->what, what) == 0 && (t->whom & (1U << whom)))
            return t;
    }
    return NULL;
}

/* --- filling ---------------------------------------------------------------------------------- */

/* False if the name is not a placeholder; *ret may be NULL. */
static bool value_of(const char *name, size_t n, int language, const struct template_values *v,
                     const char **ret)
{
    const struct {
        const char *name, *value;
    } values[] = {
        {"number", v->number},   {"state", v->state[language]}, {"agency", v->agency[language]},
        {"due", v->due},         {"answer_by", v->answer_by},   {"note", v->note},
        {"by", v->by[language]}, {"posted", v->posted},
    };
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        if (strlen(values[i].name) == n && memcmp(values[i].name, name, n) == 0) {
            *ret = values[i].value;
            return true;
        }
    }
    return false;
}

static void add_value(struct buf *out, const char *value)
{
    size_t n = text_cut(value, NOTE_MAX);
    buf_add(out, value, n);
    if (value[n])
        buf_add_str(out, "…");
}

/* Fills text up to its end; false if a placeholder has no value or no name that is known. */
static bool fill(const char *text, const char *end, int language, const struct template_values *v,
                 struct buf *out)
{
    while (text < end) {
        const char *stop;
        if (*text == '{' && (stop = memchr(text, '}', (size_t)(end - text)))) {
            const char *value = NULL;
            if (!value_of(text + 1, (size_t)(stop - text - 1), language, v, &value) || !value)
                return false;
            add_value(out, value);
        } else if (*text == '[' && (stop = memchr(text, ']', (size_t)(end - text)))) {
            size_t mark = out->len;
            if (!fill(text + 1, stop, language, v, out) && out->data) {
                out->len = mark;
                out->data[mark] = '\0';
            }
        } else {
            buf_add_char(out, *text);
            stop = text;
        }
        text = stop + 1;
    }
    return true;
}

char *template_fill(const struct template *t, int language, const struct template_values *v,
                    size_t max, struct arena *a)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    const char *text = t->text[language];
    fill(text, text + strlen(text), language, v, &out);
    return out.data ? arena_strndup(a, out.data, text_cut(out.data, max)) : arena_strdup(a, "");
}

char *template_time(int64_t ms, struct arena *a)
{
    if (!ms)
        return NULL;
    int64_t day = clock_day_number(ms);
    struct clock_date d = clock_date_of_day(day);
    int minutes = (int)((ms - clock_day_start_ms(day)) / 60000);
    return arena_printf(a, "%02d/%02d/%04d %02d:%02d", d.day, d.month, d.year, minutes / 60,
                        minutes % 60);
}

/* --- checking --------------------------------------------------------------------------------- */

static const char *missing(const struct case_kind *k, const char *what, int whom, struct arena *a)
{
    if (!whom || template_find(k, what, whom))
        return NULL;
    return arena_printf(a, "no words for \"%s\" of a %s to %s", what, k->name,
                        entity_enum_name(case_audience_names, whom));
}

static const char *rows_fault(const struct case_kind *k, struct arena *a)
{
    const char *fault = NULL;
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct case_row *row = &k->rows[i];
        for (size_t j = 0; j < ARRAY_LEN(row->tells) && row->tells[j].whom && !fault; j++)
            fault = missing(k, row->tells[j].what ? row->tells[j].what : row->verb,
                            row->tells[j].whom, a);
        if (row->effect == case_do_demand && !fault)
            fault = missing(k, "unanswered", TELL_LEADER, a);
        if (row->effect == case_do_demand && !fault)
            fault = missing(k, "unanswered", TELL_DEMANDER, a);
    }
    for (size_t i = 1; i < k->n_clocks; i++) {
        for (int j = 0; j < 2 && !fault; j++) {
            fault = missing(k, "warning", k->clocks[i].warn_whom[j], a);
            if (!fault)
                fault = missing(k, "late", k->clocks[i].late_whom[j], a);
        }
    }
    return fault;
}

/* Every placeholder is known, and brackets come in pairs. */
static bool text_sound(const char *text, int language)
{
    static const struct template_values none = {0};
    const char *open = NULL, *value;
    for (; text && *text; text++) {
        if (*text == '{') {
            size_t n = strcspn(text + 1, "{}[]");
            if (text[n + 1] != '}' || !value_of(text + 1, n, language, &none, &value))
                return false;
            text += n + 1;
        } else if (*text == '}' || (*text == '[' && open) || (*text == ']' && !open)) {
            return false;
        } else if (*text == '[' || *text == ']') {
            open = *text == '[' ? text : NULL;
        }
    }
    return text && !open;
}

const char *templates_fault(const struct case_kind *k, struct arena *a)
{
    size_t set = set_of(k);
    if (set == ARRAY_LEN(sets))
        return arena_printf(a, "a %s has no words", k->name);
    const char *fault = rows_fault(k, a);
    for (const struct case_tell *t = sets[set].filing; t->whom && !fault; t++)
        fault = missing(k, t->what, t->whom, a);
    for (const struct template *t = sets[set].words; t->what && !fault; t++)
        fault = text_sound(t->text[0], 0) && text_sound(t->text[1], 1)
                    ? NULL
                    : arena_printf(a, "the words for \"%s\" are not sound", t->what);
    return fault;
}
