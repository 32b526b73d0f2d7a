#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/jpeg.h"
#include "media/jpeg_error.h"

struct writer {
    struct jpeg_compress_struct cinfo;
    struct jpeg_trap trap;
    unsigned char *bytes; /* libjpeg's, by malloc */
    unsigned long n;
};

/* Everything that may jump. */
static void encode(struct writer *w, gdImagePtr image, uint32_t quality)
{
    struct jpeg_compress_struct *cinfo = &w->cinfo;

    jpeg_create_compress(cinfo);
    jpeg_mem_dest(cinfo, &w->bytes, &w->n);
    cinfo->image_width = (JDIMENSION)gdImageSX(image);
    cinfo->image_height = (JDIMENSION)gdImageSY(image);
    cinfo->input_components = 4;
    cinfo->in_color_space = JCS_EXT_BGRX;
    jpeg_set_defaults(cinfo);
    jpeg_set_quality(cinfo, (int)quality, TRUE);
    jpeg_start_compress(cinfo, TRUE);
    while (cinfo->next_scanline < cinfo->image_height) {
        JSAMPROW row = (JSAMPROW)image->tpixels[cinfo->next_scanline];
        jpeg_write_scanlines(cinfo, &row, 1);
    }
    jpeg_finish_compress(cinfo);
}

int jpeg_write(gdImagePtr image, uint32_t quality, struct media_rendition *ret)
{
    struct writer w = {0};

    w.cinfo.err = jpeg_trap_init(&w.trap);
    if (setjmp(w.trap.escape) == 0)
        encode(&w, image, quality);
    jpeg_destroy_compress(&w.cinfo);
    CLEANUP(freep) unsigned char *bytes = w.bytes;
    if (w.trap.fault != MEDIA_FAULT_NONE)
        return E_NOMEM;
    if (w.n > MEDIA_RENDITION_BYTES_MAX)
        return E_FULL;
    *ret = (struct media_rendition){
        .bytes = STEAL(bytes),
        .n = w.n,
        .width = (uint32_t)gdImageSX(image),
        .height = (uint32_t)gdImageSY(image),
    };
    return 0;
}
