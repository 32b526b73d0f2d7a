/* The fonts, and what of a text they can draw. */
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/form/private.h"

#define REPLACEMENT 0xFFFD

static const char *const files[] = {"NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf",
                                    "NotoSerif-Italic.ttf"};
static FcCharSet *known; /* letters of the regular one, as of the others */
static PangoFontMap *map;

int text_open_fonts(const char *folder)
{
    char path[4096];
    FcConfig *config = FcConfigCreate();
    if (!config)
        return E_NOMEM;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        int n = snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        if (n < 0 || (size_t)n >= sizeof(path) ||
            !FcConfigAppFontAddFile(config, (const FcChar8 *)path))
            return E_IO;
    }
    const FcFontSet *fonts = FcConfigGetFonts(config, FcSetApplication);
    if (!fonts || fonts->nfont < (int)ARRAY_LEN(files) ||
        FcPatternGetCharSet(fonts->fonts[0], FC_CHARSET, 0, &known) != FcResultMatch)
        return E_IO;
    FcConfigSetCurrent(config);
    map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!map)
        return E_NOMEM;
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);
    return 0;
}

PangoContext *text_context(void)
{
    PangoContext *context = pango_font_map_create_context(map);
    pango_context_set_language(context, pango_language_from_string("vi"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    return context;
}

/* Of other scripts pango would look for further fonts, which nobody opens here. */
static bool is_drawable(gunichar c)
{
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_LATIN:
    case G_UNICODE_SCRIPT_GREEK:
    case G_UNICODE_SCRIPT_CYRILLIC:
    case G_UNICODE_SCRIPT_COMMON:
    case G_UNICODE_SCRIPT_INHERITED:
        return FcCharSetHasChar(known, c);
    default:
        return false;
    }
}

/* Nothing to be seen: controls, what turns the direction of writing, variation selectors. */
static bool is_nothing(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_SURROGATE ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF) || c == 0x20E3;
}

const char *text_drawable(struct arena *a, const char *text, bool lines)
{
    const char *from = text ? text : "";
    char *out = arena_alloc(a, 3 * strlen(from) + 1); /* U+FFFD is three bytes */
    size_t n = 0;
    for (; *from; from = g_utf8_next_char(from)) {
        gunichar c = g_utf8_get_char(from);
        if (c == '\n' || c == '\t')
            c = lines && c == '\n' ? '\n' : ' ';
        else if (is_nothing(c))
            continue;
        else if (!is_drawable(c))
            c = REPLACEMENT;
        n += (size_t)g_unichar_to_utf8(c, out + n);
    }
    out[n] = '\0';
    return out;
}
