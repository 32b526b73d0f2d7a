/* Whether the parts of a version fit each other, its form and the world. */
#include <string.h>

#include "base/clock.h"
#include "domain/procedure/private.h"

struct version {
    const struct procedure *p;
    const json_t *row, *form;
    const struct catalogue *catalogue;
    const struct fault_sink *sink;
};

static void say(const struct version *v, const char *at, const char *vi, const char *en)
{
    v->sink->tell(v->sink->ctx, at, vi, en);
}

static const char *at_part(const struct version *v, const char *list, size_t i, const char *member)
{
    return arena_printf(v->sink->arena, "/%s/%zu%s", list, i, member);
}

/* --- codes ------------------------------------------------------------------------------------ */

/* Lists whose items are known by a code: each code once. */
static void check_codes(const struct version *v, const char *list)
{
    const json_t *items = json_object_get(v->row, list);
    CLEANUP(json_decrefp) json_t *seen = json_object();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *code = json_string_value(json_object_get(json_array_get(items, i), "code"));
        if (code && json_object_get(seen, code))
            say(v, at_part(v, list, i, "/code"), "Mã này đã có ở trên", "The code stands above");
        if (code)
            json_object_set_new(seen, code, json_true());
    }
}

static void check_document(const struct version *v, const char *list, size_t i, const char *code)
{
    if (code && !document_type_by_code(code))
        say(v, at_part(v, list, i, "/document"), "Không có loại giấy tờ mang mã này",
            "There is no type of document of this code");
}

/* --- what asks the form ----------------------------------------------------------------------- */

static void check_when(const struct version *v, const char *list, size_t i)
{
    const json_t *item = json_array_get(json_object_get(v->row, list), i);
    const json_t *when = json_object_get(item, "when");
    struct procedure_fault fault;
    if (when && !condition_sound(when, v->form, v->sink->arena, &fault))
        say(v, at_part(v, list, i, arena_printf(v->sink->arena, "/when%s", fault.pointer)),
            fault.vi, fault.en);
}

static bool is_of_type(const struct version *v, const char *pointer, const char *type)
{
    const json_t *member = v->form ? form_target(v->form, form_member(v->form, pointer)) : NULL;
    const char *is = json_string_value(json_object_get(member, "type"));
    return is && strcmp(is, type) == 0;
}

static void check_rule(const struct version *v)
{
    const struct procedure *p = v->p;
    bool filed = p->place == PROCEDURE_HERE && p->scope != PROCEDURE_OFFLINE;
    if (p->rule == PROCEDURE_BY_DEPARTMENT) {
        if (!catalogue_agency(v->catalogue, p->agency))
            say(v, "/agency", "Không có cơ quan mang mã này", "There is no agency of this code");
        return;
    }
    if (p->agency)
        say(v, "/agency", "Chỉ nêu cơ quan khi rule là department",
            "An agency is named where the rule is department");
    if (p->commune_at ? !is_of_type(v, p->commune_at, "string") : filed)
        say(v, "/commune_at", "Phải chỉ một câu hỏi của biểu mẫu cho biết xã, phường",
            "Must be a member of the form that says the commune");
}

/* --- lists ------------------------------------------------------------------------------------ */

static void check_times(const struct version *v)
{
    unsigned seen = 0;
    for (size_t i = 0; i < v->p->times.n; i++) {
        unsigned channel = 1U << times_of(v->p)[i].channel;
        if (seen & channel)
            say(v, at_part(v, "times", i, "/channel"), "Kênh này đã có ở trên",
                "The channel stands above");
        seen |= channel;
    }
}

static void check_steps(const struct version *v)
{
    int64_t sum = 0;
    for (size_t i = 0; i < v->p->steps.n; i++)
        sum += steps_of(v->p)[i].share;
    if (v->p->steps.n > 0 && sum != 100)
        say(v, "/steps",
            arena_printf(v->sink->arena, "Tỷ lệ thời gian cộng lại là %lld, phải là 100",
                         (long long)sum),
            arena_printf(v->sink->arena, "The shares add up to %lld, not to 100", (long long)sum));
}

static void check_fees(const struct version *v)
{
    check_codes(v, "fees");
    for (size_t i = 0; i < v->p->fees.n; i++) {
        const struct procedure_fee *f = &fees_of(v->p)[i];
        check_when(v, "fees", i);
        if (f->times && !is_of_type(v, f->times, "integer"))
            say(v, at_part(v, "fees", i, "/times"), "Phải chỉ một câu hỏi là số nguyên",
                "Must be a member of the form that is a whole number");
    }
}

static bool fee_exists(const struct procedure *p, const char *code)
{
    for (size_t i = 0; i < p->fees.n; i++) {
        if (fees_of(p)[i].code && strcmp(fees_of(p)[i].code, code) == 0)
            return true;
    }
    return false;
}

