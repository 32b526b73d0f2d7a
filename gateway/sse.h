/*
 * Live events to open streams. Any thread may publish; a slow client's stream is ended when more
 * than 64 KiB wait for it (it reconnects with Last-Event-ID). A comment is sent every 15 s.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/id.h"

struct gateway;

/* Appends one event in wire form; id and name have no newline; data may have several lines. */
void sse_format(struct buf *out, const char *id, const char *name, const char *data);
/* To every open stream of the subject on this node; returns how many. Nothing (n is 0): those that
 * admit (reply_sse) are judged anew. */
size_t gateway_publish(struct gateway *g, const struct id *subject, const char *wire, size_t n);
/* Ends the streams of a session (signed out) and forgets its cached tokens. */
void gateway_end_session(struct gateway *g, const struct id *session);
