/* Whether every stored file is there and whole: by the tramd that runs, or here where none does. */
#include <string.h>

#include "base/result.h"
#include "media/blob_check.h"
#include "programs/ctl.h"
#include "programs/stores.h"

static bool show_progress(void *ctx, int64_t looked, int64_t total)
{
    (void)ctx;
    ctl_progress("blobs", looked, total > looked ? total : looked, NULL);
    return true;
}

static void keep_found(void *ctx, const struct blob_finding *f)
{
    json_t *shown = ctx;
    if (json_array_size(shown) < BLOB_FINDINGS_SHOWN)
        json_array_append_new(shown, blob_finding_json(f));
}

/* Keys are not opened: they may be sealed, and who has the folder need not have them. */
static int check_here(struct ctl *c, json_t **ret)
{
    struct stores stores;
    struct blob_sum sum;
    const char *fault = NULL;
    char url[STORES_URL_MAX];
    int done = c->store ? stores_url(c->store, url) : 0;
    if (done != 0)
        return ctl_fail("%s: neither a URL nor a file with one", c->store);
    done = stores_open_bare(c->data, c->store ? url : NULL,
                            &(struct sqlite_progress){ctl_progress, NULL}, &fault, &stores);
    ctl_progress_end();
    if (done == E_BUSY)
        return ctl_fail("%s is in use: leave --offline out, and the tramd that runs does it",
                        c->data);
    if (done != 0)
        return ctl_fail("%s: %s", c->data, fault ? fault : result_words(done));
    CLEANUP(json_decrefp) json_t *shown = json_array();
    const struct upload_service uploads = {.store = stores.data};
    const struct blob_check check = {
        .uploads = &uploads, .go_on = show_progress, .found = keep_found, .ctx = shown};
    done = blob_check(&check, &sum);
    ctl_progress_end();
    stores_close(&stores);
    if (done != 0)
        return ctl_fail_with("the check", done);
    *ret = blob_sum_json(&sum, json_incref(shown));
    return CTL_DONE;
}

static int check_there(struct ctl *c, json_t **ret)
{
    CLEANUP(json_decrefp)
    json_t *body = json_pack("{s:b}", "open", ctl_option(c, "--open") != NULL);
    CLEANUP(json_decrefp) json_t *job = NULL;
    int status = ctl_job(c, "/v1/admin/media/check", body, &job);
    if (status == CTL_DONE)
        *ret = json_incref(json_object_get(job, "result"));
    return status;
}

static void show_found(const json_t *items)
{
    size_t i;
    const json_t *f;
    json_array_foreach((json_t *)items, i, f)
    {
        const char *in = json_string_value(json_object_get(f, "in"));
        printf("  %-9s %s", json_string_value(json_object_get(f, "flaw")),
               json_string_value(json_object_get(f, "blob")));
        if (in)
            printf("  %s %s, %s", in, json_string_value(json_object_get(f, "document")),
                   json_string_value(json_object_get(f, "field")));
        printf("\n");
    }
}

int ctl_media_check(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Tệp đã xem", "blobs"},       {"Dung lượng (byte)", "bytes"}, {"Bản ghi", "documents"},
        {"Bản gốc đã mở", "opened"},   {"Thiếu", "missing"},           {"Hỏng", "damaged"},
        {"Không mở được", "unopened"}, {"Không ai dùng", "orphaned"},  {0}};
    static const char *const lost[] = {"missing", "damaged", "unopened"};
    CLEANUP(json_decrefp) json_t *result = NULL;
    bool here = ctl_option(c, "--offline");
    if (here && ctl_option(c, "--open"))
        return ctl_fail("--open needs the keys of a tramd that runs: leave --offline out"),
               CTL_USAGE;
    int status = here ? check_here(c, &result) : check_there(c, &result);
    if (status != CTL_DONE)
        return status;
    ctl_facts(c, result, columns);
    if (!c->json)
        show_found(json_object_get(result, "found"));
    for (size_t i = 0; i < ARRAY_LEN(lost); i++) {
        if (json_integer_value(json_object_get(result, lost[i])) > 0)
            return ctl_fail("files are missing or damaged: a backup may have them");
    }
    return CTL_DONE;
}
