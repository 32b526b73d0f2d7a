#include "media/paper/draw.h"

#include <cairo.h>
#include <math.h>
#include <poppler.h>

#include "media/render.h"

CLEANUP_PTR(cairo_surface_t, cairo_surface_destroy)
CLEANUP_PTR(cairo_t, cairo_destroy)
CLEANUP_PTR(GBytes, g_bytes_unref)

static void document_unrefp(PopplerDocument **document)
{
    g_clear_object(document);
}

static void page_unrefp(PopplerPage **page)
{
    g_clear_object(page);
}

/* Cairo's RGB24 is gd's truecolour but for the byte that neither looks at. */
static gdImagePtr to_image(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *rows = cairo_image_surface_get_data(surface);
    gdImagePtr image = rows ? gdImageCreateTrueColor(width, height) : NULL;

    for (int y = 0; image && y < height; y++) {
        const uint32_t *row = (const void *)(rows + (size_t)y * (size_t)stride);
        for (int x = 0; x < width; x++)
            image->tpixels[y][x] = (int)(row[x] & 0xffffff);
    }
    return image;
}

static int pixels(double points, double scale)
{
    double n = floor(points * scale + 0.5);
    return n < 1 ? 1 : (int)n;
}

static enum media_fault draw_page(PopplerPage *page, uint32_t side, gdImagePtr *ret)
{
    double width = 0, height = 0;

    poppler_page_get_size(page, &width, &height);
    if (!isfinite(width) || !isfinite(height) || width <= 0 || height <= 0)
        return MEDIA_FAULT_PAGE_SIZE;
    double scale = side / fmax(width, height);
    CLEANUP(cairo_surface_destroyp)
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(width, scale), pixels(height, scale));
    CLEANUP(cairo_destroyp) cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(page, cairo);
    cairo_surface_flush(surface);
    if (cairo_status(cairo) == CAIRO_STATUS_NO_MEMORY ||
        cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        return MEDIA_FAULT_TOO_COMPLEX;
    *ret = to_image(surface);
    return *ret ? MEDIA_FAULT_NONE : MEDIA_FAULT_TOO_COMPLEX;
}

static bool lacks_fonts(PopplerDocument *document)
{
    PopplerFontInfo *fonts = poppler_font_info_new(document);
    PopplerFontsIter *each = NULL;
    bool lacks = false;

    if (poppler_font_info_scan(fonts, 1, &each) && each) {
        do
            lacks |= !poppler_fonts_iter_is_embedded(each);
        while (poppler_fonts_iter_next(each));
    }
    poppler_fonts_iter_free(each);
    g_object_unref(fonts);
    return lacks;
}

enum media_fault paper_draw(const uint8_t *bytes, size_t n, uint32_t pages, uint32_t side,
                            gdImagePtr *ret, bool *ret_partial)
{
    CLEANUP(g_bytes_unrefp) GBytes *file = g_bytes_new_static(bytes, n);
    CLEANUP(document_unrefp)
    PopplerDocument *document = poppler_document_new_from_bytes(file, NULL, NULL);

    /* Two readers that do not agree on what the file is: then nor would an officer's. */
    if (!document || poppler_document_get_n_pages(document) != (int)pages)
        return MEDIA_FAULT_DAMAGED;
    *ret_partial = lacks_fonts(document);
    CLEANUP(page_unrefp) PopplerPage *page = poppler_document_get_page(document, 0);
    return page ? draw_page(page, side, ret) : MEDIA_FAULT_DAMAGED;
}
