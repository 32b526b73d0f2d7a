/* Contents of sheets: drawn or refused, and a PDF comes of what is drawn. In process, with Noto
 * Serif. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/form/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void); /* NOLINT: the sanitizer's name */

/* Fonts are opened once and stay open as long as the process. */
const char *__lsan_default_suppressions(void) /* NOLINT */
{
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:libharfbuzz\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int ready = -1;
    struct media_result r;
    if (ready < 0)
        ready = form_prepare("/usr/share/fonts/truetype/noto") == 0;
    assert(ready);
    int done = form_make(data, size, NULL, &r);
    if (done == 0)
        assert(r.large.n > 4 && memcmp(r.large.bytes, "%PDF", 4) == 0);
    else
        assert(!r.large.bytes);
    media_result_release(&r);
    return 0;
}
