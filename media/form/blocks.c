/* What stands on a sheet, from its content. */
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "media/form/private.h"

#define BLOCKS_MAX 200
#define ITEMS_MAX 200
#define COLUMNS_MAX 6
#define SIGNERS_MAX 3
#define WORDS_MAX 4
#define QR_SIDE 74.0
#define SIGN_ROOM 40.0 /* for a hand or a seal */
#define GAP 3.0
#define CELL 3.0 /* around the text of a cell */

static const char *text_of(struct pen *p, const json_t *object, const char *member)
{
    return text_drawable(&p->arena, json_string_value(json_object_get(object, member)), false);
}

static const json_t *list_of(struct pen *p, const json_t *object, const char *member, size_t max)
{
    const json_t *list = json_object_get(object, member);
    p->failed |= (list && !json_is_array(list)) || json_array_size(list) > max;
    return p->failed ? NULL : list;
}

static const char *item(struct pen *p, const json_t *list, size_t i)
{
    return text_drawable(&p->arena, json_string_value(json_array_get(list, i)), false);
}

/* Lines below each other in the middle of a column; returns where they end. */
static double stack(struct pen *p, double x, double width, double y, const json_t *list,
                    enum style each)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        bool last = i + 1 == json_array_size(list);
        enum style style = last && each == STYLE_SMALL ? STYLE_SMALL_BOLD : each;
        y += pen_place(p, x, y,
                       pen_layout(p, style, width, PANGO_ALIGN_CENTER, item(p, list, i), 0));
    }
    return y;
}

/* --- the head --------------------------------------------------------------------------------- */

/* Who gives it out on the left; the name and motto of the country on the right. */
static void draw_head(struct pen *p, const json_t *sheet)
{
    const double left = INNER * 0.46, right = INNER * 0.54, x = MARGIN + left;
    const json_t *issuer = list_of(p, sheet, "issuer", WORDS_MAX);
    const json_t *nation = list_of(p, sheet, "nation", WORDS_MAX);
    double a = stack(p, MARGIN, left - 8, p->y, issuer, STYLE_SMALL);
    double b = stack(p, x, right, p->y, nation, STYLE_SMALL_BOLD);
    pen_rule(p, MARGIN + (left - 8) / 2 - 30, a + 2, 60);
    pen_rule(p, x + right / 2 - 50, b + 2, 100);
    a += 6;
    b += 6;
    a += pen_place(
        p, MARGIN, a,
        pen_layout(p, STYLE_SMALL, left - 8, PANGO_ALIGN_CENTER, text_of(p, sheet, "number"), 0));
    b += pen_place(p, x, b,
                   pen_layout(p, STYLE_SMALL_ITALIC, right, PANGO_ALIGN_CENTER,
                              text_of(p, sheet, "dated"), 0));
    p->y = fmax(a, b) + 8;
    pen_flow(p, MARGIN,
             pen_layout(p, STYLE_TITLE, INNER, PANGO_ALIGN_CENTER, text_of(p, sheet, "title"), 0));
    p->y += 6;
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void draw_line(struct pen *p, const json_t *block)
{
    const char *label = text_of(p, block, "label"), *text = text_of(p, block, "text");
    pen_flow(p, MARGIN,
             pen_layout(p, STYLE_BODY, INNER, PANGO_ALIGN_LEFT,
                        arena_printf(&p->arena, "%s: %s", label, text), strlen(text)));
}

static void draw_text(struct pen *p, const json_t *block)
{
    const char *text = json_string_value(json_object_get(block, "text"));
    pen_flow(p, MARGIN,
             pen_layout(p, STYLE_BODY, INNER, PANGO_ALIGN_LEFT,
                        text_drawable(&p->arena, text, true), 0));
}

static void draw_list(struct pen *p, const json_t *block)
{
    const json_t *items = list_of(p, block, "items", ITEMS_MAX);
    pen_flow(p, MARGIN,
             pen_layout(p, STYLE_BODY, INNER, PANGO_ALIGN_LEFT,
                        arena_printf(&p->arena, "%s:", text_of(p, block, "label")), 0));
    for (size_t i = 0; i < json_array_size(items) && !p->failed; i++) {
        PangoLayout *number = pen_layout(p, STYLE_BODY, 20, PANGO_ALIGN_RIGHT,
                                         arena_printf(&p->arena, "%zu.", i + 1), 0);
        pen_keep(p, pen_height(number));
        pen_place(p, MARGIN, p->y, number);
        pen_flow(p, MARGIN + 25,
                 pen_layout(p, STYLE_BODY, INNER - 25, PANGO_ALIGN_LEFT, item(p, items, i), 0));
    }
}

/* --- tables ----------------------------------------------------------------------------------- */

struct table {
    const json_t *columns;
    size_t n;
    double width[COLUMNS_MAX];
};

static void draw_row(struct pen *p, const struct table *t, const json_t *row, bool head)
{
    PangoLayout *cells[COLUMNS_MAX];
    double height = 0, x = MARGIN;
    for (size_t i = 0; i < t->n; i++) {
        cells[i] = pen_layout(p, head ? STYLE_SMALL_BOLD : STYLE_SMALL, t->width[i] - 2 * CELL,
                              head ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT, item(p, row, i), 0);
        height = fmax(height, pen_height(cells[i]) + 2 * CELL);
    }
    if (!head && p->y + height > PAGE_BOTTOM) {
        pen_next_page(p);
        draw_row(p, t, t->columns, true);
    }
    p->failed |= p->y + height > PAGE_BOTTOM;
    for (size_t i = 0; i < t->n; i++) {
        cairo_set_line_width(p->cr, 0.5);
        cairo_rectangle(p->cr, x, p->y, t->width[i], height);
        cairo_stroke(p->cr);
        pen_place(p, x + CELL, p->y + CELL, cells[i]);
        x += t->width[i];
    }
    p->y += height;
}

static void draw_table(struct pen *p, const json_t *block)
{
    struct table t = {.columns = list_of(p, block, "columns", COLUMNS_MAX)};
    const json_t *widths = list_of(p, block, "widths", COLUMNS_MAX);
    const json_t *rows = list_of(p, block, "rows", ITEMS_MAX);
    t.n = json_array_size(t.columns);
    p->failed |= t.n == 0 || json_array_size(widths) != t.n;
    for (size_t i = 0; i < t.n; i++) {
        double percent = json_number_value(json_array_get(widths, i));
        t.width[i] = INNER * percent / 100;
        p->failed |= !(percent >= 5 && percent <= 100);
    }
    if (p->failed)
        return;
    pen_keep(p, 60);
    draw_row(p, &t, t.columns, true);
    for (size_t i = 0; i < json_array_size(rows) && !p->failed; i++)
        draw_row(p, &t, json_array_get(rows, i), false);
    p->y += GAP;
}

static const struct {
    const char *kind;
    void (*draw)(struct pen *p, const json_t *block);
} kinds[] = {{"line", draw_line}, {"text", draw_text}, {"list", draw_list}, {"table", draw_table}};

static void draw_block(struct pen *p, const json_t *block)
{
    const char *kind = json_string_value(json_object_get(block, "kind"));
    for (size_t i = 0; kind && i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kind, kinds[i].kind) == 0) {
            kinds[i].draw(p, block);
            p->y += GAP;
            return;
        }
    }
    p->failed = true;
}

