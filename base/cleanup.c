#include "base/cleanup.h"

#include <stdlib.h>
#include <unistd.h>

void freep(void *p)
{
    free(*(void **)p);
}

void closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
