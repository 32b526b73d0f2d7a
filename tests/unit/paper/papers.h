/* PDFs made for the tests, by hand: whoever makes a bad one needs a maker that lets them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

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

#define OBJECTS_ROOM 20000

struct maker {
    FILE *out;
    char *bytes;
    size_t n;
    long at[OBJECTS_ROOM]; /* where each object begins; 0: there is none */
    int top;               /* highest number so far */
};

static inline struct maker *maker_new(void)
{
    struct maker *m = calloc(1, sizeof(*m));
    m->out = open_memstream(&m->bytes, &m->n);
    fputs("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", m->out);
    return m;
}

static inline void object_begin(struct maker *m, int number)
{
    m->at[number] = ftell(m->out);
    m->top = number > m->top ? number : m->top;
    fprintf(m->out, "%d 0 obj\n", number);
}

static inline void object(struct maker *m, int number, const char *text)
{
    object_begin(m, number);
    fprintf(m->out, "%s\nendobj\n", text);
}

/* `entries` go into the stream's dictionary. */
static inline void stream(struct maker *m, int number, const char *entries, const void *bytes,
                          size_t n)
{
    object_begin(m, number);
    fprintf(m->out, "<< %s /Length %zu >>\nstream\n", entries, n);
    fwrite(bytes, 1, n, m->out);
    fputs("\nendstream\nendobj\n", m->out);
}

/* The cross-reference from object `first` on, and the trailer; `previous` < 0: there is none.
 * Returns where it begins. */
static inline long ending(struct maker *m, int first, long previous, const char *trailer)
{
    long at = ftell(m->out);
    fprintf(m->out, "xref\n");
    if (first == 0)
        fprintf(m->out, "0 1\n0000000000 65535 f \n");
    for (int i = first > 0 ? first : 1; i <= m->top; i++) {
        if (m->at[i] > 0)
            fprintf(m->out, "%d 1\n%010ld 00000 n \n", i, m->at[i]);
    }
    fprintf(m->out, "trailer\n<< /Size %d /Root 1 0 R %s", m->top + 1, trailer);
    if (previous >= 0)
        fprintf(m->out, " /Prev %ld", previous);
    fprintf(m->out, " >>\nstartxref\n%ld\n%%%%EOF\n", at);
    return at;
}

static inline struct bytes maker_end(struct maker *m)
{
    fclose(m->out);
    struct bytes made = {(uint8_t *)m->bytes, m->n};
    free(m);
    return made;
}

/* Red above, blue below, a white margin. */
#define TWO_COLOURS "1 0 0 rg 20 421 555 400 re f 0 0 1 rg 20 20 555 400 re f\n"

/*
 * Objects 1 catalogue, 2 pages, 3 … pages of A4, then one content for all; the next free number is
 * returned. `catalogue` and `page` are more entries of theirs; the trailer is still to be written.
 */
static inline int put_pages(struct maker *m, int pages, const char *catalogue, const char *page)
{
    object_begin(m, 1);
    fprintf(m->out, "<< /Type /Catalog /Pages 2 0 R %s >>\nendobj\n", catalogue);
    object_begin(m, 2);
    fprintf(m->out, "<< /Type /Pages /MediaBox [0 0 595 842] /Count %d /Kids [", pages);
    for (int i = 0; i < pages; i++)
        fprintf(m->out, " %d 0 R", 3 + i);
    fputs(" ] >>\nendobj\n", m->out);
    for (int i = 0; i < pages; i++) {
        object_begin(m, 3 + i);
        fprintf(m->out,
                "<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << >> %s >>\nendobj\n",
                3 + pages, page);
    }
    stream(m, 3 + pages, "", TWO_COLOURS, strlen(TWO_COLOURS));
    return 4 + pages;
}

/* The whole file; `more` is object 4 + pages if it is not NULL. */
static inline struct bytes paper(int pages, const char *catalogue, const char *page,
                                 const char *more)
{
    struct maker *m = maker_new();
    int free_number = put_pages(m, pages, catalogue, page);
    if (more)
        object(m, free_number, more);
    ending(m, 0, -1, "");
    return maker_end(m);
}

static inline struct bytes deflated(const void *bytes, size_t n)
{
    uLongf room = compressBound(n);
    struct bytes made = {malloc(room), 0};
    compress2(made.at, &room, bytes, n, 9);
    made.n = room;
    return made;
}

/* n zeros, deflated: a thousandth. */
static inline struct bytes bomb(size_t n)
{
    CLEANUP(freep) void *zeros = calloc(1, n);
    return deflated(zeros, n);
}

static inline struct bytes joined(const void *one, size_t one_n, const void *two, size_t two_n)
{
    struct bytes made = {malloc(one_n + two_n + 1), one_n + two_n};
    memcpy(made.at, one, one_n);
    memcpy(made.at + one_n, two, two_n);
    return made;
}
