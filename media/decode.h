/*
 * A picture decoded in this process, without any sandbox. tramd never calls it: strangers' bytes
 * go to a decoder process through media/pool.h, whose whole work this is. Tests and fuzzers call
 * it directly, since AddressSanitizer's shadow does not fit under RLIMIT_AS, nor its system calls
 * through the filter.
 */
#pragma once

#include "media/media.h"

/*
 * 0 and *ret, MEDIA_REFUSED with ret->fault, E_INVALID for unsound limits, E_NOMEM, E_FULL (a
 * rendition past MEDIA_RENDITION_BYTES_MAX). media_result_release(ret) after 0; else nothing is
 * owned. Pure but for memory; thread-safe.
 */
int media_decode_image(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                       struct media_result *ret);
