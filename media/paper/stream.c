#include <string.h>
#include <zlib.h>

#include "media/paper/inspect_private.h"

#define FILTERS_MAX 8

/* Filters that make much of little; the short names are those of inline images. */
static const char *const packers[] = {"/FlateDecode",     "/Fl", "/LZWDecode", "/LZW",
                                      "/RunLengthDecode", "/RL"};

enum packing {
    PACKING_NONE,
    PACKING_FLATE, /* deflated, and nothing was done to it after */
    PACKING_OTHER,
    PACKING_TWICE,
};

/* Does the name pack; *flate if it is a deflated one. */
static bool packs(const char *filter, bool *flate)
{
    for (size_t i = 0; i < ARRAY_LEN(packers); i++) {
        if (strcmp(filter, packers[i]) == 0) {
            *flate = i < 2;
            return true;
        }
    }
    return false;
}

static enum packing packing_of(qpdf_data q, qpdf_oh dictionary)
{
    qpdf_oh filter = qpdf_oh_get_key(q, dictionary, "/Filter");
    bool list = qpdf_oh_is_array(q, filter), flate = false;
    int n = list ? qpdf_oh_get_array_n_items(q, filter) : qpdf_oh_is_name(q, filter) ? 1 : 0;
    enum packing packing = n > FILTERS_MAX ? PACKING_TWICE : PACKING_NONE;

    for (int i = 0; i < n && packing != PACKING_TWICE; i++) {
        qpdf_oh name = list ? qpdf_oh_get_array_item(q, filter, i) : filter;
        if (qpdf_oh_is_name(q, name) && packs(qpdf_oh_get_name(q, name), &flate))
            packing = packing != PACKING_NONE ? PACKING_TWICE
                      : i == 0 && flate       ? PACKING_FLATE
                                              : PACKING_OTHER;
        if (list)
            qpdf_oh_release(q, name);
    }
    qpdf_oh_release(q, filter);
    return packing;
}

/* Adds how much the bytes unpack to, and stops once it is too much. Bytes that are not deflated
 * soundly count as far as they are. */
static void unfold(struct inspecting *in, unsigned char *bytes, size_t n)
{
    static unsigned char sink[64 * 1024];
    z_stream z = {.next_in = bytes, .avail_in = (uInt)n};
    int done = inflateInit(&z);

    while (done == Z_OK && in->unfolded <= in->limits->unfold_max) {
        z.next_out = sink;
        z.avail_out = sizeof(sink);
        done = inflate(&z, Z_NO_FLUSH);
        in->unfolded += sizeof(sink) - z.avail_out;
    }
    inflateEnd(&z);
}

/* A picture as large as the largest scan and more is nothing that a reader could show. */
static bool picture_is_sound(struct inspecting *in, qpdf_oh dictionary)
{
    qpdf_oh subtype = qpdf_oh_get_key(in->q, dictionary, "/Subtype");
    qpdf_oh width = qpdf_oh_get_key(in->q, dictionary, "/Width");
    qpdf_oh height = qpdf_oh_get_key(in->q, dictionary, "/Height");
    double w = 0, h = 0;
    bool sound = !qpdf_oh_is_name_and_equals(in->q, subtype, "/Image") ||
                 !qpdf_oh_get_value_as_number(in->q, width, &w) ||
                 !qpdf_oh_get_value_as_number(in->q, height, &h) ||
                 (w >= 0 && h >= 0 && w * h <= 2.0 * (double)in->limits->pixels_max);

    qpdf_oh_release(in->q, subtype);
    qpdf_oh_release(in->q, width);
    qpdf_oh_release(in->q, height);
    return sound;
}

enum media_fault inspect_stream(struct inspecting *in, qpdf_oh stream, qpdf_oh dictionary)
{
    CLEANUP(freep) unsigned char *bytes = NULL;
    size_t n = 0;

    if (qpdf_oh_has_key(in->q, dictionary, "/F"))
        return MEDIA_FAULT_FILES_INSIDE;
    if (!picture_is_sound(in, dictionary))
        return MEDIA_FAULT_TOO_MANY_PIXELS;
    enum packing packing = packing_of(in->q, dictionary);
    if (packing == PACKING_TWICE)
        return MEDIA_FAULT_TOO_COMPLEX;
    enum qpdf_stream_decode_level_e level =
        packing == PACKING_OTHER ? qpdf_dl_generalized : qpdf_dl_none;
    if (qpdf_oh_get_stream_data(in->q, stream, level, NULL, &bytes, &n) & QPDF_ERRORS)
        return MEDIA_FAULT_NONE; /* told by what qpdf remembers of it */
    in->packed += n;
    /* Streams that lie in one another can be as many as there is room for their names. */
    if (packing != PACKING_OTHER && in->packed > 2 * in->file_n)
        return MEDIA_FAULT_DAMAGED;
    if (packing == PACKING_OTHER)
        in->unfolded += n;
    else if (packing == PACKING_FLATE)
        unfold(in, bytes, n);
    return in->unfolded > in->limits->unfold_max ? MEDIA_FAULT_TOO_COMPLEX : MEDIA_FAULT_NONE;
}
