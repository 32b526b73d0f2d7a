/* The proof of the log of looks. What one run printed with --json is what another holds it against,
 * so that records that were cut off at the end are missed. */
#include <string.h>

#include "programs/ctl.h"

#define FILE_MAX ((size_t)8 << 20)

/* {agency, head, digest} of each chain of an earlier run. */
static int read_anchors(const char *path, json_t *ret)
{
    CLEANUP(json_decrefp) json_t *json = NULL;
    size_t i;
    const json_t *one;
    int status = ctl_read_json(path, FILE_MAX, &json);
    if (status != CTL_DONE)
        return status;
    const json_t *items = json_object_get(json, "items");
    if (!json_is_array(items))
        return ctl_fail("%s: not what tramctl --json looks verify prints", path);
    json_array_foreach((json_t *)items, i, one)
    {
        if (json_integer_value(json_object_get(one, "head")) > 0)
            json_array_append_new(ret, json_pack("{s:O?, s:O?, s:O?}", "agency",
                                                 json_object_get(one, "agency"), "head",
                                                 json_object_get(one, "head"), "digest",
                                                 json_object_get(one, "digest")));
    }
    return CTL_DONE;
}

static void show_faults(const json_t *items)
{
    size_t i, k;
    const json_t *chain, *fault;
    json_array_foreach((json_t *)items, i, chain)
    {
        json_array_foreach(json_object_get(chain, "shown"), k, fault)
        {
            printf("  %s #%lld: %s\n", json_string_value(json_object_get(chain, "agency")),
                   (long long)json_integer_value(json_object_get(fault, "seq")),
                   json_string_value(json_object_get(fault, "kind")));
        }
    }
}

int ctl_looks_verify(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Cơ quan", "agency"},
                                                {"Bản ghi", "records"},
                                                {"Đã xoá danh", "erased"},
                                                {"Mới nhất", "last_at"},
                                                {"Sai", "faults"},
                                                {"Dấu vết cuối", "digest"},
                                                {0}};
    CLEANUP(json_decrefp) json_t *anchors = json_array();
    CLEANUP(json_decrefp) json_t *begun = NULL;
    CLEANUP(json_decrefp) json_t *job = NULL;
    const char *against = ctl_option(c, "--against");
    int status = against ? read_anchors(against, anchors) : CTL_DONE;
    CLEANUP(json_decrefp) json_t *body = json_pack("{s:O}", "anchors", anchors);
    if (status == CTL_DONE)
        status = ctl_call(c, "POST", "/v1/admin/looks/verify", body, 0, &begun);
    if (status == CTL_DONE)
        status = ctl_wait(c, begun, &job);
    if (status != CTL_DONE)
        return status;
    const json_t *result = json_object_get(job, "result");
    const json_t *items = json_object_get(result, "items");
    if (c->json)
        ctl_json(result);
    else
        ctl_table(c, items, columns);
    if (json_integer_value(json_object_get(result, "faults")) == 0)
        return CTL_DONE;
    if (!c->json)
        show_faults(items);
    return ctl_fail("the log of looks is not as it was written");
}