/* --- the foot --------------------------------------------------------------------------------- */

/* A code and what it is for, beside it; it does not stand on a page of its own. */
struct code {
    const char *text; /* NULL: there is none */
    PangoLayout *lines[WORDS_MAX];
    size_t n;
    double words, height;
};

static void measure_code(struct pen *p, const json_t *sheet, struct code *ret)
{
    const json_t *qr = json_object_get(sheet, "qr");
    const json_t *words = list_of(p, qr, "words", WORDS_MAX);
    *ret = (struct code){.text = json_string_value(json_object_get(qr, "text")),
                         .n = json_array_size(words)};
    p->failed |= qr && !ret->text;
    for (size_t i = 0; i < ret->n; i++) {
        ret->lines[i] = pen_layout(p, i == 0 ? STYLE_SMALL_BOLD : STYLE_SMALL, INNER - QR_SIDE - 8,
                                   PANGO_ALIGN_LEFT, item(p, words, i), 0);
        ret->words += pen_height(ret->lines[i]) + 1;
    }
    ret->height = qr ? fmax(QR_SIDE, ret->words + 8) : 0;
}

static void draw_code(struct pen *p, const struct code *code)
{
    pen_keep(p, code->height);
    double y = p->y + fmax((QR_SIDE - code->words) / 2, 8);
    for (size_t i = 0; i < code->n; i++)
        y += pen_place(p, MARGIN + QR_SIDE + 8, y, code->lines[i]) + 1;
    if (code->text && code->text[0])
        draw_qr(p, code->text, MARGIN, p->y, QR_SIDE);
    p->y += code->height;
}

/* Who signs stands beside who signs; under each, room to do so. What follows stays with them, where
 * a page takes both. */
static void draw_signers(struct pen *p, const json_t *sheet, double follows)
{
    const json_t *signers = list_of(p, sheet, "signers", SIGNERS_MAX);
    size_t n = json_array_size(signers);
    PangoLayout *heads[SIGNERS_MAX], *notes[SIGNERS_MAX], *names[SIGNERS_MAX];
    double top = 0, bottom = 0, width = n > 0 ? INNER / (double)n : 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(signers, i);
        heads[i] = pen_layout(p, STYLE_SMALL_BOLD, width - 8, PANGO_ALIGN_CENTER,
                              text_of(p, one, "title"), 0);
        notes[i] = pen_layout(p, STYLE_SMALL_ITALIC, width - 8, PANGO_ALIGN_CENTER,
                              text_of(p, one, "note"), 0);
        names[i] =
            pen_layout(p, STYLE_BOLD, width - 8, PANGO_ALIGN_CENTER, text_of(p, one, "name"), 0);
        top = fmax(top, pen_height(heads[i]) + pen_height(notes[i]));
        bottom = fmax(bottom, pen_height(names[i]));
    }
    double height = 6 + top + SIGN_ROOM + bottom;
    bool both = height + GAP + follows <= PAGE_BOTTOM - PAGE_TOP - 6;
    if (n > 0)
        pen_keep(p, height + (both ? GAP + follows : 0));
    for (size_t i = 0; i < n; i++) {
        double x = MARGIN + (double)i * width + 4, y = p->y + 6;
        y += pen_place(p, x, y, heads[i]);
        pen_place(p, x, y, notes[i]);
        pen_place(p, x, p->y + 6 + top + SIGN_ROOM, names[i]);
    }
    p->y += n > 0 ? height + GAP : 0;
}

void draw_sheet(struct pen *p, const json_t *sheet)
{
    const json_t *blocks = list_of(p, sheet, "blocks", BLOCKS_MAX);
    draw_head(p, sheet);
    for (size_t i = 0; i < json_array_size(blocks) && !p->failed; i++)
        draw_block(p, json_array_get(blocks, i));
    if (p->failed)
        return;
    struct code code;
    measure_code(p, sheet, &code);
    draw_signers(p, sheet, code.height);
    draw_code(p, &code);
}
