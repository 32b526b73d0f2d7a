/* The interface for people: a page without scripts, made once from the routes. */
#include <string.h>

#include "gateway/private.h"

static void add_who(struct buf *out, unsigned who)
{
    static const struct {
        unsigned mask;
        const char *name;
    } roles[] = {{ROLE_CITIZEN, "citizen"},     {ROLE_DISPATCHER, "dispatcher"},
                 {ROLE_OFFICER, "officer"},     {ROLE_LEADER, "leader"},
                 {ROLE_INSPECTOR, "inspector"}, {ROLE_ADMIN, "admin"}};
    if (who & ROLE_PUBLIC) {
        buf_add_str(out, "anybody");
        return;
    }
    bool first = true;
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (who & roles[i].mask) {
            buf_printf(out, "%s%s", first ? "" : ", ", roles[i].name);
            first = false;
        }
    }
}

static void add_row(struct buf *out, const struct route *r)
{
    buf_printf(out, "<tr><td class=\"m\">%s</td><td><code>", method_name(r->method));
    buf_add_html(out, r->path);
    buf_add_str(out, "</code><br>");
    buf_add_html(out, r->summary);
    buf_add_str(out, "<div class=\"w\">");
    add_who(out, r->who);
    if (r->flags & ROUTE_KEYED)
        buf_add_str(out, " · Idempotency-Key");
    if (r->flags & ROUTE_IF_MATCH)
        buf_add_str(out, " · If-Match");
    if (r->flags & ROUTE_PAGED)
        buf_add_str(out, " · pages by cursor");
    if (r->body_schema)
        buf_printf(out, " · body: %s", r->body_schema);
    buf_add_str(out, "</div></td></tr>\n");
}

char *docs_build(const struct routes *r, size_t *ret_n)
{
    struct buf out;
    buf_init(&out, 4U << 20);
    buf_add_str(&out, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width\">"
                      "<title>Trạm API</title><link rel=\"stylesheet\" href=\"/docs.css\">"
                      "<h1>Trạm API</h1><p>The same table that is served. The whole of it, with "
                      "schemas, is at <a href=\"/openapi.json\">/openapi.json</a>.</p>\n");
    const char *tag = "";
    for (size_t i = 0; i < r->n; i++) {
        const struct route *row = r->items[i].route;
        if (row->flags & ROUTE_ADMIN)
            continue;
        if (strcmp(tag, row->tag) != 0) {
            buf_printf(&out, "%s<h2>%s</h2><table>\n", tag[0] ? "</table>\n" : "", row->tag);
            tag = row->tag;
        }
        add_row(&out, row);
    }
    buf_add_str(&out, "</table></html>\n");
    *ret_n = out.len;
    return buf_steal(&out);
}
