/* The papers of somebody's document store, as they are given a copy of them. Files: uploads/. */
#include <string.h>

#include "base/result.h"
#include "domain/document/document.h"
#include "handlers/export.h"

int export_document(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                    const char **ret_name)
{
    struct document d;
    struct document_details t = {0};
    char id[ID_TEXT];
    bool first = false;
    int done = document_decode(doc, a, &d);
    if (done == 0)
        done = document_details(&run->app->people, &d, a, &t);
    if (done < 0)
        return done;
    const struct {
        const char *name, *text;
    } words[] = {{"number", t.number}, {"issuer", t.issuer}, {"holder", t.holder}};
    buf_printf(out, "{\"id\":\"%s\"", id_format(&d.id, id));
    entity_json_members(&document_entity, &d, SEE_OWNER, &first, out);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!words[i].text)
            continue;
        buf_printf(out, ",\"%s\":", words[i].name);
        buf_add_json_str(out, words[i].text, strlen(words[i].text));
    }
    buf_add_str(out, "}");
    *ret_name = arena_printf(a, "%s.json", id);
    return 0;
}
