/* Pictures made for the tests. Every byte string is malloc'ed and the caller's. */
#pragma once

#include <gd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "media/media.h"

struct bytes {
    uint8_t *at;
    size_t n;
};

static const struct media_limits limits = MEDIA_LIMITS_DEFAULT;

static inline void bytes_release(struct bytes *b)
{
    free(b->at);
    *b = (struct bytes){0};
}

static inline uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Copies what libgd made, so that free() fits. */
static inline struct bytes bytes_of_gd(void *made, int n)
{
    struct bytes b = {malloc((size_t)n), (size_t)n};
    memcpy(b.at, made, b.n);
    gdFree(made);
    return b;
}

/* Red top left, green top right, blue bottom left, white bottom right, with some noise. */
static inline gdImagePtr four_corners(int width, int height)
{
    static const int colours[2][2] = {{0xE01010, 0x10C010}, {0x1010E0, 0xF0F0F0}};
    gdImagePtr image = gdImageCreateTrueColor(width, height);
    uint32_t seed = 7;

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++)
            image->tpixels[y][x] =
                colours[y >= height / 2][x >= width / 2] | (int)(random_next(&seed) & 0x0F0F0F);
    }
    return image;
}

static inline struct bytes as_jpeg(gdImagePtr image, bool progressive)
{
    int n;
    gdImageInterlace(image, progressive);
    void *made = gdImageJpegPtr(image, &n, 90);
    gdImageDestroy(image);
    return bytes_of_gd(made, n);
}

static inline struct bytes as_png(gdImagePtr image)
{
    int n;
    void *made = gdImagePngPtr(image, &n);
    gdImageDestroy(image);
    return bytes_of_gd(made, n);
}

/* `part` put into `b` at `at`. */
static inline void bytes_insert(struct bytes *b, size_t at, const void *part, size_t n)
{
    b->at = realloc(b->at, b->n + n);
    memmove(b->at + at + n, b->at + at, b->n - at);
    memcpy(b->at + at, part, n);
    b->n += n;
}

static inline void put16(uint8_t **p, unsigned v)
{
    *(*p)++ = (uint8_t)(v >> 8);
    *(*p)++ = (uint8_t)v;
}

static inline void put32(uint8_t **p, unsigned v)
{
    put16(p, v >> 16);
    put16(p, v & 0xFFFF);
}

static inline void put_entry(uint8_t **p, unsigned tag, unsigned format, unsigned count,
                             unsigned value)
{
    put16(p, tag);
    put16(p, format);
    put32(p, count);
    put32(p, value);
}

#define EXIF_TEXT "SECRET-CAMERA-07"
#define EXIF_LAT (12 + 14 / 60.0 + 20.5 / 3600)
#define EXIF_LON (109 + 11 / 60.0 + 30.25 / 3600)

/*
 * A big-endian TIFF made by hand: IFD0 {make, orientation, Exif, GPS}, Exif {taken, offset},
 * GPS {12°14'20.5" N or S, 109°11'30.25" E}. Returns its length.
 */
static inline size_t make_tiff(uint8_t out[512], unsigned orientation, const char *offset,
                               char hemisphere)
{
    enum { MAKE = 100, EXIF = 120, TAKEN = 160, OFFSET = 180, GPS = 200, LAT = 260, LON = 290 };
    uint8_t *p = out;
    memset(out, 0, 512);
    memcpy(p, "MM\0*", 4), p += 4;
    put32(&p, 8);
    put16(&p, 4);
    put_entry(&p, 0x010F, 2, sizeof EXIF_TEXT, MAKE);
    put_entry(&p, 0x0112, 3, 1, orientation << 16);
    put_entry(&p, 0x8769, 4, 1, EXIF);
    put_entry(&p, 0x8825, 4, 1, GPS);
    memcpy(out + MAKE, EXIF_TEXT, sizeof EXIF_TEXT);
    p = out + EXIF;
    put16(&p, 2);
    put_entry(&p, 0x9003, 2, 20, TAKEN);
    put_entry(&p, 0x9011, 2, 7, OFFSET);
    memcpy(out + TAKEN, "2026:11:24 13:55:30", 20);
    memcpy(out + OFFSET, offset, 7);
    p = out + GPS;
    put16(&p, 4);
    put_entry(&p, 1, 2, 2, (unsigned)hemisphere << 24);
    put_entry(&p, 2, 5, 3, LAT);
    put_entry(&p, 3, 2, 2, (unsigned)'E' << 24);
    put_entry(&p, 4, 5, 3, LON);
    static const unsigned parts[2][6] = {{12, 1, 14, 1, 2050, 100}, {109, 1, 11, 1, 3025, 100}};
    for (int i = 0; i < 2; i++) {
        p = out + (i ? LON : LAT);
        for (int k = 0; k < 6; k++)
            put32(&p, parts[i][k]);
    }
    return LON + 24;
}

/* As a camera writes it: APP1 directly behind SOI. */
static inline void add_exif(struct bytes *jpeg, unsigned orientation, const char *offset,
                            char hemisphere)
{
    uint8_t segment[10 + 512] = {0xFF, 0xE1, 0, 0, 'E', 'x', 'i', 'f', 0, 0};
    size_t n = make_tiff(segment + 10, orientation, offset, hemisphere);
    segment[2] = (uint8_t)((n + 8) >> 8);
    segment[3] = (uint8_t)(n + 8);
    bytes_insert(jpeg, 2, segment, n + 10);
}

/* A PNG that says it is so large and holds nothing. */
static inline struct bytes png_bomb(uint32_t width, uint32_t height)
{
    static const uint8_t tail[] = {0, 0, 0, 0, 'I', 'D', 'A', 'T', 0, 0, 0, 0,
                                   0, 0, 0, 0, 'I', 'E', 'N', 'D', 0, 0, 0, 0};
    struct bytes b = {calloc(1, 128), 0};
    uint8_t *p = b.at;
    memcpy(p, "\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16), p += 16;
    put32(&p, width);
    put32(&p, height);
    memcpy(p, "\x08\x06\0\0\0\0\0\0\0", 9), p += 9;
    memcpy(p, tail, sizeof tail), p += sizeof tail;
    b.n = (size_t)(p - b.at);
    return b;
}

/* Rewrites the size in a JPEG's frame header. */
static inline void jpeg_claim_size(struct bytes *jpeg, unsigned width, unsigned height)
{
    for (size_t i = 2; i + 9 < jpeg->n; i++) {
        if (jpeg->at[i] == 0xFF && (jpeg->at[i + 1] == 0xC0 || jpeg->at[i + 1] == 0xC2)) {
            uint8_t *p = jpeg->at + i + 5;
            put16(&p, height);
            put16(&p, width);
            return;
        }
    }
    abort();
}

static inline bool bytes_hold(const uint8_t *at, size_t n, const char *text)
{
    return memmem(at, n, text, strlen(text)) != NULL;
}
