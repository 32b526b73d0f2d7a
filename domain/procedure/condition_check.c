/* Whether a condition is one, and asks only for what the form has; without going in a circle. */
#include <string.h>

#include "domain/procedure/private.h"

#define TRAIL_MAX 16 /* members that ask for each other in a row */

struct checking {
    const json_t *form;
    struct arena *arena;
    struct procedure_fault *fault;
};

static bool wrong(struct checking *c, const char *pointer, const char *vi, const char *en)
{
    *c->fault = (struct procedure_fault){pointer, vi, en};
    return false;
}

static bool shape(struct checking *c, const json_t *condition, const char *at, int depth);

static const char *type_of(const struct checking *c, const char *field)
{
    const json_t *member = form_target(c->form, form_member(c->form, field));
    const char *type = json_string_value(json_object_get(member, "type"));
    return type ? type : json_object_get(member, "enum") ? "string" : "";
}

/* A value that the member can never have would make the condition one that never holds. */
static bool possible(const struct checking *c, const char *field, const json_t *value)
{
    const json_t *member = form_target(c->form, form_member(c->form, field));
    const json_t *choices = json_object_get(member, "enum");
    const char *type = type_of(c, field);
    for (size_t i = 0; i < json_array_size(choices); i++) {
        if (json_equal(json_array_get(choices, i), value))
            return true;
    }
    if (choices)
        return false;
    return (json_is_boolean(value) && strcmp(type, "boolean") == 0) ||
           (json_is_string(value) && strcmp(type, "string") == 0) ||
           (json_is_integer(value) && strcmp(type, "integer") == 0) ||
           (json_is_number(value) && strcmp(type, "number") == 0);
}

static bool values_possible(struct checking *c, const char *field, const json_t *list,
                            const char *at)
{
    if (!json_is_array(list) || json_array_size(list) == 0)
        return wrong(c, at, "Phải là danh sách giá trị", "Must be a list of values");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!possible(c, field, json_array_get(list, i)))
            return wrong(c, arena_printf(c->arena, "%s/%zu", at, i),
                         "Câu hỏi này không thể có giá trị đó",
                         "The member can never have this value");
    }
    return true;
}

static bool field_test(struct checking *c, const json_t *condition, const char *field,
                       const char *key, const json_t *value, const char *at)
{
    const char *here = arena_printf(c->arena, "%s/%s", at, key), *type = type_of(c, field);
    (void)condition;
    if (strcmp(key, "is") == 0)
        return possible(c, field, value) || wrong(c, here, "Câu hỏi này không thể có giá trị đó",
                                                  "The member can never have this value");
    if (strcmp(key, "in") == 0)
        return values_possible(c, field, value, here);
    if (strcmp(key, "given") == 0)
        return json_is_boolean(value) || wrong(c, here, "Phải là true hoặc false", "True or false");
    if (strcmp(key, "least") != 0 && strcmp(key, "most") != 0)
        return wrong(c, here, "Điều kiện không có từ này", "A condition has no such word");
    bool numeric = strcmp(type, "integer") == 0 || strcmp(type, "number") == 0;
    return (json_is_number(value) && numeric) ||
           wrong(c, here, "Chỉ so sánh được với số", "Only numbers can be compared");
}

static bool field_shape(struct checking *c, const json_t *condition, const char *at)
{
    const char *field = json_string_value(json_object_get(condition, "field")), *key;
    json_t *value;
    bool ordered =
        json_object_get(condition, "least") != NULL && json_object_get(condition, "most") != NULL;
    if (!field || !c->form || !form_member(c->form, field))
        return wrong(c, arena_printf(c->arena, "%s/field", at), "Biểu mẫu không có câu hỏi này",
                     "The form has no such member");
    if (json_object_size(condition) != (ordered ? 3U : 2U))
        return wrong(c, at, "Điều kiện cần đúng một phép so sánh",
                     "A condition has exactly one comparison");
    json_object_foreach((json_t *)condition, key, value)
    {
        if (strcmp(key, "field") != 0 && !field_test(c, condition, field, key, value, at))
            return false;
    }
    return true;
}

static bool list_shape(struct checking *c, const json_t *list, const char *at, int depth)
{
    if (!json_is_array(list) || json_array_size(list) == 0)
        return wrong(c, at, "Phải là danh sách điều kiện", "Must be a list of conditions");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!shape(c, json_array_get(list, i), arena_printf(c->arena, "%s/%zu", at, i), depth + 1))
            return false;
    }
    return true;
}

static bool shape(struct checking *c, const json_t *condition, const char *at, int depth)
{
    const json_t *all = json_object_get(condition, "all"), *any = json_object_get(condition, "any");
    const json_t *not = json_object_get(condition, "not");
    if (depth >= CONDITION_DEPTH)
        return wrong(c, at, "Điều kiện lồng nhau quá sâu", "Conditions are nested too deep");
    if (json_object_get(condition, "field"))
        return field_shape(c, condition, at);
    if (!json_is_object(condition) || json_object_size(condition) != 1 || (!all && !any && !not ))
        return wrong(c, at, "Không phải là điều kiện", "Not a condition");
    if (not )
        return shape(c, not, arena_printf(c->arena, "%s/not", at), depth + 1);
    return list_shape(c, all ? all : any, arena_printf(c->arena, "%s/%s", at, all ? "all" : "any"),
                      depth);
}

/* --- circles ---------------------------------------------------------------------------------- */

struct trail {
    const struct checking *checking;
    const char *members[TRAIL_MAX];
    size_t n;
    int left;           /* conditions that may still be looked at */
    const char *so_far; /* of the pointer that is being walked */
};

static bool expand(struct trail *t, const json_t *condition);

static bool enter(const json_t *member, const char *name, void *ctx)
{
    struct trail *t = ctx;
    const char *before = t->so_far;
    const char *here = arena_printf(t->checking->arena, "%s/%s", before, name);
    const json_t *when = json_object_get(member, "x-when");
    t->so_far = here;
    if (!when)
        return true;
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->members[i], here) == 0)
            return false;
    }
    if (t->n == TRAIL_MAX)
        return false;
    t->members[t->n++] = here;
    bool ends = expand(t, when);
    t->n--;
    t->so_far = here;
    return ends;
}

static bool expand_list(struct trail *t, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!expand(t, json_array_get(list, i)))
            return false;
    }
    return true;
}

/* False where it comes back to a member on the trail, or to more than anybody could look at. */
static bool expand(struct trail *t, const json_t *condition)
{
    const char *field = json_string_value(json_object_get(condition, "field"));
    if (t->left-- <= 0)
        return false;
    if (field) {
        t->so_far = "";
        return form_walk(t->checking->form, field, enter, t);
    }
    const json_t *not = json_object_get(condition, "not");
    return expand_list(t, json_object_get(condition, "all")) &&
           expand_list(t, json_object_get(condition, "any")) && (!not || expand(t, not ));
}

bool condition_sound(const json_t *condition, const json_t *form, struct arena *a,
                     struct procedure_fault *ret)
{
    struct checking c = {form, a, ret};
    if (!shape(&c, condition, "", 0))
        return false;
    struct trail t = {.checking = &c, .left = CONDITION_COST / 2};
    return expand(&t, condition) ||
           wrong(&c, "", "Các điều kiện hỏi vòng quanh nhau hoặc quá nhiều",
                 "Conditions ask for each other in a circle, or for too much");
}
