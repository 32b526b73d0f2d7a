/* Positions out of cursors: what is read is written as the very same bytes, and ordered. */
#include "store/position.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct store_position p;
    struct arena a;
    struct buf out;
    arena_init(&a);
    buf_init(&out, 8192);
    if (store_position_read(&a, bytes, n, &p)) {
        store_position_write(&p, &out);
        check(!out.failed && out.len == n && memcmp(out.data, bytes, n) == 0);
        check(p.key.type != STORE_TEXT || p.key.text);
        check(p.key.type == 0 || store_value_compare(&p.key, &p.key) == 0);
    }
    buf_release(&out);
    arena_release(&a);
    return 0;
}
