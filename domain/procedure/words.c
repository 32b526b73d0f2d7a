/* Times, money and labels as people read them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/procedure/private.h"

const char *procedure_words(int lang, const char *vi, const char *en)
{
    return lang == PROCEDURE_EN && en ? en : vi;
}

const char *procedure_label(const struct entity_name *names, int value, int lang)
{
    return entity_enum_name(names, value) ? names[value].label[lang] : "";
}

const char *procedure_time_words(const struct procedure_time *t, int lang, struct arena *a)
{
    const char *unit = procedure_label(procedure_units, t->unit, lang);
    size_t n = strlen(unit);
    if (lang == PROCEDURE_EN && t->amount == 1 && n > 0)
        n--; /* "working days" */
    return arena_printf(a, "%" PRId64 " %.*s", t->amount, (int)n, unit);
}

const char *procedure_money_words(int64_t amount, int lang, struct arena *a)
{
    char digits[24], grouped[32];
    if (amount <= 0)
        return lang == PROCEDURE_VI ? "Miễn phí" : "Free";
    size_t n = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, amount), at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            grouped[at++] = lang == PROCEDURE_VI ? '.' : ',';
        grouped[at++] = digits[i];
    }
    grouped[at] = '\0';
    return arena_printf(a, lang == PROCEDURE_VI ? "%s đồng" : "%s VND", grouped);
}

const char *procedure_fee_words(const struct procedure_fee *f, const struct procedure *p, int lang,
                                struct arena *a)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    buf_add_str(&out, procedure_money_words(f->amount, lang, a));
    if (f->times && f->amount > 0) {
        buf_add_str(&out, " × ");
        form_title(form_of(p), f->times, lang, &out);
    }
    if (f->most > 0)
        buf_printf(&out, lang == PROCEDURE_VI ? ", tối đa %s" : ", at most %s",
                   procedure_money_words(f->most, lang, a));
    if (f->channel)
        buf_printf(&out, " (%s)", procedure_label(procedure_channels, f->channel, lang));
    return arena_strndup(a, out.data, out.len);
}
