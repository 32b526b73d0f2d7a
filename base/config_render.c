#include "base/config_private.h"

#include <string.h>

#include "base/cleanup.h"

static const char *type_words(enum config_type type)
{
    switch (type) {
    case CONFIG_TEXT:
        return "text";
    case CONFIG_INT:
        return "number";
    case CONFIG_BOOL:
        return "true or false";
    case CONFIG_SIZE:
        return "size";
    case CONFIG_DURATION:
        return "duration";
    case CONFIG_LIST:
        return "list";
    case CONFIG_SECRET_FILE:
        return "path of a secret";
    }
    return "";
}

/* "number, 1 to 65535" */
static char *domain_words(struct arena *a, const struct config_key *key)
{
    if (key->min == 0 && key->max == 0)
        return arena_strdup(a, type_words(key->type));
    bool counts = key->type == CONFIG_TEXT || key->type == CONFIG_LIST;
    enum config_type type = counts ? CONFIG_INT : key->type;
    const char *of = "";
    if (counts)
        of = key->type == CONFIG_TEXT ? " bytes" : " items";
    return arena_printf(a, "%s, %s to %s%s", type_words(key->type),
                        config_number_text(a, type, key->min),
                        config_number_text(a, type, key->max), of);
}

/* Text in a cell of a table: a bar would end the cell. */
static void add_cell(struct buf *ret, const char *s)
{
    for (; *s; s++) {
        if (*s == '|')
            buf_add_char(ret, '\\');
        buf_add_char(ret, *s);
    }
}

static const char *fallback_words(struct arena *a, const struct config_key *key)
{
    if (!key->fallback)
        return "must be given";
    return *key->fallback ? arena_printf(a, "`%s`", key->fallback) : "empty";
}

void config_markdown(const struct config_key *const *tables, size_t n, struct buf *ret)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    buf_add_str(ret, "| Key | Environment | Value | Fallback | Meaning |\n"
                     "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < n; i++) {
        for (const struct config_key *key = tables[i]; key->name; key++) {
            buf_printf(ret, "| `%s` | `%s` | %s | ", key->name,
                       config_env_name(&scratch, key->name), domain_words(&scratch, key));
            add_cell(ret, fallback_words(&scratch, key));
            buf_add_str(ret, " | ");
            add_cell(ret, key->words_en);
            buf_add_str(ret, " |\n");
        }
    }
}

/* "push.fcm.url" stands as url in section push.fcm. */
static size_t section_length(const char *name)
{
    return (size_t)(strrchr(name, '.') - name);
}

static bool same_section(const char *name, const char *other)
{
    size_t n = section_length(name);
    return n == section_length(other) && memcmp(name, other, n) == 0;
}

void config_example(const struct config_key *const *tables, size_t n, struct buf *ret)
{
    CLEANUP(arena_release) struct arena scratch = {0};
    const char *before = NULL;
    for (size_t i = 0; i < n; i++) {
        for (const struct config_key *key = tables[i]; key->name; key++) {
            size_t section = section_length(key->name);
            if (!before || !same_section(before, key->name))
                buf_printf(ret, "%s[%.*s]\n", before ? "\n" : "", (int)section, key->name);
            before = key->name;
            buf_printf(ret, "; %s (%s)\n", key->words_en, domain_words(&scratch, key));
            buf_printf(ret, "%s%s = %s\n", key->fallback ? ";" : "", key->name + section + 1,
                       key->fallback ? key->fallback : "");
        }
    }
}
