#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "handlers/rights/export.h"

#define TELL_MS 1000
#define PAGE 50
#define MANIFEST_MAX ((size_t)32 << 20) /* some 200,000 files */
#define DOCUMENT_MAX ((size_t)4 << 20)  /* of the JSON of a document */
#define PIECE ((size_t)256 * 1024)

/* --- progress -----------------------------------------------------------------------------------
 */

static int tell(struct export_run *run)
{
    run->told_ms = clock_monotonic_ms();
    return export_tell(run->app->store, run->job, run->job->done, run->job->total, clock_now_ms());
}

static bool is_stopped(const struct export_run *run)
{
    return run->stop && __atomic_load_n(run->stop, __ATOMIC_RELAXED);
}

static int tick(struct export_run *run)
{
    if (is_stopped(run))
        return E_UNAVAILABLE;
    return clock_monotonic_ms() - run->told_ms < TELL_MS ? 0 : tell(run);
}

/* --- files --------------------------------------------------------------------------------------
 */

static void list_file(struct export_run *run, const char *name, int64_t n,
                      const uint8_t sum[SHA256_SIZE])
{
    char hex[BYTES_HEX_TEXT(SHA256_SIZE)];
    buf_printf(&run->files, "%s\n    {\"name\": \"%s\", \"bytes\": %lld, \"sha256\": \"%s\"}",
               run->n_files++ ? "," : "", name, (long long)n, bytes_to_hex(sum, SHA256_SIZE, hex));
}

void export_miss(struct export_run *run, const char *name)
{
    buf_printf(&run->missing, "%s\n    \"%s\"", run->n_missing++ ? "," : "", name);
}

int export_put(struct export_run *run, const char *name, const void *bytes, size_t n, bool packed)
{
    uint8_t sum[SHA256_SIZE];
    int done = zip_begin(run->zip, name, (int64_t)n, packed, run->now_ms);
    if (done == 0 && n > 0)
        done = zip_add(run->zip, bytes, n);
    sha256_of(bytes, n, sum);
    if (done == 0)
        list_file(run, name, (int64_t)n, sum);
    return done;
}

/* The first piece is read before the entry is begun, since one that was begun must be whole. What
 * fails behind it fails the run. */
int export_pour(struct export_run *run, const char *name, const struct sealed_reader *from)
{
    CLEANUP(freep) uint8_t *piece = malloc(PIECE);
    struct sha256 h;
    uint8_t sum[SHA256_SIZE];
    size_t n = 0;
    int64_t at = 0;
    if (!piece)
        return E_NOMEM;
    int done = sealed_read(from, 0, piece, PIECE, &n);
    if (done == E_CORRUPT) {
        export_miss(run, name);
        return 0;
    }
    sha256_init(&h);
    if (done == 0)
        done = zip_begin(run->zip, name, from->size, false, run->now_ms);
    while (done == 0 && n > 0) {
        sha256_update(&h, piece, n);
        done = zip_add(run->zip, piece, n);
        at += (int64_t)n;
        if (done == 0)
            done = tick(run);
        if (done == 0)
            done = sealed_read(from, at, piece, PIECE, &n);
    }
    sha256_final(&h, sum);
    bytes_wipe(piece, PIECE);
    if (done == 0 && at != from->size)
        done = E_CORRUPT;
    if (done == 0)
        list_file(run, name, at, sum);
    return done;
}

/* --- kinds --------------------------------------------------------------------------------------
 */

static struct store_condition theirs(const struct exporter *e, struct store_value *owner)
{
    return (struct store_condition){
        .field = e->owner, .op = STORE_EQ, .values = owner, .n_values = 1};
}

static int count(struct export_run *run, const struct exporter *e, struct arena *a)
{
    struct store_value owner = store_id(run->person.id);
    struct store_condition of = theirs(e, &owner);
    struct store_tally_query q = {.conditions = &of, .n_conditions = 1};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    if (!e->owner) {
        run->job->total++;
        return 0;
    }
    int done = store_tally(run->app->store, e->collection, &q, a, &rows, &n);
    for (size_t i = 0; i < n && done == 0; i++)
        run->job->total += rows[i].count;
    return done;
}

