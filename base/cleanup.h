/* Locals that release themselves when the block ends. Destructors take NULL. */
#pragma once

#include <stddef.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* CLEANUP_PTR(bson_t, bson_destroy) defines bson_destroyp(bson_t **) for CLEANUP(bson_destroyp). */
#define CLEANUP_PTR(type, fn)                                                                      \
    static inline __attribute__((unused)) void fn##p(type **p)                                     \
    {                                                                                              \
        if (*p)                                                                                    \
            fn(*p);                                                                                \
    }

/* Takes the pointer out of an owning local: `*ret = STEAL(local);` */
#define STEAL(p)                                                                                   \
    __extension__({                                                                                \
        __auto_type steal_p_ = (p);                                                                \
        (p) = NULL;                                                                                \
        steal_p_;                                                                                  \
    })

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

void freep(void *p);  /* for CLEANUP(freep) char *x: free(*(void **)p) */
void closep(int *fd); /* for CLEANUP(closep) int fd = -1 */
