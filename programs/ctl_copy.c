/* A province moved from one store to another: a folder, a server, or back. */
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "programs/ctl.h"
#include "programs/stores.h"
#include "store/copy.h"
#include "store/mongo/mongo.h"

#define FOLDER "sqlite:"
#define WATCH_MS 10000 /* longer than a tramd that died keeps its duty (push/duty.c) */

struct side {
    const char *folder; /* NULL: on a server */
    char url[STORES_URL_MAX];
    const char *name; /* what tells it from others, without a password */
    struct stores stores;
};

static void side_close(struct side *s)
{
    stores_close(&s->stores);
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* --- the two sides ---------------------------------------------------------------------------- */

/* "mongodb://user:secret@a,b/tram?x=y" as "mongodb://a,b". */
static const char *servers_of(struct ctl *c, const char *url)
{
    const char *from = strstr(url, "://") + 3;
    size_t n = strcspn(from, "/?");
    for (size_t i = 0; i < n; i++) {
        if (from[i] == '@')
            return arena_printf(c->arena, "%.*s%.*s", (int)(strstr(url, "://") + 3 - url), url,
                                (int)(n - i - 1), from + i + 1);
    }
    return arena_printf(c->arena, "%.*s", (int)(from + n - url), url);
}

/* The same from wherever the command is given, once the folder is there. */
static const char *folder_name(struct ctl *c, const char *folder)
{
    char path[PATH_MAX];
    return arena_printf(c->arena, "%s%s", FOLDER, realpath(folder, path) ? path : folder);
}

static int side_read(struct ctl *c, const char *option, struct side *s)
{
    const char *text = ctl_option(c, option);
    *s = (struct side){.stores = {.lock_fd = -1}};
    if (!text) {
        ctl_fail("%s is missing: %sFOLDER, a URL, or a file with one", option, FOLDER);
        return CTL_USAGE;
    }
    if (strncmp(text, FOLDER, strlen(FOLDER)) == 0) {
        s->folder = text + strlen(FOLDER);
        s->name = folder_name(c, s->folder);
        return s->folder[0] ? CTL_DONE : ctl_fail("%s: names no folder", text);
    }
    if (stores_url(text, s->url) != 0)
        return ctl_fail("%s: neither %sFOLDER, a URL nor a file with one", text, FOLDER);
    s->name = servers_of(c, s->url);
    return CTL_DONE;
}

static int side_open(struct ctl *c, struct side *s, bool is_there)
{
    const struct sqlite_progress progress = {ctl_progress, NULL};
    const char *fault = NULL;
    if (is_there && s->folder && access(arena_printf(c->arena, "%s/tram.db", s->folder), F_OK) != 0)
        return ctl_fail("%s: there is no store", s->folder);
    int done =
        stores_open_bare(s->folder, s->folder ? NULL : s->url, &progress, &fault, &s->stores);
    ctl_progress_end();
    if (done == E_BUSY && s->folder)
        return ctl_fail("%s is in use: stop tramd first", s->folder);
    if (done != 0)
        return ctl_fail("%s: %s", s->name, fault ? fault : result_words(done));
    if (s->folder) {
        s->name = folder_name(c, s->folder);
    } else {
        struct mongo_facts facts;
        mongo_facts(store_driver_of(s->stores.data), &facts);
        s->name = arena_printf(c->arena, "%s/%s", s->name, facts.database);
    }
    return CTL_DONE;
}

/* --- the keyring ------------------------------------------------------------------------------ */

/* *ret: what to tell of it. */
static int bring_keyring(struct ctl *c, const struct side *from, const struct side *to,
                         const char **ret)
{
    const char *source = from->folder ? from->folder : c->data;
    *ret = arena_printf(c->arena, "mọi tramd của kho mới phải có đúng bộ khóa ở %s/" STORES_KEYRING,
                        source);
    int done = to->folder ? ctl_keyring_copy(source, to->folder) : CTL_KEYRING_NONE;
    if (done == 0)
        *ret = arena_printf(c->arena, "đã chép bộ khóa sang %s/" STORES_KEYRING, to->folder);
    else if (done == CTL_KEYRING_SAME)
        *ret = arena_printf(c->arena, "%s/" STORES_KEYRING " đã có đúng bộ khóa này", to->folder);
    else if (done == CTL_KEYRING_OTHER)
        return ctl_fail("%s/" STORES_KEYRING " is not the keyring of %s, and opens nothing that is "
                        "sealed there",
                        to->folder, from->name);
    else if (done == CTL_KEYRING_NONE && from->folder && to->folder)
        return ctl_fail("%s has no keyring", source);
    else if (done == CTL_KEYRING_NONE && to->folder)
        return ctl_fail("%s has no keyring: --data names the data folder of the tramd that served "
                        "%s",
                        source, from->name);
    else if (done < 0)
        return ctl_fail_with(STORES_KEYRING, done);
    return CTL_DONE;
}

/* --- telling ---------------------------------------------------------------------------------- */

static int tell(const struct copy_progress *p, void *ctx)
{
    char what[160];
    (void)ctx;
    snprintf(what, sizeof(what), "%zu/%zu %s%s, %lld MB,", p->step, p->steps,
             p->verifying ? "comparing " : "", p->what, (long long)(p->bytes >> 20));
    ctl_progress(what, p->done, p->total, NULL);
    return interrupted ? E_REFUSED : 0;
}

static json_t *sums_json(const struct copy_result *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_sums; i++) {
        const struct copy_sum *s = &r->sums[i];
        char from[BYTES_HEX_TEXT(32)], to[BYTES_HEX_TEXT(32)];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:b}", "store", s->part, "collection",
                      s->collection, "documents", (json_int_t)s->count[0], "copied",
                      (json_int_t)s->count[1], "sha256", bytes_to_hex(s->sha256[0], 32, from),
                      "sha256_copied", bytes_to_hex(s->sha256[1], 32, to), "same", !s->differs));
    }
    return list;
}

