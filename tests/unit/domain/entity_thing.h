/* A made-up entity that uses every type, for the tests of domain/entity/. Includes cmocka. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "domain/entity/entity.h"

#define SEE_EVERYBODY ((unsigned)(SEE_ALL | SEE_SELF))

enum thing_kind { THING_LAMP = 1, THING_ROAD, THING_KINDS };

struct thing_part {
    const char *label;
    int64_t count;
    struct id by;
};

struct thing_owner {
    const char *name;
    struct text_words aliases;
};

struct thing_size {
    int64_t length; /* OPTIONAL, so that the whole object can be absent */
    const char *unit;
};

struct thing_x {
    bool open;
    int64_t cell;
    struct text_words words;
};

struct thing {
    int kind;
    const char *title, *answers;
    int64_t count, limit, fee, at_ms;
    bool urgent;
    struct id ref;
    struct point where, spot;
    struct text_words tags;
    struct entity_bytes seal;
    struct thing_size size;
    struct thing_owner *owner;
    struct entity_list parts; /* struct thing_part */
    int64_t watts;            /* lamps */
    const char *surface;      /* roads */
    const char *phone;
    struct thing_x x;
};

#define AT(T, member) .offset = offsetof(struct T, member)

static const struct entity_name thing_kinds[] = {
    {0},
    [THING_LAMP] = {"lamp", {"Đèn", "Lamp"}},
    [THING_ROAD] = {"road", {"Đường", "Road"}},
    {0},
};

static const struct entity thing_part_entity = {
    .name = "ThingPart",
    .size = sizeof(struct thing_part),
    .fields = (const struct entity_field[]){
        {.name = "label", .type = ENTITY_TEXT, AT(thing_part, label), .see = SEE_ALL, .max = 8},
        {.name = "count", .type = ENTITY_INT, AT(thing_part, count), .see = SEE_ALL},
        {.name = "by", .type = ENTITY_ID, AT(thing_part, by), .see = SEE_STAFF},
        {0},
    }};

static const struct entity thing_owner_entity = {
    .name = "ThingOwner",
    .size = sizeof(struct thing_owner),
    .fields = (const struct entity_field[]){
        {.name = "name", .type = ENTITY_TEXT, AT(thing_owner, name), .see = SEE_OWNER},
        {.name = "aliases",
         .type = ENTITY_WORDS,
         AT(thing_owner, aliases),
         .see = SEE_PUBLIC,
         .max = 3},
        {0},
    }};

static const struct entity thing_size_entity = {
    .name = "ThingSize",
    .size = sizeof(struct thing_size),
    .fields = (const struct entity_field[]){
        {.name = "length",
         .type = ENTITY_INT,
         AT(thing_size, length),
         .see = SEE_ALL,
         .flags = ENTITY_OPTIONAL},
        {.name = "unit", .type = ENTITY_TEXT, AT(thing_size, unit), .see = SEE_ALL},
        {0},
    }};

static const struct entity thing_x_entity = {
    .name = "ThingX",
    .size = sizeof(struct thing_x),
    .fields = (const struct entity_field[]){
        {.name = "open", .type = ENTITY_BOOL, AT(thing_x, open), .see = SEE_STAFF | SEE_PUBLIC},
        {.name = "cell", .type = ENTITY_INT, AT(thing_x, cell)},
        {.name = "words", .type = ENTITY_WORDS, AT(thing_x, words)},
        {0},
    }};

/* The owner sees the number, staff the end of it, an administrator nothing. */
static int show_phone(const void *record, unsigned see, struct buf *out)
{
    const struct thing *t = record;
    size_t n = strlen(t->phone);
    if (see & SEE_OWNER)
        buf_add_json_str(out, t->phone, n);
    else if (see & SEE_STAFF)
        buf_printf(out, "{\"ends\":\"%s\"}", t->phone + (n > 3 ? n - 3 : 0));
    else
        buf_add_str(out, "\"not this");
    return (see & SEE_PARTIES) != 0;
}

static const struct entity_field thing_fields[] = {
    {.name = "kind", .type = ENTITY_ENUM, AT(thing, kind), .see = SEE_ALL, .names = thing_kinds},
    {.name = "title", .type = ENTITY_TEXT, AT(thing, title), .see = SEE_ALL, .words = "A \"name\""},
    {.name = "answers", .type = ENTITY_JSON, AT(thing, answers), .see = SEE_PARTIES, .max = 64},
    {.name = "count", .type = ENTITY_INT, AT(thing, count), .see = SEE_ALL},
    {.name = "limit",
     .type = ENTITY_INT,
     AT(thing, limit),
     .see = SEE_SELF,
     .flags = ENTITY_OPTIONAL},
    {.name = "fee", .type = ENTITY_MONEY, AT(thing, fee), .see = SEE_OWNER | SEE_ADMIN},
    {.name = "at", .type = ENTITY_TIME, AT(thing, at_ms), .see = SEE_ALL},
    {.name = "urgent", .type = ENTITY_BOOL, AT(thing, urgent), .see = SEE_STAFF},
    {.name = "ref", .type = ENTITY_ID, AT(thing, ref), .see = SEE_INSPECTOR},
    {.name = "where", .type = ENTITY_POINT, AT(thing, where), .see = SEE_AGENCY},
    {.name = "spot", .type = ENTITY_POINT, AT(thing, spot)},
    {.name = "tags", .type = ENTITY_WORDS, AT(thing, tags), .see = SEE_PUBLIC, .max = 4},
    {.name = "seal", .type = ENTITY_BYTES, AT(thing, seal), .see = SEE_EVERYBODY, .max = 16},
    {.name = "size",
     .type = ENTITY_OBJECT,
     AT(thing, size),
     .see = SEE_ALL,
     .of = &thing_size_entity},
    {.name = "owner",
     .type = ENTITY_OBJECT_PTR,
     AT(thing, owner),
     .see = SEE_OWNER | SEE_STAFF,
     .of = &thing_owner_entity},
    {.name = "parts",
     .type = ENTITY_LIST,
     AT(thing, parts),
     .see = SEE_ALL,
     .max = 3,
     .of = &thing_part_entity},
    {.name = "watts",
     .type = ENTITY_INT,
     AT(thing, watts),
     .see = SEE_ALL,
     .kinds = 1 << THING_LAMP},
    {.name = "surface",
     .type = ENTITY_TEXT,
     AT(thing, surface),
     .see = SEE_ALL,
     .kinds = 1 << THING_ROAD},
    {.name = "phone",
     .type = ENTITY_TEXT,
     AT(thing, phone),
     .see = SEE_PARTIES | SEE_ADMIN,
     .project = show_phone,
     .shown_as = "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\",\"properties\":"
                 "{\"ends\":{\"type\":\"string\"}}}]}",
     .words = "Its end for staff"},
    {.name = "x",
     .type = ENTITY_OBJECT,
     AT(thing, x),
     .see = SEE_STAFF | SEE_ADMIN,
     .of = &thing_x_entity,
     .flags = ENTITY_FLAT | ENTITY_DERIVED},
    {0},
};

static void thing_derive(void *record, struct arena *a)
{
    struct thing *t = record;
    t->x.open = t->urgent;
    t->x.cell = t->count * 2;
    t->x.words = text_words(a, &t->title, 1);
}

static const struct entity thing_entity = {
    .name = "Thing",
    .size = sizeof(struct thing),
    .fields = thing_fields,
    .kind = &thing_fields[0],
    .derive = thing_derive,
};