static void check_exemptions(const struct version *v)
{
    check_codes(v, "exemptions");
    for (size_t i = 0; i < v->p->exemptions.n; i++) {
        const struct procedure_exemption *e = &exemptions_of(v->p)[i];
        check_document(v, "exemptions", i, e->document);
        for (size_t k = 0; k < e->fees.n; k++) {
            if (!fee_exists(v->p, e->fees.items[k]))
                say(v, at_part(v, "exemptions", i, arena_printf(v->sink->arena, "/fees/%zu", k)),
                    "Không có khoản phí mang mã này", "There is no fee of this code");
        }
    }
}

/* Whose name stands on a paper is asked by the form. */
static void check_holder(const struct version *v, const char *list, size_t i, const char *at)
{
    if (at && !is_of_type(v, at, "string"))
        say(v, at_part(v, list, i, "/holder_at"), "Phải chỉ một câu hỏi của biểu mẫu là họ tên",
            "Must be a member of the form that is a name");
}

static size_t group_size(const struct procedure *p, const char *group)
{
    size_t n = 0;
    for (size_t i = 0; i < p->components.n; i++) {
        const char *own = components_of(p)[i].one_of;
        n += own && strcmp(own, group) == 0;
    }
    return n;
}

static void check_components(const struct version *v)
{
    check_codes(v, "components");
    for (size_t i = 0; i < v->p->components.n; i++) {
        const struct procedure_component *c = &components_of(v->p)[i];
        check_when(v, "components", i);
        check_document(v, "components", i, c->document);
        check_holder(v, "components", i, c->holder_at);
        if (c->one_of && group_size(v->p, c->one_of) < 2)
            say(v, at_part(v, "components", i, "/one_of"), "Nhóm chỉ có một giấy tờ",
                "The group has but one component");
    }
}

static void check_results(const struct version *v)
{
    check_codes(v, "results");
    for (size_t i = 0; i < v->p->results.n; i++) {
        check_document(v, "results", i, results_of(v->p)[i].document);
        check_holder(v, "results", i, results_of(v->p)[i].holder_at);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool times_has(const struct procedure *p, int channel)
{
    for (size_t i = 0; i < p->times.n; i++) {
        if (times_of(p)[i].channel == channel)
            return true;
    }
    return false;
}

/* What is filed here online can be filed: all that an applicant and an agency need is there. */
static void check_filing(const struct version *v)
{
    const struct procedure *p = v->p;
    if (p->scope != PROCEDURE_WHOLE && !p->reason)
        say(v, "/reason", "Phải nêu lý do chưa làm trực tuyến toàn trình",
            "Why not all of it is online has to be said");
    if (p->place != PROCEDURE_HERE && !p->link)
        say(v, "/link", "Phải có địa chỉ nơi nộp", "Where it is filed has to be said");
    if (p->place != PROCEDURE_HERE || p->scope == PROCEDURE_OFFLINE)
        return;
    if (!v->form)
        say(v, "/form_schema", "Nộp trực tuyến cần có biểu mẫu", "Filing online needs a form");
    if (p->components.n == 0)
        say(v, "/components", "Nộp trực tuyến cần có thành phần hồ sơ",
            "Filing online needs components");
    if (p->steps.n == 0)
        say(v, "/steps", "Nộp trực tuyến cần có quy trình", "Filing online needs steps");
    if (!times_has(p, PROCEDURE_ONLINE))
        say(v, "/times", "Nộp trực tuyến cần có thời hạn của kênh trực tuyến",
            "Filing online needs the time of that channel");
}

static void check_days(const struct version *v)
{
    if (v->p->from && v->p->until && strcmp(v->p->until, v->p->from) < 0)
        say(v, "/until", "Ngày hết hiệu lực trước ngày có hiệu lực", "It ends before it begins");
}

static void check_form(const struct version *v)
{
    struct schema *compiled = NULL;
    struct schema_faults faults;
    if (!v->form)
        return;
    int done = schema_compile(v->form, v->sink->arena, &compiled, &faults);
    for (size_t i = 0; done == SCHEMA_BAD && i < faults.n; i++)
        say(v, arena_printf(v->sink->arena, "/form_schema%s", faults.items[i].pointer),
            arena_printf(v->sink->arena, "Biểu mẫu không hợp lệ: %s", faults.items[i].words),
            faults.items[i].words);
    schema_free(compiled);
}

static void tell_form(void *ctx, const char *pointer, const char *vi, const char *en)
{
    const struct fault_sink *sink = ctx;
    sink->tell(sink->ctx, arena_printf(sink->arena, "/form_schema%s", pointer), vi, en);
}

void version_check(const struct procedure *p, const json_t *row, const struct catalogue *c,
                   const struct fault_sink *sink)
{
    const struct version v = {p, row, json_object_get(row, "form_schema"), c, sink};
    const struct fault_sink below = {tell_form, (void *)sink, sink->arena};
    check_days(&v);
    check_form(&v);
    if (v.form)
        form_check(v.form, &below);
    check_rule(&v);
    check_times(&v);
    check_steps(&v);
    check_fees(&v);
    check_exemptions(&v);
    check_components(&v);
    check_results(&v);
    check_filing(&v);
}
