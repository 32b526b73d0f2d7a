/* Shared by the files of this folder. */
#pragma once

#include "domain/mandate/mandate.h"

/* The state, and when the sweep must look. */
void mandate_set_state(struct mandate *m, int state);
