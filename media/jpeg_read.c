#include <string.h>

#include "media/jpeg.h"
#include "media/jpeg_error.h"

/* Encoders write about 10; each of a hostile file's thousands costs a pass over all coefficients
 * (the libjpeg-turbo project's "Two Issues with the JPEG Standard"). */
#define SCANS_MAX 64
#define BYTES_A_PIXEL 4

struct reader {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_trap trap;
    struct jpeg_progress_mgr progress;
    gdImagePtr image;
};

static void limit_scans(j_common_ptr cinfo)
{
    if (((j_decompress_ptr)cinfo)->input_scan_number > SCANS_MAX)
        jpeg_trap_spring(cinfo, MEDIA_FAULT_TOO_COMPLEX);
}

static bool is_as_sniffed(const struct jpeg_decompress_struct *cinfo, const struct sniff *s)
{
    return cinfo->image_width == s->width && cinfo->image_height == s->height &&
           cinfo->num_components == s->components;
}

static void choose_scale(struct jpeg_decompress_struct *cinfo, uint32_t side_min)
{
    uint32_t longest =
        cinfo->image_width > cinfo->image_height ? cinfo->image_width : cinfo->image_height;

    cinfo->scale_denom = 8;
    cinfo->scale_num = 1;
    while (cinfo->scale_num < 8 && (uint64_t)longest * cinfo->scale_num < (uint64_t)side_min * 8)
        cinfo->scale_num++;
}

/* libjpeg leaves the fourth byte undefined; to libgd it is the alpha. */
static void clear_alpha(int *row, JDIMENSION width)
{
    for (JDIMENSION x = 0; x < width; x++)
        row[x] &= 0xFFFFFF;
}

/* In place. Adobe's programs store the inks inverted and say so by their marker. */
static void ink_to_light(int *row, JDIMENSION width, bool inverted)
{
    for (JDIMENSION x = 0; x < width; x++) {
        uint8_t ink[BYTES_A_PIXEL];
        memcpy(ink, &row[x], sizeof ink);
        for (int i = 0; !inverted && i < BYTES_A_PIXEL; i++)
            ink[i] = (uint8_t)(255 - ink[i]);
        int black = ink[3];
        row[x] = gdTrueColor(ink[0] * black / 255, ink[1] * black / 255, ink[2] * black / 255);
    }
}

/* Everything that may jump. */
static void decode(struct reader *r, const uint8_t *bytes, const struct sniff *s, uint32_t side_min)
{
    struct jpeg_decompress_struct *cinfo = &r->cinfo;

    jpeg_create_decompress(cinfo);
    cinfo->progress = &r->progress;
    jpeg_mem_src(cinfo, bytes, s->sound_n);
    jpeg_read_header(cinfo, TRUE);
    if (!is_as_sniffed(cinfo, s))
        jpeg_trap_spring((j_common_ptr)cinfo, MEDIA_FAULT_DAMAGED);
    choose_scale(cinfo, side_min);
    cinfo->out_color_space = s->cmyk ? JCS_CMYK : JCS_EXT_BGRX;
    jpeg_start_decompress(cinfo);
    r->image = gdImageCreateTrueColor((int)cinfo->output_width, (int)cinfo->output_height);
    if (!r->image)
        jpeg_trap_spring((j_common_ptr)cinfo, MEDIA_FAULT_TOO_COMPLEX);
    while (cinfo->output_scanline < cinfo->output_height) {
        int *row = r->image->tpixels[cinfo->output_scanline];
        JSAMPROW target = (JSAMPROW)row;
        jpeg_read_scanlines(cinfo, &target, 1);
        if (s->cmyk)
            ink_to_light(row, cinfo->output_width, cinfo->saw_Adobe_marker);
        else
            clear_alpha(row, cinfo->output_width);
    }
    jpeg_finish_decompress(cinfo);
}

enum media_fault jpeg_read(const uint8_t *bytes, const struct sniff *sniffed, uint32_t side_min,
                           gdImagePtr *ret)
{
    struct reader r = {.progress.progress_monitor = limit_scans};

    r.cinfo.err = jpeg_trap_init(&r.trap);
    if (setjmp(r.trap.escape) == 0)
        decode(&r, bytes, sniffed, side_min);
    jpeg_destroy_decompress(&r.cinfo);
    if (r.trap.fault != MEDIA_FAULT_NONE) {
        if (r.image)
            gdImageDestroy(r.image);
        return r.trap.fault;
    }
    *ret = r.image;
    return MEDIA_FAULT_NONE;
}
