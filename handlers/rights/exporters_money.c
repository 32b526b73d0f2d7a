/* What a person set out to pay online, and what became of it, as they are given a copy of it. */
#include "domain/payment/payment.h"
#include "handlers/rights/export.h"

static void add(const struct entity *e, const void *record, const struct id *id, struct arena *a,
                struct buf *out, const char **ret_name)
{
    char text[ID_TEXT];
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", id_format(id, text));
    entity_json_members(e, record, SEE_OWNER, &first, out);
    buf_add_str(out, "}");
    *ret_name = arena_printf(a, "%s.json", text);
}

int export_payment(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                   const char **ret_name)
{
    struct payment p;
    (void)run;
    int done = payment_decode(doc, a, &p);
    if (done == 0)
        add(&payment_entity, &p, &p.id, a, out, ret_name);
    return done;
}

int export_money(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                 const char **ret_name)
{
    struct money m;
    (void)run;
    int done = money_decode(doc, a, &m);
    if (done == 0)
        add(&money_entity, &m, &m.id, a, out, ret_name);
    return done;
}
