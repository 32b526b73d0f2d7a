/*
 * Functions that stand in front of libh2o's. They are linked by name (CMakeLists.txt), since
 * nothing of ours calls them.
 */
#include <h2o.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * h2o writes a line to stderr for each frame of a type that it does not know, on the loop: who
 * sends many fills the log and stops the loop. Such frames are to be ignored (RFC 9113 §4.1),
 * silently.
 */
int __fprintf_chk(FILE *stream, int flag, const char *format, ...);

int __fprintf_chk(FILE *stream, int flag, const char *format, ...)
{
    (void)flag;
    if (strncmp(format, "skipping frame", 14) == 0)
        return 0;
    va_list ap;
    va_start(ap, format);
    int n = vfprintf(stream, format, ap);
    va_end(ap);
    return n;
}

/*
 * h2o keeps freed buffers for the next request, which hides use after free from the sanitizer. In
 * sanitized builds memory is freed when it is freed.
 */
#ifdef __SANITIZE_ADDRESS__
void *h2o_mem_alloc_recycle(h2o_mem_recycle_t *allocator, size_t size)
{
    (void)allocator;
    return h2o_mem_alloc(size);
}

void h2o_mem_free_recycle(h2o_mem_recycle_t *allocator, void *p)
{
    (void)allocator;
    free(p);
}
#endif
