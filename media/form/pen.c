/* Lines of text down a page, and onto the next. */
#include <stdio.h>

#include "base/cleanup.h"
#include "media/form/private.h"

static const char *const fonts[STYLES] = {
    [STYLE_BODY] = "Noto Serif 10",           [STYLE_BOLD] = "Noto Serif Bold 10",
    [STYLE_ITALIC] = "Noto Serif Italic 10",  [STYLE_SMALL] = "Noto Serif 8",
    [STYLE_SMALL_BOLD] = "Noto Serif Bold 8", [STYLE_SMALL_ITALIC] = "Noto Serif Italic 8",
    [STYLE_TITLE] = "Noto Serif Bold 12",
};

void pen_next_page(struct pen *p)
{
    char number[32];
    if (p->page >= FORM_PAGES_MAX) {
        p->failed = true;
        return;
    }
    cairo_show_page(p->cr);
    p->page++;
    snprintf(number, sizeof(number), "Trang %u", p->page);
    pen_place(p, MARGIN, PAGE_TOP - 14,
              pen_layout(p, STYLE_SMALL_ITALIC, INNER, PANGO_ALIGN_RIGHT, number, 0));
    p->y = PAGE_TOP + 6;
}

void pen_keep(struct pen *p, double height)
{
    if (p->y + height > PAGE_BOTTOM && p->y > PAGE_TOP + 6)
        pen_next_page(p);
    p->failed |= p->y + height > PAGE_BOTTOM;
}

PangoLayout *pen_layout(struct pen *p, enum style style, double width, PangoAlignment align,
                        const char *text, size_t strong)
{
    PangoLayout *layout = pango_layout_new(p->pango);
    PangoFontDescription *font = pango_font_description_from_string(fonts[style]);
    PangoAttrList *attributes = pango_attr_list_new();
    size_t n = strlen(text);

    pango_attr_list_insert(attributes, pango_attr_fallback_new(FALSE));
    if (strong > 0) {
        PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
        bold->start_index = (guint)(n - strong);
        pango_attr_list_insert(attributes, bold);
    }
    pango_layout_set_font_description(layout, font);
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, text, (int)n);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    return layout;
}

double pen_height(PangoLayout *layout)
{
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    return (double)height / PANGO_SCALE;
}

static void show_line(struct pen *p, double x, double top, PangoLayoutIter *at)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(at, NULL, &logical);
    double baseline = (double)(pango_layout_iter_get_baseline(at) - logical.y) / PANGO_SCALE;
    cairo_move_to(p->cr, x + (double)logical.x / PANGO_SCALE, top + baseline);
    pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(at));
}

void pen_flow(struct pen *p, double x, PangoLayout *layout)
{
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(at, NULL, &logical);
        double height = (double)logical.height / PANGO_SCALE;
        pen_keep(p, height);
        if (!p->failed)
            show_line(p, x, p->y, at);
        p->y += height;
    } while (!p->failed && pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    g_object_unref(layout);
}

double pen_place(struct pen *p, double x, double y, PangoLayout *layout)
{
    double height = pen_height(layout);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, layout);
    g_object_unref(layout);
    return height;
}

void pen_rule(struct pen *p, double x, double y, double width)
{
    cairo_set_line_width(p->cr, 0.6);
    cairo_move_to(p->cr, x, y);
    cairo_line_to(p->cr, x + width, y);
    cairo_stroke(p->cr);
}
