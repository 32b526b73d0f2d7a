/* A page for who opens an address from a printed code with a telephone: a title and a few lines. */
#pragma once

#include "gateway/gateway.h"

struct plain_row {
    const char *label, *text; /* text NULL: left out */
};

/* In the request's language; texts are escaped. */
int plain_page(const struct request *req, struct reply *reply, const char *title,
               const struct plain_row *rows, size_t n);