/* One document: into a file of its own, or to those that share one. */
static int add_document(struct export_run *run, const struct exporter *e, const bson_t *doc,
                        struct arena *a, struct buf *shared, size_t *n_shared)
{
    CLEANUP(buf_release) struct buf out;
    const char *name = NULL;
    buf_init(&out, DOCUMENT_MAX);
    int done = e->show(run, doc, a, &out, &name);
    run->job->done++;
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    if (out.failed)
        return E_FULL;
    if (name) {
        buf_add_str(&out, "\n");
        return export_put(run, arena_printf(a, "%s/%s", e->folder, name), out.data, out.len, true);
    }
    buf_add_str(shared, (*n_shared)++ ? ",\n" : "[\n");
    buf_add(shared, out.data, out.len);
    return shared->failed ? E_FULL : 0;
}

static int add_page(struct export_run *run, const struct exporter *e, const bson_t **docs,
                    size_t n_docs, size_t page, struct arena *a)
{
    CLEANUP(buf_release) struct buf shared;
    size_t n = 0;
    int done = 0;
    buf_init(&shared, DOCUMENT_MAX * 4);
    for (size_t i = 0; i < n_docs && done == 0; i++) {
        struct arena inner;
        arena_init(&inner);
        done = add_document(run, e, docs[i], &inner, &shared, &n);
        arena_release(&inner);
        if (done == 0)
            done = tick(run);
    }
    if (done != 0 || n == 0)
        return done;
    buf_add_str(&shared, "\n]\n");
    return export_put(run, arena_printf(a, "%s/%s-%04zu.json", e->folder, e->folder, page + 1),
                      shared.data, shared.len, true);
}

static int add_kind(struct export_run *run, const struct exporter *e)
{
    struct store_value owner = store_id(run->person.id);
    struct store_condition of = theirs(e, &owner);
    struct store_query q = {.conditions = &of, .n_conditions = 1, .order = e->order, .limit = PAGE};
    bool more = e->owner != NULL;
    int done = 0;
    struct arena keep; /* of the position */
    arena_init(&keep);
    if (!e->owner)
        done = add_page(run, e, &(const bson_t *){NULL}, 1, 0, &keep);
    for (size_t i = 0; more && done == 0; i++) {
        struct arena a;
        struct store_page page = {0};
        arena_init(&a);
        done = store_scan(run->app->store, e->collection, &q, &a, &page);
        if (done == 0)
            done = add_page(run, e, page.docs, page.n, i, &a);
        more = page.more;
        q.has_after = true;
        q.after = page.next; /* a time and an id: it borrows nothing */
        arena_release(&a);
    }
    arena_release(&keep);
    return done;
}

/* --- what explains it ---------------------------------------------------------------------------
 */

static int add_readme(struct export_run *run)
{
    static const char *const head[] = {
        "DỮ LIỆU CỦA BẠN\n\nTệp này chứa những gì hệ thống lưu về bạn vào thời điểm yêu cầu (Luật "
        "91/2025/QH15 về bảo vệ dữ liệu cá nhân). manifest.json liệt kê từng tệp với mã băm "
        "SHA-256; "
        "tệp JSON mở được bằng trình soạn thảo văn bản. Thời gian ghi theo UTC. Hãy cất giữ cẩn "
        "thận: trong này có thông tin riêng của bạn.\n\nCác thư mục (thư mục không có trong tệp là "
        "không lưu gì):\n",
        "YOUR DATA\n\nThis file holds what the system keeps about you at the time you asked (Law "
        "91/2025/QH15 on the protection of personal data). manifest.json lists each file with its "
        "SHA-256; JSON files open in any text editor. Times are UTC. Keep it safe: it holds what "
        "is "
        "yours alone.\n\nFolders (of one that is not there, nothing is kept):\n"};
    static const char *const level[] = {
        "\nSố định danh và ngày sinh từ định danh điện tử chỉ có khi bạn yêu cầu sau khi đăng nhập "
        "bằng định danh điện tử.\n",
        "\nThe number and the birth date of your e-ID are given only if you ask after signing in "
        "by "
        "e-ID.\n"};
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 64 * 1024);
    for (int language = 0; language < 2; language++) {
        buf_add_str(&out, language ? "\n\n" : "");
        buf_add_str(&out, head[language]);
        for (const struct exporter *e = exporters; e->folder; e++)
            buf_printf(&out, "  %-14s %s\n", e->folder, e->words[language]);
        if (!run->with_eid && run->person.card.n > 0)
            buf_add_str(&out, level[language]);
    }
    return out.failed ? E_FULL : export_put(run, "README.txt", out.data, out.len, true);
}

