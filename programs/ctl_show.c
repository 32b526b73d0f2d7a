/* Tables for people, JSON for programs. */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "programs/ctl.h"

#define COLUMNS_MAX 12
#define GAP 2
#define BAR 30

void ctl_json(const json_t *value)
{
    json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    putchar('\n');
}

static const json_t *member_of(const json_t *object, const char *path)
{
    char name[40];
    while (object) {
        size_t n = strcspn(path, ".");
        snprintf(name, sizeof(name), "%.*s", (int)n, path);
        object = json_object_get(object, name);
        if (!path[n])
            break;
        path += n + 1;
    }
    return object;
}

static const char *cell(struct ctl *c, const json_t *object, const char *path)
{
    const json_t *value = member_of(object, path);
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_INTEGER:
        return arena_printf(c->arena, "%lld", (long long)json_integer_value(value));
    case JSON_REAL:
        return arena_printf(c->arena, "%g", json_real_value(value));
    case JSON_TRUE:
        return "có";
    case JSON_FALSE:
        return "không";
    case JSON_OBJECT:
    case JSON_ARRAY:
        return arena_printf(c->arena, "(%zu)", json_object_size(value) + json_array_size(value));
    default:
        return "";
    }
}

/* Texts are NFC, so that a code point is a column of the terminal. */
static void put(const char *text, size_t width, bool last)
{
    size_t n = text_length(text);
    fputs(text, stdout);
    for (; !last && n < width + GAP; n++)
        putchar(' ');
    if (last)
        putchar('\n');
}

void ctl_table(struct ctl *c, const json_t *items, const struct ctl_column *columns)
{
    if (c->json) {
        ctl_json(items);
        return;
    }
    size_t width[COLUMNS_MAX] = {0}, n = 0, i;
    const json_t *item;
    for (; n < COLUMNS_MAX && columns[n].title; n++)
        width[n] = text_length(columns[n].title);
    json_array_foreach((json_t *)items, i, item)
    {
        for (size_t k = 0; k < n; k++) {
            size_t wide = text_length(cell(c, item, columns[k].member));
            width[k] = wide > width[k] ? wide : width[k];
        }
    }
    for (size_t k = 0; k < n; k++)
        put(columns[k].title, width[k], k + 1 == n);
    json_array_foreach((json_t *)items, i, item)
    {
        for (size_t k = 0; k < n; k++)
            put(cell(c, item, columns[k].member), width[k], k + 1 == n);
    }
}

void ctl_facts(struct ctl *c, const json_t *object, const struct ctl_column *columns)
{
    if (c->json) {
        ctl_json(object);
        return;
    }
    size_t width = 0;
    for (size_t i = 0; columns[i].title; i++) {
        size_t wide = text_length(columns[i].title);
        width = wide > width ? wide : width;
    }
    for (size_t i = 0; columns[i].title; i++) {
        if (!member_of(object, columns[i].member))
            continue;
        put(columns[i].title, width, false);
        put(cell(c, object, columns[i].member), 0, true);
    }
}

/* --- progress --------------------------------------------------------------------------------- */

static bool shown; /* a progress line stands on the terminal */

void ctl_progress(const char *what, int64_t done, int64_t total, void *unused)
{
    (void)unused;
    if (!isatty(STDERR_FILENO))
        return;
    shown = true;
    if (total <= 0) {
        fprintf(stderr, "\r\033[K%s %lld", what, (long long)done);
        return;
    }
    int full = (int)(done >= total ? BAR : done * BAR / total);
    fprintf(stderr, "\r\033[K[%.*s%*s] %3d%%  %s %lld/%lld", full, "##############################",
            BAR - full, "", full * 100 / BAR, what, (long long)done, (long long)total);
}

void ctl_progress_end(void)
{
    if (shown)
        fprintf(stderr, "\r\033[K");
    shown = false;
}
