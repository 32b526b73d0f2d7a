/* Every table of configuration keys, in the order of the manual. tramd loads them, tramctl shows
 * them. */
#pragma once

#include "base/config.h"

extern const struct config_key *const config_tables[];
extern const size_t config_tables_n;
