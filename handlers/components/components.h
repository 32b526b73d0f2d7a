/* Reply schemas for the OpenAPI document, made from the entity tables. */
#pragma once

#include "handlers/app.h"

/* All components, NULL-name-ended, in the arena. */
const struct route_component *app_components(struct arena *a);
