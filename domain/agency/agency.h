/*
 * Agencies, categories, and which agency a category of report goes to in which commune: small
 * tables that administrators import. They live in the store and, whole, in memory: a catalogue is
 * an immutable snapshot that all threads share, made anew when one of its collections changed.
 */
#pragma once

#include "domain/entity/entity.h"
#include "schemas/schema.h"
#include "store/store.h"

#define AGENCIES_MAX 2000
#define CATEGORIES_MAX 500
#define ROUTES_MAX 50000

enum agency_kind { AGENCY_COMMUNE = 1, AGENCY_DEPARTMENT, AGENCY_DISPATCHER };

struct agency {
    const char *code; /* ≤ 35 of A–Z 0–9 . (QĐ 20/2020/QĐ-TTg) */
    const char *name, *name_en;
    int kind;
    const char *commune;             /* code, where it is a commune's */
    const char *hotline;             /* shown to citizens, as what follows */
    const char *address;             /* where one goes */
    const char *hours, *hours_en;    /* when it is open, in words */
    const char *webhook_url;         /* NULL: none */
    struct entity_bytes webhook_key; /* sealed by the keyring; see push/webhook.h */
    bool active;
    int64_t revision;
};

struct category {
    const char *code, *name, *name_en;
    const char *hint, *hint_en; /* what belongs here */
    const char *questions;      /* JSON Schema of further questions, NULL none */
    int64_t questions_form;     /* raised when they change; a report keeps the one it answered */
    bool approval, proof;       /* answers want a leader's approval; a photo */
    const char *redirect, *redirect_en; /* not filed here: where to go instead */
    int icon;                           /* one of category_icons; 0: the neutral one */
    int64_t rank;
    bool active;
    int64_t revision;
};

/* "*" for any. The most exact row wins: both named, commune alone, category alone, neither. */
struct routing_rule {
    const char *category, *commune, *agency;
    int64_t revision;
};

extern const struct entity agency_entity, category_entity, routing_rule_entity;
extern const struct entity_name category_icons[]; /* drawn by web/shared/parts/category-icon.tsx */
extern const struct store_collection agency_collection, category_collection, rule_collection;

struct id agency_id(const char *code);
struct id category_id(const char *code);
struct id rule_id(const char *category, const char *commune);

/* --- the catalogue ---------------------------------------------------------------------------- */

struct catalogue {
    const struct agency *agencies;     /* by code */
    const struct category *categories; /* by rank, code */
    const struct routing_rule *rules;  /* by category, commune */
    size_t n_agencies, n_categories, n_rules;
    const struct schema **questions; /* of each category, NULL where it has none */
    uint64_t version;                /* raised with each reload of this process */
};

const struct agency *catalogue_agency(const struct catalogue *c, const char *code);
const struct category *catalogue_category(const struct catalogue *c, const char *code);
const struct schema *catalogue_questions(const struct catalogue *c, const struct category *k);
/* The rule of just this category and commune ("*" is one like others); NULL: there is none. */
const struct routing_rule *catalogue_rule(const struct catalogue *c, const char *category,
                                          const char *commune);
/* The rules of a report, in the order in which they are asked; how many. */
#define CATALOGUE_ASKED_MAX 4
size_t catalogue_asked(const struct catalogue *c, const char *category, const char *commune,
                       const struct routing_rule *ret[CATALOGUE_ASKED_MAX]);
/* The agency of a report; NULL where no rule takes it. A rule whose agency is no longer active
 * takes nothing, and the next one is asked. */
const struct agency *catalogue_route(const struct catalogue *c, const char *category,
                                     const char *commune);
/* The province's portal: the agency of kind AGENCY_DISPATCHER; NULL before any was imported. */
const struct agency *catalogue_dispatcher(const struct catalogue *c);

struct catalogue_holder;
int catalogue_holder_new(struct store *s, struct catalogue_holder **ret); /* reads the store */
void catalogue_holder_free(struct catalogue_holder *h);
/*
 * The snapshot in force; release it with catalogue_unref. Reads the store again when this process
 * changed one of the collections, or, on a shared store, when the snapshot is two seconds old. If
 * reading fails the old one serves on.
 */
const struct catalogue *catalogue_ref(struct catalogue_holder *h);
void catalogue_unref(const struct catalogue *c);
CLEANUP_PTR(const struct catalogue, catalogue_unref)

/* --- writing ---------------------------------------------------------------------------------- */

/* Inserts or overwrites one row (its key fields make its id). 0, or STORE_UNCHANGED if equal. */
int agency_put(struct store *s, const struct agency *row);
int category_put(struct store *s, const struct category *row);
int rule_put(struct store *s, const struct routing_rule *row);
/* The same where what is stored has this revision (0: nothing is), else STORE_REVISED. */
int agency_put_at(struct store *s, const struct agency *row, int64_t revision);
int category_put_at(struct store *s, const struct category *row, int64_t revision);
int rule_put_at(struct store *s, const struct routing_rule *row, int64_t revision);
/* 0, STORE_ABSENT, STORE_REVISED: it is not as it was at `revision`. */
int rule_remove(struct store *s, const char *category, const char *commune, int64_t revision);
