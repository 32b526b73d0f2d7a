/* Looking into a form: its members, their titles and the labels of their values. */
#include <string.h>

#include "domain/procedure/private.h"

#define DEFS "#/$defs/"
#define NAME_BYTES 64

const struct schema *procedure_form(const struct procedure *p)
{
    struct schema **slot = (struct schema **)&p->compiled;
    struct schema *known = __atomic_load_n(slot, __ATOMIC_ACQUIRE), *compiled = NULL;
    struct schema_faults faults;
    struct arena scratch;
    if (known || !p->form)
        return known;
    arena_init(&scratch);
    int done = schema_compile_text(p->form, strlen(p->form), &scratch, &compiled, &faults);
    arena_release(&scratch);
    if (done != 0)
        return NULL;
    if (__atomic_compare_exchange_n(slot, &known, compiled, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return compiled;
    schema_free(compiled); /* another thread was first */
    return known;
}

void procedure_forget(struct procedure *p)
{
    schema_free(p->compiled);
    p->compiled = NULL;
}

const json_t *form_of(const struct procedure *p)
{
    const struct schema *form = procedure_form(p);
    return form ? schema_json(form) : NULL;
}

const json_t *form_target(const json_t *form, const json_t *member)
{
    const char *ref = json_string_value(json_object_get(member, "$ref"));
    if (!ref || strncmp(ref, DEFS, strlen(DEFS)) != 0)
        return member;
    return json_object_get(json_object_get(form, "$defs"), ref + strlen(DEFS));
}

bool form_walk(const json_t *form, const char *pointer,
               bool (*fn)(const json_t *member, const char *name, void *ctx), void *ctx)
{
    const json_t *at = form;
    const char *rest = pointer;
    for (int steps = 0; *rest == '/' && steps < FORM_PATH_MAX; steps++) {
        char name[NAME_BYTES];
        size_t n = strcspn(rest + 1, "/");
        if (n == 0 || n >= sizeof(name))
            return false;
        memcpy(name, rest + 1, n);
        name[n] = '\0';
        rest += 1 + n;
        at = json_object_get(json_object_get(form_target(form, at), "properties"), name);
        if (!at || (fn && !fn(at, name, ctx)))
            return false;
    }
    return *rest == '\0' && rest != pointer;
}

static bool keep_last(const json_t *member, const char *name, void *ctx)
{
    (void)name;
    *(const json_t **)ctx = member;
    return true;
}

const json_t *form_member(const json_t *form, const char *pointer)
{
    const json_t *last = NULL;
    return form_walk(form, pointer, keep_last, &last) ? last : NULL;
}

static const char *annotation(const json_t *form, const json_t *member, const char *name)
{
    const json_t *own = json_object_get(member, name);
    return json_string_value(own ? own : json_object_get(form_target(form, member), name));
}

struct titles {
    const json_t *form;
    int lang;
    struct buf *out;
    size_t from; /* where the first begins */
};

static bool add_title(const json_t *member, const char *name, void *ctx)
{
    struct titles *t = ctx;
    const char *words = procedure_words(t->lang, annotation(t->form, member, "title"),
                                        annotation(t->form, member, "x-title-en"));
    buf_add_str(t->out, t->out->len > t->from ? " – " : "");
    buf_add_str(t->out, words ? words : name);
    return true;
}

void form_title(const json_t *form, const char *pointer, int lang, struct buf *out)
{
    struct titles t = {form, lang, out, out->len};
    form_walk(form, pointer, add_title, &t);
}

const char *form_label(const json_t *form, const char *pointer, const json_t *value, int lang)
{
    static const char *const yes[] = {"Có", "Yes"}, *const no[] = {"Không", "No"};
    const json_t *member = form_target(form, form_member(form, pointer));
    const char *text = json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? yes[lang] : no[lang];
    if (!text)
        return "";
    const json_t *labels = json_object_get(json_object_get(member, "x-labels"), text);
    const char *words = procedure_words(lang, json_string_value(json_object_get(labels, "vi")),
                                        json_string_value(json_object_get(labels, "en")));
    return words ? words : text;
}

const char *procedure_member(const struct procedure *p, const char *pointer, int lang,
                             struct arena *a)
{
    const json_t *form = form_of(p);
    CLEANUP(buf_release) struct buf title;
    buf_init(&title, 4096);
    if (!form || !form_member(form, pointer))
        return NULL;
    form_title(form, pointer, lang, &title);
    return title.failed ? pointer : arena_strndup(a, title.data ? title.data : "", title.len);
}
