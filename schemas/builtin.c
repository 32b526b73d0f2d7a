#include "schemas/builtin.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "schemas/builtin_table.h"

static struct schema **compiled; /* in the table's order */

int schema_builtin_load(struct arena *a, const char **ret_words)
{
    struct schema_faults faults;
    *ret_words = NULL;
    if (compiled)
        return E_INVALID;
    compiled = calloc(schema_builtin_count + 1, sizeof(struct schema *)); /* + 1: never nothing */
    if (!compiled)
        return E_NOMEM;
    for (size_t i = 0; i < schema_builtin_count; i++) {
        const struct schema_builtin_text *text = &schema_builtin_table[i];
        int r = schema_compile_text(text->json, text->n, a, &compiled[i], &faults);
        if (r == 0)
            continue;
        schema_builtin_unload();
        if (r < 0)
            return r;
        *ret_words = arena_printf(a, "schemas/%s.json at %s: %s", text->name,
                                  *faults.items[0].pointer ? faults.items[0].pointer : "the root",
                                  faults.items[0].words);
        return E_CONFIG;
    }
    return 0;
}

void schema_builtin_unload(void)
{
    for (size_t i = 0; compiled && i < schema_builtin_count; i++)
        schema_free(compiled[i]);
    free(compiled);
    compiled = NULL;
}

static int compare_name(const void *name, const void *text)
{
    return strcmp(name, ((const struct schema_builtin_text *)text)->name);
}

const struct schema *schema_builtin(const char *name)
{
    const struct schema_builtin_text *found =
        bsearch(name, schema_builtin_table, schema_builtin_count, sizeof *found, compare_name);
    return found && compiled ? compiled[found - schema_builtin_table] : NULL;
}

const struct schema_builtin_text *schema_builtin_texts(size_t *ret_count)
{
    *ret_count = schema_builtin_count;
    return schema_builtin_table;
}