static void tell_differences(const struct copy_result *r)
{
    char id[ID_TEXT];
    for (size_t i = 0; i < r->n_sums; i++) {
        const struct copy_sum *s = &r->sums[i];
        if (s->differs)
            ctl_fail("%s: %lld documents, %lld in the copy; the first that differs is %s",
                     s->collection, (long long)s->count[0], (long long)s->count[1],
                     id_format(&s->first, id));
    }
    if (r->blobs_differ > 0)
        ctl_fail("%lld blobs differ or are missing; the first is %s", (long long)r->blobs_differ,
                 r->blob);
    if (r->counters_differ > 0)
        ctl_fail("%lld counters differ; the first is %s", (long long)r->counters_differ,
                 r->counter);
}

struct story {
    const struct side *from, *to;
    const struct copy_result *result;
    const char *words, *keyring; /* keyring may be NULL */
    bool same;
};

static void tell_story(struct ctl *c, const struct story *s)
{
    static const struct ctl_column facts[] = {
        {"Từ", "from"},        {"Đến", "to"},         {"Tài liệu", "documents"},
        {"Tệp", "blobs"},      {"Byte tệp", "bytes"}, {"Bộ đếm", "counters"},
        {"Kết quả", "result"}, {"Khóa", "keyring"},   {0}};
    static const struct ctl_column sums[] = {{"Kho", "store"},
                                             {"Bộ sưu tập", "collection"},
                                             {"Tài liệu", "documents"},
                                             {"SHA-256", "sha256"},
                                             {0}};
    const struct copy_result *r = s->result;
    CLEANUP(json_decrefp)
    json_t *answer = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:b, s:o, s:s*}", "from", s->from->name, "to",
        s->to->name, "documents", (json_int_t)r->documents, "blobs", (json_int_t)r->blobs, "bytes",
        (json_int_t)r->bytes, "counters", (json_int_t)r->counters, "result", s->words, "same",
        s->same, "collections", sums_json(r), "keyring", s->keyring);
    if (!c->json && s->same && ctl_option(c, "--verify"))
        ctl_table(c, json_object_get(answer, "collections"), sums);
    if (c->json || s->same)
        ctl_facts(c, answer, facts);
}

