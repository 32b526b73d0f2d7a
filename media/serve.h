/* The life of a decoder process: closes the sandbox, then answers jobs until the channel ends. */
#pragma once

#include "media/media.h"

/* As media_decode_image (media/decode.h). Called inside the sandbox, one at a time. */
typedef int (*decoder_fn)(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                          struct media_result *ret);

/* `argument` is what media/pool.h gives: address space in MiB, or "--prove" to try what the sandbox
 * forbids. Returns the exit status. */
int decoder_serve(const char *name, const char *argument, decoder_fn fn);
