/* QR codes (ISO/IEC 18004), by libqrencode. */
#include <qrencode.h>

#include "media/form/private.h"

#define QUIET 4 /* modules around it */

void draw_qr(struct pen *p, const char *text, double x, double y, double side)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code) {
        p->failed = true;
        return;
    }
    double module = side / (code->width + 2 * QUIET);
    for (int row = 0; row < code->width; row++) {
        for (int column = 0; column < code->width; column++) {
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(p->cr, x + (column + QUIET) * module, y + (row + QUIET) * module,
                                module, module);
        }
    }
    cairo_fill(p->cr);
    QRcode_free(code);
}
