/* Times, names and labels as forms write them. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "domain/form/private.h"

#define OFFICE "Ủy ban nhân dân "

const char *form_day(struct arena *a, int64_t ms)
{
    struct clock_date d = clock_date_of_day(clock_day_number(ms));
    return arena_printf(a, "ngày %02d tháng %02d năm %d", d.day, d.month, d.year);
}

const char *form_moment(struct arena *a, int64_t ms)
{
    if (!ms)
        return NULL;
    int64_t minute = (ms - clock_day_start_ms(clock_day_number(ms))) / 60000;
    return arena_printf(a, "%02" PRId64 " giờ %02" PRId64 " phút, %s", minute / 60, minute % 60,
                        form_day(a, ms));
}

const char *form_span(struct arena *a, const struct dossier *d)
{
    switch (d->time_unit) {
    case CALENDAR_WORKING_MINUTES:
        return arena_printf(a, "%" PRId64 " giờ làm việc", d->time / 60);
    case CALENDAR_WORKING_DAYS:
        return arena_printf(a, "%" PRId64 " ngày làm việc", d->time);
    case CALENDAR_CALENDAR_DAYS:
        return arena_printf(a, "%" PRId64 " ngày", d->time);
    default:
        return NULL;
    }
}

const char *form_agency(const struct form_source *s, const char *code)
{
    const struct agency *one = code ? catalogue_agency(s->catalogue, code) : NULL;
    return one ? one->name : code;
}

/* Communes have a centre (NĐ 118/2025), others a section for it. */
const char *form_desk_words(const struct form_source *s, const char *code)
{
    const struct agency *one = code ? catalogue_agency(s->catalogue, code) : NULL;
    return one && one->kind == AGENCY_COMMUNE ? "Trung tâm Phục vụ hành chính công"
                                              : "Bộ phận Tiếp nhận và Trả kết quả";
}

/* "Tân Thành" of "Ủy ban nhân dân phường Tân Thành"; of others, where they sit. */
static const char *place(const struct form_source *s, const char *code)
{
    static const char *const offices[] = {OFFICE "phường ", OFFICE "xã "};
    const char *name = form_agency(s, code);
    for (size_t i = 0; name && i < ARRAY_LEN(offices); i++) {
        if (strncmp(name, offices[i], strlen(offices[i])) == 0)
            return name + strlen(offices[i]);
    }
    return "Cà Mau";
}

static const struct case_row *row_of(const char *verb, const char *reason)
{
    for (size_t i = 0; i < dossier_kind.n_rows; i++) {
        const struct case_row *row = &dossier_kind.rows[i];
        if (strcmp(row->verb, verb) == 0 && (!reason || row->reasons))
            return row;
    }
    return NULL;
}

const char *form_verb(const char *verb)
{
    const struct case_row *row = row_of(verb, NULL);
    return row ? row->label[0] : strcmp(verb, "file") == 0 ? "Nộp hồ sơ" : verb;
}

const char *form_reason(const char *verb, const char *code)
{
    const struct case_row *row = code ? row_of(verb, code) : NULL;
    for (const struct entity_name *n = row ? row->reasons + 1 : NULL; n && n->name; n++) {
        if (strcmp(n->name, code) == 0)
            return n->label[0];
    }
    return NULL;
}

const struct case_step *form_step(const struct dossier *d, const char *verb)
{
    const struct case_step *steps = d->head.steps.items;
    for (size_t i = d->head.steps.n; i-- > 0;) {
        if (strcmp(steps[i].verb, verb) == 0)
            return &steps[i];
    }
    return NULL;
}

int64_t form_appointment_before(const struct dossier *d, int64_t seq)
{
    const struct dossier_appointment *told = d->appointments.items;
    int64_t due = 0;
    for (size_t i = 0; i < d->appointments.n && told[i].seq < seq; i++)
        due = told[i].due_ms;
    return due;
}

int64_t form_appointment_from(const struct dossier *d, int64_t seq)
{
    const struct dossier_appointment *told = d->appointments.items;
    for (size_t i = 0; i < d->appointments.n; i++) {
        if (told[i].seq >= seq)
            return told[i].due_ms;
    }
    return 0;
}

/* --- blocks ----------------------------------------------------------------------------------- */

void form_line(struct form_sheet *f, const char *key, const char *label, const char *text)
{
    if (text && text[0])
        json_array_append_new(f->blocks, json_pack("{s:s, s:s, s:s, s:s}", "kind", "line", "key",
                                                   key, "label", label, "text", text));
}

void form_text(struct form_sheet *f, const char *key, const char *text)
{
    if (text && text[0])
        json_array_append_new(
            f->blocks, json_pack("{s:s, s:s, s:s}", "kind", "text", "key", key, "text", text));
}

void form_list(struct form_sheet *f, const char *key, const char *label, json_t *items)
{
    if (json_array_size(items) > 0)
        json_array_append_new(f->blocks, json_pack("{s:s, s:s, s:s, s:O}", "kind", "list", "key",
                                                   key, "label", label, "items", items));
    json_decref(items);
}

void form_signer(struct form_sheet *f, const char *title, const char *note, const char *name)
{
    json_array_append_new(f->signers, json_pack("{s:s, s:s, s:s}", "title", title, "note", note,
                                                "name", name ? name : ""));
}

void form_head(struct form_sheet *f, const char *office, int64_t at_ms, const char *suffix)
{
    char made[CLOCK_TEXT];
    const char *name = form_agency(f->s, office);
    json_object_set_new(f->root, "made_at", json_string(clock_format(at_ms, made)));
    json_object_set_new(f->root, "issuer",
                        json_pack("[s, s]", name ? name : "", form_desk_words(f->s, office)));
    json_object_set_new(f->root, "number",
                        json_string(arena_printf(f->arena, "Số: %s%s%s", f->d->head.number,
                                                 suffix ? "/" : "", suffix ? suffix : "")));
    json_object_set_new(f->root, "dated",
                        json_string(arena_printf(f->arena, "%s, %s", place(f->s, office),
                                                 form_day(f->arena, at_ms))));
}
