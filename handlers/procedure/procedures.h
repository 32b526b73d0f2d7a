/* The pages of procedures: what procedures.c and procedure_page.c share, and components.c. */
#pragma once

#include "handlers/app.h"

/* Members that a procedure's page has beside those of its table; NULL-name-ended. All required. */
extern const struct route_component procedure_page_members[];

/*
 * What dossiers of the procedure were most often sent back for in the last year: a list of
 * {component, name, verdict, words, percent} of those that were. Reasons of few dossiers are left
 * out. *ret is the caller's.
 */
int procedure_returned(const struct request *req, const struct procedure *p, json_t **ret);

/* Answers the page of one version, in the request's language. */
int procedure_page(const struct request *req, struct reply *reply, const struct procedure_book *b,
                   const struct procedure *p);
