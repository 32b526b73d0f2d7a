/* What a form must say beside being a schema, so that it can be shown and filled in. */
#include <string.h>

#include "domain/procedure/private.h"

#define MEMBERS_MAX 500
#define LABEL_MAX 300 /* characters */

struct visit {
    const json_t *form, *groups;
    const struct fault_sink *sink;
    int members; /* seen so far */
};

static void say(const struct visit *v, const char *at, const char *below, const char *vi,
                const char *en)
{
    v->sink->tell(v->sink->ctx, arena_printf(v->sink->arena, "%s%s", at, below), vi, en);
}

static bool is_label(const json_t *text)
{
    const char *s = json_string_value(text);
    return s && *s && text_length(s) <= LABEL_MAX;
}

static bool both(const json_t *labels)
{
    return is_label(json_object_get(labels, "vi")) && is_label(json_object_get(labels, "en"));
}

/* --- groups ----------------------------------------------------------------------------------- */

static void check_groups(const struct visit *v)
{
    for (size_t i = 0; i < json_array_size(v->groups); i++) {
        const json_t *group = json_array_get(v->groups, i);
        if (!json_is_string(json_object_get(group, "code")) ||
            !is_label(json_object_get(group, "title")) ||
            !is_label(json_object_get(group, "x-title-en")))
            say(v, arena_printf(v->sink->arena, "/x-groups/%zu", i), "",
                "Nhóm cần code, title và x-title-en", "A group has code, title and x-title-en");
    }
    if (v->groups && !json_is_array(v->groups))
        say(v, "", "/x-groups", "Phải là danh sách nhóm", "Must be a list of groups");
}

static bool group_exists(const struct visit *v, const char *code)
{
    for (size_t i = 0; code && i < json_array_size(v->groups); i++) {
        const char *one = json_string_value(json_object_get(json_array_get(v->groups, i), "code"));
        if (one && strcmp(one, code) == 0)
            return true;
    }
    return false;
}

/* --- members ---------------------------------------------------------------------------------- */

static void check_object(struct visit *v, const json_t *object, const char *at, int depth);

static const json_t *said(const struct visit *v, const json_t *member, const char *name)
{
    const json_t *own = json_object_get(member, name);
    return own ? own : json_object_get(form_target(v->form, member), name);
}

static void check_choices(const struct visit *v, const json_t *member, const char *at)
{
    const json_t *choices = said(v, member, "enum"), *labels = said(v, member, "x-labels");
    for (size_t i = 0; i < json_array_size(choices); i++) {
        const char *one = json_string_value(json_array_get(choices, i));
        if (one && !both(json_object_get(labels, one)))
            say(v, at, arena_printf(v->sink->arena, "/enum/%zu", i),
                "Lựa chọn cần nhãn vi và en trong x-labels",
                "A choice has its labels, vi and en, in x-labels");
    }
}

static void check_when(const struct visit *v, const json_t *member, const char *at)
{
    const json_t *when = json_object_get(member, "x-when");
    struct procedure_fault fault;
    if (when && !condition_sound(when, v->form, v->sink->arena, &fault))
        say(v, at, arena_printf(v->sink->arena, "/x-when%s", fault.pointer), fault.vi, fault.en);
}

static void check_member(struct visit *v, const json_t *member, const char *at, int depth)
{
    const json_t *group = json_object_get(member, "x-group");
    if (!is_label(said(v, member, "title")))
        say(v, at, "/title", "Câu hỏi cần nhãn tiếng Việt", "A member has a title in Vietnamese");
    if (!is_label(said(v, member, "x-title-en")))
        say(v, at, "/x-title-en", "Câu hỏi cần nhãn tiếng Anh", "A member has a title in English");
    if (group && !group_exists(v, json_string_value(group)))
        say(v, at, "/x-group", "Không có nhóm mang mã này", "There is no group of this code");
    check_choices(v, member, at);
    check_when(v, member, at);
    const json_t *target = form_target(v->form, member);
    if (json_object_get(target, "properties"))
        check_object(v, target, at, depth + 1);
    const json_t *items = form_target(v->form, json_object_get(target, "items"));
    if (json_object_get(items, "properties"))
        check_object(v, items, arena_printf(v->sink->arena, "%s/items", at), depth + 1);
}

/* Members are laid out by x-order: each has one, and no two the same. */
static void check_order(const struct visit *v, const json_t *properties, const char *name,
                        const char *at)
{
    const json_t *order = json_object_get(json_object_get(properties, name), "x-order");
    const char *other;
    json_t *member;
    if (!json_is_integer(order))
        say(v, at, "/x-order", "Câu hỏi cần thứ tự (số nguyên)", "A member has a whole number");
    json_object_foreach((json_t *)properties, other, member)
    {
        if (strcmp(other, name) < 0 && json_is_integer(order) &&
            json_equal(json_object_get(member, "x-order"), order))
            say(v, at, "/x-order", "Hai câu hỏi có cùng thứ tự", "Two members have one place");
    }
}

/* Names that a pointer can say as they are. */
static bool good_name(const char *name)
{
    return *name >= 'a' && *name <= 'z' && strlen(name) <= 60 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static void check_object(struct visit *v, const json_t *object, const char *at, int depth)
{
    json_t *properties = json_object_get(object, "properties"), *member;
    const char *name;
    if (!json_is_false(json_object_get(object, "additionalProperties")))
        say(v, at, "/additionalProperties", "Phải là false", "Must be false");
    if (depth >= FORM_PATH_MAX) {
        say(v, at, "", "Biểu mẫu lồng nhau quá sâu", "The form is nested too deep");
        return;
    }
    json_object_foreach(properties, name, member)
    {
        const char *here = arena_printf(v->sink->arena, "%s/properties/%s", at, name);
        if (++v->members > MEMBERS_MAX) {
            say(v, here, "", "Biểu mẫu có quá nhiều câu hỏi", "The form has too many members");
            return;
        }
        if (!good_name(name))
            say(v, at, "/properties", "Tên câu hỏi gồm chữ thường không dấu, số và gạch dưới",
                "A member's name has lower case letters, digits and underscores");
        check_order(v, properties, name, here);
        check_member(v, member, here, depth);
    }
}

void form_check(const json_t *form, const struct fault_sink *sink)
{
    struct visit v = {.form = form, .groups = json_object_get(form, "x-groups"), .sink = sink};
    const char *type = json_string_value(json_object_get(form, "type"));
    if (!type || strcmp(type, "object") != 0)
        say(&v, "", "/type", "Biểu mẫu phải là object", "A form is an object");
    check_groups(&v);
    check_object(&v, form, "", 0);
}
