/* Projections: documents with the case's id, rebuilt whole, written only if newer. */
#pragma once

#include "domain/entity/entity.h"
#include "store/store.h"

struct case_projection {
    const struct entity *entity;
    void *record;
    int64_t revision; /* of the case it was made from; also a field of the record */
    bool exact;       /* also looks at what one of the same revision holds */
    bool differs;     /* set: it was not there, older, or (exact) held something else */
};
int case_project(struct store *s, const struct store_collection *c, const struct id *id,
                 struct case_projection *p);
