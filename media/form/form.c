#include "media/form/form.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/form/private.h"

/* --- the bytes that come of it ---------------------------------------------------------------- */

struct out {
    uint8_t *bytes;
    size_t n, room;
};

static cairo_status_t take(void *closure, const unsigned char *bytes, unsigned int n)
{
    struct out *out = closure;
    if (out->n + n > MEDIA_RENDITION_BYTES_MAX)
        return CAIRO_STATUS_WRITE_ERROR;
    if (out->n + n > out->room) {
        size_t room = 2 * (out->n + n) + 4096;
        uint8_t *more = realloc(out->bytes, room);
        if (!more)
            return CAIRO_STATUS_NO_MEMORY;
        out->bytes = more;
        out->room = room;
    }
    memcpy(out->bytes + out->n, bytes, n);
    out->n += n;
    return CAIRO_STATUS_SUCCESS;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void describe(cairo_surface_t *surface, const json_t *sheet)
{
    const char *title = json_string_value(json_object_get(sheet, "title"));
    const char *made = json_string_value(json_object_get(sheet, "made_at"));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title ? title : "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Tram");
    if (made)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

/* 0 and the pages; MEDIA_REFUSED: not a sheet; E_NOMEM, E_FULL. */
static int draw(const json_t *sheet, struct out *out, uint32_t *ret_pages)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take, out, PAGE_WIDTH, PAGE_HEIGHT);
    struct pen pen = {
        .cr = cairo_create(surface), .pango = text_context(), .y = PAGE_TOP, .page = 1};
    arena_init(&pen.arena);
    pango_cairo_update_context(pen.cr, pen.pango);
    describe(surface, sheet);
    draw_sheet(&pen, sheet);
    cairo_destroy(pen.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    g_object_unref(pen.pango);
    arena_release(&pen.arena);
    *ret_pages = pen.page;
    if (pen.failed)
        return MEDIA_REFUSED;
    if (status == CAIRO_STATUS_WRITE_ERROR)
        return E_FULL;
    return status == CAIRO_STATUS_SUCCESS ? 0 : E_NOMEM;
}

int form_make(const uint8_t *bytes, size_t n, const struct media_limits *limits,
              struct media_result *ret)
{
    CLEANUP(json_decrefp) json_t *sheet = NULL;
    struct out out = {0};
    uint32_t pages = 0;

    (void)limits;
    memset(ret, 0, sizeof(*ret));
    ret->fault = MEDIA_FAULT_DAMAGED;
    sheet = n <= FORM_BYTES_MAX ? json_loadb((const char *)bytes, n, JSON_REJECT_DUPLICATES, NULL)
                                : NULL;
    if (!json_is_object(sheet))
        return MEDIA_REFUSED;
    int done = draw(sheet, &out, &pages);
    if (done == MEDIA_REFUSED && pages >= FORM_PAGES_MAX)
        ret->fault = MEDIA_FAULT_TOO_MANY_PAGES;
    if (done != 0) {
        free(out.bytes);
        return done;
    }
    ret->fault = MEDIA_FAULT_NONE;
    ret->facts = (struct media_facts){.sound_bytes = n,
                                      .width = (uint32_t)PAGE_WIDTH,
                                      .height = (uint32_t)PAGE_HEIGHT,
                                      .pages = pages,
                                      .type = MEDIA_TYPE_PDF,
                                      .exif = {.orientation = 1}};
    ret->large = (struct media_rendition){.bytes = out.bytes, .n = out.n};
    return 0;
}

/* --- the specimen ----------------------------------------------------------------------------- */

#define WORDS "Đường Hoà Bình ΑΒΓαβγ АБВабв 0123 \xEF\xBF\xBD"

/* Every block and style, with letters of every script. */
static json_t *specimen(void)
{
    return json_pack("{s:s, s:[s,s], s:[s,s], s:s, s:s, s:s,"
                     " s:[{s:s, s:s, s:s}, {s:s, s:s}, {s:s, s:s, s:[s]},"
                     "    {s:s, s:[s,s], s:[i,i], s:[[s,s]]}],"
                     " s:[{s:s, s:s, s:s}], s:{s:s, s:[s,s]}}",
                     "made_at", "2026-01-01T00:00:00Z", "issuer", WORDS, WORDS, "nation", WORDS,
                     WORDS, "number", WORDS, "dated", WORDS, "title", WORDS, "blocks", "kind",
                     "line", "label", WORDS, "text", WORDS, "kind", "text", "text", WORDS, "kind",
                     "list", "label", WORDS, "items", WORDS, "kind", "table", "columns", WORDS,
                     WORDS, "widths", 50, 50, "rows", WORDS, WORDS, "signers", "title", WORDS,
                     "note", WORDS, "name", WORDS, "qr", "text", "https://tram.example/", "words",
                     WORDS, WORDS);
}

int form_prepare(const char *folder)
{
    CLEANUP(json_decrefp) json_t *sheet = specimen();
    struct out out = {0};
    uint32_t pages;
    int done = sheet ? text_open_fonts(folder) : E_NOMEM;
    if (done == 0)
        done = draw(sheet, &out, &pages);
    free(out.bytes);
    return done > 0 ? E_INVALID : done;
}
