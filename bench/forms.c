/*
 * Receipts (form 01) as PDF: by the pool, its makers in their sandbox as in tramd and two callers
 * for each; and by tram-forms started anew each time. SECONDS each. Prints one line of JSON.
 */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "media/pool.h"

#define SECONDS 4
#define CALLERS 4
#define MAKERS 2
#define TIMES_MAX 100000
#define FONTS "/usr/share/fonts/truetype/noto"

struct caller {
    pthread_t thread;
    struct media_pool *pool;
    const char *sheet;
    uint64_t until_ns;
    double *ms;
    size_t n, bytes;
};

static json_t *line(const char *label, const char *text)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "kind", "line", "key", "line", "label", label, "text",
                     text);
}

static char *receipt(void)
{
    json_t *blocks = json_pack(
        "[o,o,o,o,o,o,o,o]", line("Mã hồ sơ", "H12.32025-261128-0003"),
        line("Tiếp nhận hồ sơ của", "Công Tằng Tôn Nữ Ngọc Huỳnh Hoa Quỳnh Phượng Uyển"),
        line("Nội dung yêu cầu giải quyết", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân"),
        line("Cơ quan giải quyết", "Ủy ban nhân dân phường Tân Thành"),
        line("Thời gian nhận hồ sơ", "09 giờ 30 phút, ngày 28 tháng 11 năm 2026"),
        line("Thời gian trả kết quả giải quyết hồ sơ", "17 giờ 00 phút, ngày 03 tháng 12 năm 2026"),
        line("Phí, lệ phí phải nộp", "15.000 đồng"),
        line("Đăng ký nhận kết quả tại", "Địa chỉ của người nộp, qua dịch vụ bưu chính"));
    json_t *sheet = json_pack(
        "{s:[s,s], s:[s,s], s:s, s:s, s:s, s:o, s:[{s:s,s:s,s:s},{s:s,s:s,s:s}], s:{s:s, s:[s,s]}}",
        "issuer", "Ủy ban nhân dân phường Tân Thành", "Trung tâm Phục vụ hành chính công", "nation",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "number",
        "Số: H12.32025-261128-0003/TNHS", "dated", "Tân Thành, ngày 28 tháng 11 năm 2026", "title",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "blocks", blocks, "signers", "title",
        "NGƯỜI NỘP HỒ SƠ", "note", "(Ký và ghi rõ họ tên)", "name", "Nguyễn Thị Bưởi", "title",
        "NGƯỜI TIẾP NHẬN HỒ SƠ", "note", "(Ký và ghi rõ họ tên)", "name", "Trần Quốc Huy", "qr",
        "text", "https://tram.example/v1/public/dossiers/H12.32025-261128-0003?check=5VGC65",
        "words", "Tra cứu tình trạng hồ sơ", "Mã kiểm tra: 5VGC65");
    char *text = json_dumps(sheet, JSON_COMPACT);
    json_decref(sheet);
    return text;
}

static void *call(void *arg)
{
    struct caller *c = arg;
    const struct media_input input = {.fd = -1, .bytes = c->sheet, .n = strlen(c->sheet)};
    while (clock_monotonic_ns() < c->until_ns && c->n < TIMES_MAX) {
        struct media_result made;
        uint64_t from = clock_monotonic_ns();
        if (media_decode(c->pool, &input, &made) != 0) {
            fprintf(stderr, "not made: %s\n", media_fault_words(made.fault)->slug);
            exit(1);
        }
        c->ms[c->n++] = (double)(clock_monotonic_ns() - from) / 1e6;
        c->bytes = made.large.n;
        media_result_release(&made);
    }
    return NULL;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* A process for each, as a shell would. */
static double anew(const char *sheet)
{
    char command[4096];
    FILE *file = fopen("bench-sheet.json", "w");
    size_t n = 0;
    if (!file || fputs(sheet, file) < 0 || fclose(file) != 0)
        exit(1);
    snprintf(command, sizeof(command), "'%s' --print %s < bench-sheet.json > bench-sheet.pdf",
             TRAM_FORMS_BUILT, FONTS);
    uint64_t from = clock_monotonic_ns(), until = from + UINT64_C(1000000000) * SECONDS;
    for (; clock_monotonic_ns() < until; n++) {
        if (system(command) != 0)
            exit(1);
    }
    double seconds = (double)(clock_monotonic_ns() - from) / 1e9;
    remove("bench-sheet.json");
    remove("bench-sheet.pdf");
    return (double)n / seconds;
}

int main(void)
{
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *pool;
    static double all[CALLERS * TIMES_MAX];
    struct caller callers[CALLERS];
    char *sheet = receipt();
    size_t n = 0;

    o.decoder_path = TRAM_FORMS_BUILT;
    o.argument = FONTS;
    o.decoders = MAKERS;
    o.jobs_each = 1024;
    o.limits.makes = MEDIA_MAKES_PDF;
    if (media_pool_new(&o, &pool) != 0) {
        fprintf(stderr, "%s does not start\n", TRAM_FORMS_BUILT);
        return 1;
    }
    uint64_t from = clock_monotonic_ns(), until = from + UINT64_C(1000000000) * SECONDS;
    for (size_t i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){
            .pool = pool, .sheet = sheet, .until_ns = until, .ms = all + i * TIMES_MAX};
        pthread_create(&callers[i].thread, NULL, call, &callers[i]);
    }
    for (size_t i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        memmove(all + n, callers[i].ms, callers[i].n * sizeof(*all));
        n += callers[i].n;
    }
    double seconds = (double)(clock_monotonic_ns() - from) / 1e9;
    qsort(all, n, sizeof(*all), by_size);
    media_pool_free(pool);
    printf("{\"rate\": %.1f, \"p50\": %.2f, \"p99\": %.2f, \"bytes\": %zu, "
           "\"anew\": %.1f}\n",
           (double)n / seconds, all[n / 2], all[n * 99 / 100], callers[0].bytes, anew(sheet));
    free(sheet);
    return 0;
}
