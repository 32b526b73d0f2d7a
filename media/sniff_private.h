/* Between sniff.c and those of each format. */
#pragma once

#include "media/sniff.h"

struct sniff_bytes {
    const uint8_t *at;
    size_t n;
};

static inline uint32_t sniff_be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t sniff_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The file begins with the right signature. */
enum media_fault sniff_jpeg(struct sniff_bytes file, const struct media_limits *limits,
                            struct sniff *ret);
enum media_fault sniff_png(struct sniff_bytes file, const struct media_limits *limits,
                           struct sniff *ret);
/* It begins with RIFF, and WEBP behind the size, as far as it goes. */
enum media_fault sniff_webp(struct sniff_bytes file, const struct media_limits *limits,
                            struct sniff *ret);
/* Are width and height within the limits? */
enum media_fault sniff_size(const struct sniff *s, const struct media_limits *limits);
