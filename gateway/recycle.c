/*
 * h2o keeps freed buffers for the next request, which hides use after free from the sanitizer. In
 * sanitized builds these stand in front of the library's own: plain memory, freed when it is freed.
 */
#ifdef __SANITIZE_ADDRESS__
#include <h2o.h>

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
#else
typedef int nothing_here; /* ISO C forbids an empty file */
#endif