static int add_manifest(struct export_run *run)
{
    CLEANUP(buf_release) struct buf out = {0};
    char id[ID_TEXT], at[CLOCK_TEXT];
    if (run->files.failed || run->missing.failed)
        return E_FULL;
    buf_init(&out, MANIFEST_MAX + 4096);
    buf_printf(&out, "{\n  \"form\": 1,\n  \"export\": \"%s\",\n", id_format(&run->job->id, id));
    buf_printf(&out, "  \"person\": \"%s\",\n  \"made_at\": \"%s\",\n  \"files\": [",
               id_format(&run->person.id, id), clock_format(run->now_ms, at));
    buf_add(&out, run->files.data ? run->files.data : "", run->files.len);
    buf_add_str(&out, "\n  ],\n  \"unreadable\": [");
    buf_add(&out, run->missing.data ? run->missing.data : "", run->missing.len);
    buf_add_str(&out, run->n_missing ? "\n  ]\n}\n" : "]\n}\n");
    if (out.failed)
        return E_FULL;
    int done = zip_begin(run->zip, "manifest.json", (int64_t)out.len, true, run->now_ms);
    return done == 0 ? zip_add(run->zip, out.data, out.len) : done;
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static int to_blob(void *ctx, const void *bytes, size_t n)
{
    return sealed_write(ctx, bytes, n);
}

/* The blob is named by the job before anything is in it, so that whoever takes over removes it. */
static int begin(struct export_run *run, struct arena *a)
{
    uint8_t key[SEAL_KEY];
    struct entity_bytes sealed;
    const struct seal_about about = {"export.blob", run->job->id};
    int done = export_key_new(&run->app->people, run->job, a, key, &sealed);
    if (done == 0)
        done = sealed_begin(run->app->store, key, &about, &run->out);
    bytes_wipe(key, sizeof(key));
    if (done == 0)
        done = export_writes(run->app->store, run->job, &run->out.blob, &sealed, clock_now_ms());
    return done == 0 ? zip_new(to_blob, &run->out, &run->zip) : done;
}

static int fill(struct export_run *run, struct arena *a)
{
    int done = 0;
    for (const struct exporter *e = exporters; e->folder && done == 0; e++)
        done = count(run, e, a);
    if (done == 0)
        done = tell(run);
    if (done == 0)
        done = add_readme(run);
    for (const struct exporter *e = exporters; e->folder && done == 0; e++)
        done = add_kind(run, e);
    if (done == 0)
        done = add_manifest(run);
    if (done == 0)
        done = zip_end(run->zip);
    return done == 0 ? sealed_end(&run->out) : done;
}

static int tell_ready(struct export_run *run)
{
    const struct id_part part = {run->job->id.bytes, 16};
    const struct push_account_notice notice = {
        .id = id_v8("export.ready", &part, 1),
        .recipient = run->job->owner,
        .what = "export_ready",
        .text_vi = "Bản sao dữ liệu của bạn đã sẵn sàng để tải về, giữ trong 7 ngày.",
        .text_en = "The copy of your data is ready to be fetched; it is kept for 7 days.",
    };
    return push_account(run->app->push, &notice, clock_now_ms());
}

static int finish(struct export_run *run)
{
    struct app *app = run->app;
    run->job->done = run->job->total;
    int done = export_finish(app->store, run->job, run->out.size, app->rights.export_keep_ms,
                             clock_now_ms());
    return done == 0 ? tell_ready(run) : done;
}

int export_make(struct app *app, struct export *job, const bool *stop)
{
    struct arena a;
    struct export_run run = {.app = app,
                             .job = job,
                             .stop = stop,
                             .with_eid = job->level >= LEVEL_ONE,
                             .now_ms = clock_now_ms(),
                             .told_ms = clock_monotonic_ms()};
    arena_init(&a);
    buf_init(&run.files, MANIFEST_MAX);
    buf_init(&run.missing, MANIFEST_MAX);
    int done = person_read(&app->people, &job->owner, &a, &run.person);
    if (done == 0)
        done = begin(&run, &a);
    if (done == 0)
        done = fill(&run, &a);
    zip_free(run.zip);
    if (done == 0)
        done = finish(&run);
    else if (!id_is_nil(&run.out.blob))
        store_blob_remove(app->store, &run.out.blob);
    if (done < 0 || done == STORE_ABSENT || done == PERSON_ERASED)
        export_give_back(app->store, job, !is_stopped(&run), clock_now_ms());
    sealed_writer_release(&run.out);
    buf_release(&run.files);
    buf_release(&run.missing);
    arena_release(&a);
    return done;
}
