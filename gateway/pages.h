/*
 * Pages for people, as web/build.mjs left them in a folder: read into memory at the start, with
 * what brotli and gzip made of them, so that serving one touches no file. Nothing but what the
 * folder's pages.json names is served. A page in the folder of another version of the program is
 * refused, for it may call what is not there.
 */
#pragma once

#include <stddef.h>

#include "gateway/reply.h"

#define PAGES_BYTES_MAX ((size_t)16 << 20) /* all of them, with their smaller forms */

struct pages;

/*
 * Reads `folder`. `tiles` is the address of map tiles, "https://tiles.example/{z}/{x}/{y}.png", or
 * "": their origin is the only one besides ours that a page may show images of. A failure, and
 * words for the operator in `faults`, if the folder is unsound; caller frees.
 */
int pages_load(const char *folder, const char *tiles, struct buf *faults, struct pages **ret);
void pages_free(struct pages *p);

/*
 * Answers with an HTML page. What is not NULL stands in the head and in the body of it, as HTML:
 * whoever makes it escapes what strangers wrote. PROBLEM_NOT_FOUND where there are no pages.
 */
int reply_page(struct reply *reply, const struct request *req, const char *name, const char *head,
               const char *body);
