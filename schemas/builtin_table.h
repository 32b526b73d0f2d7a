/* Written by embed.cmake when the program is built: the texts, sorted by name. */
#pragma once

#include "schemas/builtin.h"

extern const struct schema_builtin_text schema_builtin_table[];
extern const size_t schema_builtin_count;