/* An outcome that ended the copy before anything was compared. */
static int tell_refusal(int done, const struct side *from, const struct side *to,
                        const struct copy_result *r)
{
    switch (done) {
    case COPY_FROM_NOTHING:
        return ctl_fail("%s holds nothing", from->name);
    case COPY_FROM_UNFINISHED:
        return ctl_fail("%s is itself a copy that is not finished", from->name);
    case COPY_SERVED:
        return ctl_fail("a tramd serves %s: stop it first", from->name);
    case COPY_TAKEN:
        return ctl_fail("%s is not empty (%s): a province is copied into a new store", to->name,
                        r->at);
    case COPY_OTHER:
        return ctl_fail("%s holds a copy of %s", to->name, r->marker.from);
    default:
        break;
    }
    if (interrupted)
        return ctl_fail("stopped; the same command goes on from here");
    return ctl_fail("%s%s%s; the same command goes on from here", r->at ? r->at : "",
                    r->at ? ": " : "", result_words(done));
}

/* --- the command ------------------------------------------------------------------------------ */

static int finish(struct ctl *c, const struct side *from, const struct side *to,
                  const char *keyring, int done, const struct copy_result *r)
{
    bool only = ctl_option(c, "--verify") != NULL, before = r->marker.finished_ms != 0;
    if (done != 0 && done != COPY_DIFFERS)
        return tell_refusal(done, from, to, r);
    const struct story s = {.from = from,
                            .to = to,
                            .result = r,
                            .same = done == 0,
                            .keyring = keyring,
                            .words = done != 0 ? "hai bên khác nhau"
                                     : only    ? "hai bên như nhau"
                                     : before  ? "đã chép xong từ trước, hai bên như nhau"
                                               : "đã chép xong, hai bên như nhau"};
    tell_story(c, &s);
    if (done == 0)
        return CTL_DONE;
    tell_differences(r);
    if (only)
        return CTL_FAILED;
    return ctl_fail(before ? "the copy was finished before, and one side was changed since"
                           : "one side was changed since the copy was begun: empty %s and begin "
                             "again",
                    to->name);
}

static int copy_between(struct ctl *c, const struct side *from, const struct side *to)
{
    const struct copy_part parts[] = {
        {"data", from->stores.data, to->stores.data},
        {"persons", from->stores.persons, to->stores.persons},
        {"tombstones", from->stores.tombstones, to->stores.tombstones}};
    const struct copy copy = {.parts = parts,
                              .n = ARRAY_LEN(parts),
                              .from = from->name,
                              .watch_ms = WATCH_MS,
                              .tell = tell};
    const struct sigaction action = {.sa_handler = on_signal};
    const char *keyring = NULL;
    struct copy_result r = {0};
    bool only = ctl_option(c, "--verify") != NULL;
    if (!only && bring_keyring(c, from, to, &keyring) != CTL_DONE)
        return CTL_FAILED;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int done = only ? copy_verify(&copy, c->arena, &r) : copy_run(&copy, c->arena, &r);
    ctl_progress_end();
    return finish(c, from, to, keyring, done, &r);
}

int ctl_copy(struct ctl *c)
{
    CLEANUP(side_close) struct side from = {.stores = {.lock_fd = -1}};
    CLEANUP(side_close) struct side to = {.stores = {.lock_fd = -1}};
    int status = side_read(c, "--from", &from);
    if (status == CTL_DONE)
        status = side_read(c, "--to", &to);
    if (status == CTL_DONE && from.folder && strcmp(from.name, to.name) == 0)
        return ctl_fail("%s: a store is not copied into itself", to.name);
    if (status == CTL_DONE)
        status = side_open(c, &from, true);
    if (status == CTL_DONE)
        status = side_open(c, &to, ctl_option(c, "--verify") != NULL);
    if (status == CTL_DONE && strcmp(from.name, to.name) == 0)
        return ctl_fail("%s: a store is not copied into itself", to.name);
    return status == CTL_DONE ? copy_between(c, &from, &to) : status;
}
