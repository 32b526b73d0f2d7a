/* Between form.c, text.c, pen.c, blocks.c and qr.c. */
#pragma once

#include <cairo.h>
#include <jansson.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

#include "base/arena.h"
#include "media/form/form.h"

/* A5, in points of 1/72 inch. */
#define PAGE_WIDTH 419.53
#define PAGE_HEIGHT 595.28
#define MARGIN 36.0
#define PAGE_TOP 32.0
#define PAGE_BOTTOM (PAGE_HEIGHT - 34.0)
#define INNER (PAGE_WIDTH - 2 * MARGIN)

enum style {
    STYLE_BODY,
    STYLE_BOLD,
    STYLE_ITALIC,
    STYLE_SMALL,
    STYLE_SMALL_BOLD,
    STYLE_SMALL_ITALIC,
    STYLE_TITLE,
    STYLES
};

/* Where the next thing is drawn. */
struct pen {
    cairo_t *cr;
    PangoContext *pango;
    struct arena arena;
    double y;
    uint32_t page; /* from 1 */
    bool failed;   /* the content is not one of a sheet, or too long for it */
};

/* --- text.c ----------------------------------------------------------------------------------- */

/* Fonts of the folder are the only ones there are. 0, E_IO, E_NOMEM. */
int text_open_fonts(const char *folder);
PangoContext *text_context(void); /* g_object_unref */
/* What can be drawn of a text: one line unless `lines`. NULL gives "". */
const char *text_drawable(struct arena *a, const char *text, bool lines);

/* --- pen.c ------------------------------------------------------------------------------------ */

void pen_next_page(struct pen *p);
/* So much is drawn on one page. */
void pen_keep(struct pen *p, double height);
/* A layout of drawable text; g_object_unref. `strong` bytes at its end are bold. */
PangoLayout *pen_layout(struct pen *p, enum style style, double width, PangoAlignment align,
                        const char *text, size_t strong);
double pen_height(PangoLayout *layout);
/* Draws it line by line from the pen down, over the end of a page; takes the layout. */
void pen_flow(struct pen *p, double x, PangoLayout *layout);
/* Draws it whole at a place, and leaves the pen; takes the layout. Returns its height. */
double pen_place(struct pen *p, double x, double y, PangoLayout *layout);
void pen_rule(struct pen *p, double x, double y, double width);

/* --- blocks.c and qr.c ------------------------------------------------------------------------ */

void draw_sheet(struct pen *p, const json_t *sheet);
/* The code of a text, as a square of that side; failed: it does not fit. */
void draw_qr(struct pen *p, const char *text, double x, double y, double side);
