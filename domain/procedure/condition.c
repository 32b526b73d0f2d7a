/* Conditions on a form: whether they hold. Bounded, also for versions that nobody checked. */
#include <string.h>

#include "domain/procedure/private.h"

struct looking {
    const json_t *form, *answers;
    int left; /* conditions that may still be looked at */
};

static bool holds(struct looking *l, const json_t *condition, int depth);

/* --- the way to a member ---------------------------------------------------------------------- */

struct path {
    struct looking *looking;
    const json_t *value;
    int depth;
};

/* A member that was not asked, or not answered, ends the way. */
static bool step_in(const json_t *member, const char *name, void *ctx)
{
    struct path *at = ctx;
    const json_t *when = json_object_get(member, "x-when");
    at->value = json_object_get(at->value, name);
    return at->value && (!when || holds(at->looking, when, at->depth + 1));
}

static const json_t *value_at(struct looking *l, const char *pointer, int depth)
{
    struct path at = {l, l->answers, depth};
    return form_walk(l->form, pointer, step_in, &at) ? at.value : NULL;
}

const json_t *condition_value(const json_t *form, const json_t *answers, const char *pointer)
{
    struct looking l = {form, answers, CONDITION_COST};
    return value_at(&l, pointer, 0);
}

/* --- conditions ------------------------------------------------------------------------------- */

static bool among(const json_t *values, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        if (json_equal(json_array_get(values, i), value))
            return true;
    }
    return false;
}

static bool within(const json_t *condition, const json_t *value)
{
    const json_t *least = json_object_get(condition, "least");
    const json_t *most = json_object_get(condition, "most");
    double number = json_number_value(value);
    return json_is_number(value) && (!least || number >= json_number_value(least)) &&
           (!most || number <= json_number_value(most));
}

static bool field_holds(struct looking *l, const json_t *condition, const char *pointer, int depth)
{
    const json_t *value = value_at(l, pointer, depth);
    const json_t *is = json_object_get(condition, "is"), *in = json_object_get(condition, "in");
    const json_t *given = json_object_get(condition, "given");
    if (given)
        return json_is_true(given) == (value != NULL && !json_is_null(value));
    if (!value)
        return false;
    return is ? json_equal(is, value) : in ? among(in, value) : within(condition, value);
}

static bool any_holds(struct looking *l, const json_t *list, bool wanted, int depth)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (holds(l, json_array_get(list, i), depth + 1) == wanted)
            return true;
    }
    return false;
}

static bool holds(struct looking *l, const json_t *condition, int depth)
{
    const char *field = json_string_value(json_object_get(condition, "field"));
    const json_t *all = json_object_get(condition, "all"), *any = json_object_get(condition, "any");
    if (l->left-- <= 0 || depth > CONDITION_DEPTH * CONDITION_DEPTH)
        return false;
    if (field)
        return field_holds(l, condition, field, depth);
    if (all)
        return !any_holds(l, all, false, depth);
    if (any)
        return any_holds(l, any, true, depth);
    return !holds(l, json_object_get(condition, "not"), depth + 1);
}

bool procedure_condition_holds(const char *when, const struct procedure *p, const json_t *answers)
{
    if (!when)
        return true;
    CLEANUP(json_decrefp) json_t *condition = json_loads(when, 0, NULL);
    struct looking l = {form_of(p), answers, CONDITION_COST};
    return condition && answers && holds(&l, condition, 0);
}

/* --- in words --------------------------------------------------------------------------------- */

struct telling {
    const json_t *form;
    int lang;
    struct buf *out;
};

static void tell(const struct telling *t, const json_t *condition, int depth);

static void tell_list(const struct telling *t, const json_t *list, const char *between, int depth)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        buf_add_str(t->out, i ? between : "");
        tell(t, json_array_get(list, i), depth + 1);
    }
}

static void tell_values(const struct telling *t, const char *pointer, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        buf_add_str(t->out, i == 0 ? "" : t->lang == PROCEDURE_VI ? " hoặc " : " or ");
        buf_add_str(t->out, form_label(t->form, pointer, json_array_get(values, i), t->lang));
    }
}

static void tell_bound(const struct telling *t, const json_t *bound, const char *words)
{
    if (bound)
        buf_printf(t->out, " %s %.15g", words, json_number_value(bound));
}

static void tell_field(const struct telling *t, const json_t *condition, const char *pointer)
{
    const json_t *is = json_object_get(condition, "is"), *in = json_object_get(condition, "in");
    const json_t *given = json_object_get(condition, "given");
    bool vi = t->lang == PROCEDURE_VI;
    form_title(t->form, pointer, t->lang, t->out);
    if (is || in || given)
        buf_add_str(t->out, ": ");
    if (is)
        buf_add_str(t->out, form_label(t->form, pointer, is, t->lang));
    tell_values(t, pointer, in);
    if (given)
        buf_add_str(t->out, json_is_true(given) ? vi ? "có khai" : "given"
                            : vi                ? "không khai"
                                                : "not given");
    tell_bound(t, json_object_get(condition, "least"), vi ? "từ" : "at least");
    tell_bound(t, json_object_get(condition, "most"), vi ? "đến" : "at most");
}

static void tell(const struct telling *t, const json_t *condition, int depth)
{
    const char *field = json_string_value(json_object_get(condition, "field"));
    const json_t *all = json_object_get(condition, "all"), *any = json_object_get(condition, "any");
    bool vi = t->lang == PROCEDURE_VI;
    if (depth > CONDITION_DEPTH)
        return;
    if (field) {
        tell_field(t, condition, field);
    } else if (all) {
        tell_list(t, all, vi ? " và " : " and ", depth);
    } else if (any) {
        tell_list(t, any, vi ? " hoặc " : " or ", depth);
    } else {
        buf_add_str(t->out, vi ? "không phải (" : "not (");
        tell(t, json_object_get(condition, "not"), depth + 1);
        buf_add_char(t->out, ')');
    }
}

const char *procedure_condition_words(const char *when, const struct procedure *p, int lang,
                                      struct arena *a)
{
    CLEANUP(json_decrefp) json_t *condition = when ? json_loads(when, 0, NULL) : NULL;
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 16 * 1024);
    const struct telling t = {form_of(p), lang, &out};
    if (!condition || !t.form)
        return NULL;
    tell(&t, condition, 0);
    return out.failed ? NULL : arena_strndup(a, out.data, out.len);
}
