/* Shared by the files of this folder. */
#pragma once

#include "domain/entity/entity.h"

/* --- rows ------------------------------------------------------------------------------------- */

/* Where a field lies in its record. */
static inline const void *entity_at(const struct entity_field *f, const void *record)
{
    return (const char *)record + f->offset;
}
static inline void *entity_slot(const struct entity_field *f, void *record)
{
    return (char *)record + f->offset;
}
static inline const void *entity_item(const struct entity_list *list, const struct entity *of,
                                      size_t i)
{
    return (const char *)list->items + i * of->size;
}

/* The row of a name, NULL if there is none. Looks first from `hint` (of this table) on. */
const struct entity_field *entity_row(const struct entity *e, const char *name,
                                      const struct entity_field *hint);
/* Whether the row exists for the record's kind. */
bool entity_row_exists(const struct entity *e, const struct entity_field *f, const void *record);
bool entity_field_absent(const struct entity_field *f, const void *record);
size_t entity_field_max(const struct entity_field *f);

static inline bool entity_is_flat(const struct entity_field *f)
{
    return (f->flags & ENTITY_FLAT) != 0;
}
/* Whether any audience of `see` may see it. */
static inline bool entity_is_shown(const struct entity_field *f, unsigned see)
{
    return f->type != ENTITY_BYTES && (f->see & see) != 0;
}

/* Whether the store alone writes a top-level field of that name. */
bool entity_is_reserved(const char *name);

/* --- members of JSON being written ------------------------------------------------------------ */

/* Begins a member: comma, name and colon. Returns where it began, for entity_member_drop. */
size_t entity_member_begin(const char *name, bool first, struct buf *out);
/* Takes back what was written from `mark` on. */
void entity_member_drop(size_t mark, struct buf *out);
