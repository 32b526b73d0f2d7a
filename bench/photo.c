/*
 * One 12-megapixel photo to renditions of 1280 and 320 px: by the pool (a process with its sandbox
 * already there, as in tramd), and by vipsthumbnail (libvips-tools), which is started anew each
 * time and makes the 1280 one only, then both. In turn, on the same machine, ROUNDS times. Prints
 * one line of JSON: milliseconds as [least, median, most].
 */
#include <gd.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/pool.h"

#define WIDTH 4000
#define HEIGHT 3000
#define ROUNDS 9

/* Soft shapes, edges and the noise of a sensor. */
static gdImagePtr make_photo(void)
{
    gdImagePtr image = gdImageCreateTrueColor(WIDTH, HEIGHT);
    uint32_t noise = 1;

    for (int y = 0; image && y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            noise = noise * 1664525 + 1013904223;
            int grain = (int)(noise >> 27) - 16;
            int edge = ((x / 97) ^ (y / 61)) & 1 ? 30 : 0;
            int grey = (int)(110 + 60 * sin(x / 211.0) * cos(y / 173.0)) + edge + grain;
            image->tpixels[y][x] = gdTrueColor(grey, grey * 7 / 8, grey * 3 / 4);
        }
    }
    return image;
}

static double run_ms(const char *command)
{
    uint64_t from = clock_monotonic_ns();
    int status = system(command);

    if (status != 0) {
        fprintf(stderr, "failed: %s\n", command);
        exit(1);
    }
    return (double)(clock_monotonic_ns() - from) / 1e6;
}

static double decode_ms(struct media_pool *pool, const void *bytes, size_t n)
{
    struct media_result result;
    uint64_t from = clock_monotonic_ns();

    if (media_decode(pool, &(struct media_input){.fd = -1, .bytes = bytes, .n = n}, &result) != 0) {
        fprintf(stderr, "not decoded: %s\n", media_fault_words(result.fault)->slug);
        exit(1);
    }
    double ms = (double)(clock_monotonic_ns() - from) / 1e6;
    media_result_release(&result);
    return ms;
}

static int ascending(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static void tell(const char *name, double ms[ROUNDS])
{
    qsort(ms, ROUNDS, sizeof(*ms), ascending);
    printf("\"%s\":[%.1f,%.1f,%.1f],", name, ms[0], ms[ROUNDS / 2], ms[ROUNDS - 1]);
}

static long peak_kb(pid_t pid)
{
    char path[64], line[128];
    long kb = 0;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    }
    if (f)
        fclose(f);
    return kb;
}

int main(void)
{
    char folder[] = "/tmp/tram-photo-XXXXXX", one[256], both[512], clean[64];
    struct media_pool_options options = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *pool;
    double ours[ROUNDS], vips[ROUNDS], vips_both[ROUNDS];
    pid_t pid = 0;
    int n;

    gdImagePtr photo = make_photo();
    void *bytes = photo ? gdImageJpegPtr(photo, &n, 92) : NULL;
    options.decoder_path = TRAM_DECODER_BUILT;
    options.decoders = 1;
    if (!bytes || !mkdtemp(folder) || chdir(folder) != 0 || media_pool_new(&options, &pool) != 0) {
        fprintf(stderr, "cannot start\n");
        return 1;
    }
    gdImageDestroy(photo);
    FILE *f = fopen("photo.jpg", "wb");
    if (!f || fwrite(bytes, 1, (size_t)n, f) != (size_t)n || fclose(f) != 0)
        return 1;
    snprintf(one, sizeof one, "vipsthumbnail photo.jpg -s 1280x1280 -o large.jpg[Q=82,strip]");
    snprintf(both, sizeof both, "%s && vipsthumbnail large.jpg -s 320x320 -o small.jpg[Q=82,strip]",
             one);
    for (int i = 0; i < ROUNDS; i++) {
        ours[i] = decode_ms(pool, bytes, (size_t)n);
        vips[i] = run_ms(one);
        vips_both[i] = run_ms(both);
    }
    struct rusage children;
    getrusage(RUSAGE_CHILDREN, &children);
    media_pool_pids(pool, &pid, 1);
    printf("{\"megapixels\":%.1f,\"megabytes\":%.1f,", WIDTH * HEIGHT / 1e6, n / 1e6);
    tell("ours", ours);
    tell("vips_one", vips);
    tell("vips_both", vips_both);
    printf("\"peak_mb\":%.1f,\"vips_peak_mb\":%.1f}\n", (double)peak_kb(pid) / 1024,
           (double)children.ru_maxrss / 1024);
    media_pool_free(pool);
    gdFree(bytes);
    snprintf(clean, sizeof clean, "rm -r '%s'", folder);
    return system(clean) == 0 ? 0 : 1;
}
