/* Form 05: where the dossier lay, for how long, and every step that was taken. */
#include <string.h>

#include "base/clock.h"
#include "domain/form/private.h"

static const char *short_moment(struct arena *a, int64_t ms)
{
    if (!ms)
        return "…";
    int64_t minute = (ms - clock_day_start_ms(clock_day_number(ms))) / 60000;
    struct clock_date d = clock_date_of_day(clock_day_number(ms));
    return arena_printf(a, "%02d:%02d %02d/%02d/%d", (int)(minute / 60), (int)(minute % 60), d.day,
                        d.month, d.year);
}

static const char *officer(const struct form_sheet *f, const struct id *who)
{
    const char *name = NULL;
    if (f->s->officer && !id_is_nil(who))
        name = f->s->officer(f->s->ctx, who);
    return name ? name : "";
}

/* "Trước hạn", "Đúng hạn" (on the day it is due), "Quá hạn". */
static const char *in_time(int64_t until_ms, int64_t due_ms)
{
    if (!until_ms || !due_ms)
        return until_ms ? "" : "Đang xử lý";
    if (until_ms > due_ms)
        return "Quá hạn";
    return clock_day_number(until_ms) < clock_day_number(due_ms) ? "Trước hạn" : "Đúng hạn";
}

static const char *part_name(const struct form_sheet *f, int64_t part)
{
    const struct dossier_plan *plan = f->d->plan.items;
    return part > 0 && part <= (int64_t)f->d->plan.n && plan[part - 1].name ? plan[part - 1].name
                                                                            : "";
}

static void add_stages(struct form_sheet *f)
{
    const struct dossier_stage *stages = f->d->stages.items;
    struct arena *a = f->arena;
    json_t *rows = json_array();
    for (size_t i = 0; i < f->d->stages.n; i++) {
        const struct dossier_stage *s = &stages[i];
        const char *who = officer(f, &s->officer), *part = part_name(f, s->part);
        json_array_append_new(
            rows, json_pack("[s, s, s, s]",
                            arena_printf(a, "%s%s%s", form_agency(f->s, s->agency),
                                         who[0] ? " – " : "", who),
                            arena_printf(a, "Nhận: %s. Giao: %s", short_moment(a, s->from_ms),
                                         short_moment(a, s->until_ms)),
                            in_time(s->until_ms, s->due_ms), part));
    }
    json_array_append_new(f->blocks, json_pack("{s:s, s:s, s:[s,s,s,s], s:[i,i,i,i], s:o}", "kind",
                                               "table", "key", "stages", "columns", "TÊN CƠ QUAN",
                                               "THỜI GIAN GIAO, NHẬN HỒ SƠ", "KẾT QUẢ GIẢI QUYẾT",
                                               "GHI CHÚ", "widths", 32, 28, 18, 22, "rows", rows));
}

/* Each step: when, what, by whom; a pause with its reason, which whoever checks wants to see. */
static void add_steps(struct form_sheet *f)
{
    const struct case_step *steps = f->d->head.steps.items;
    struct arena *a = f->arena;
    json_t *items = json_array();
    for (size_t i = 0; i < f->d->head.steps.n; i++) {
        const struct case_step *s = &steps[i];
        const char *who = s->office ? officer(f, &s->by) : "";
        const char *office = s->office ? form_agency(f->s, s->office) : "";
        const char *reason = form_reason(s->verb, s->reason);
        if (!reason && (strcmp(s->verb, "pause") == 0 || strcmp(s->verb, "apologise") == 0))
            reason = s->note;
        json_array_append_new(
            items, json_string(arena_printf(a, "%s – %s%s%s%s%s%s%s", short_moment(a, s->at_ms),
                                            form_verb(s->verb), s->office ? " – " : "", office,
                                            who[0] ? ", " : "", who, reason ? ". Lý do: " : "",
                                            reason ? reason : "")));
    }
    form_list(f, "steps", "Các bước đã thực hiện", items);
}

static bool seen_before(const struct dossier *d, size_t n)
{
    const struct dossier_stage *stages = d->stages.items;
    const char *agency = stages[n].agency;
    bool same = !agency || (d->decider && strcmp(agency, d->decider) == 0);
    for (size_t i = 0; i < n && !same; i++)
        same = stages[i].agency && strcmp(stages[i].agency, agency) == 0;
    return same;
}

/* Whoever else it lay with was asked for their part. */
static json_t *others(const struct form_sheet *f)
{
    const struct dossier_stage *stages = f->d->stages.items;
    json_t *items = json_array();
    for (size_t i = 0; i < f->d->stages.n; i++) {
        if (!seen_before(f->d, i))
            json_array_append_new(items, json_string(form_agency(f->s, stages[i].agency)));
    }
    return items;
}

void form_control(struct form_sheet *f)
{
    const struct dossier *d = f->d;
    const struct case_step *received = form_step(d, "receive");

    form_head(f, d->head.desk, d->head.changed_ms ? d->head.changed_ms : d->head.filed_ms, "KSHS");
    form_line(f, "code", "Mã hồ sơ", d->head.number);
    form_line(f, "procedure", "Thủ tục hành chính",
              f->s->procedure ? f->s->procedure->name : d->procedure);
    form_line(f, "decider", "Cơ quan (bộ phận) giải quyết hồ sơ", form_agency(f->s, d->decider));
    form_list(f, "others", "Cơ quan phối hợp giải quyết hồ sơ", others(f));
    form_line(f, "received", "Tiếp nhận", received ? form_moment(f->arena, received->at_ms) : NULL);
    form_line(f, "appointment", "Hẹn trả kết quả", form_moment(f->arena, dossier_appointment(d)));
    form_line(f, "finished", "Giải quyết xong", form_moment(f->arena, d->finished_ms));
    add_stages(f);
    add_steps(f);
}
