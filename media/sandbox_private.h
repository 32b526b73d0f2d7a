/* Between the sandbox's files. Each is true if the layer holds. */
#pragma once

#include <stdbool.h>

bool sandbox_landlock(void); /* nothing stays allowed */
bool sandbox_filter(void);   /* the last step: nothing of the others works after it */
