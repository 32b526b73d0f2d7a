/*
 * A file, as tramd and its decoders speak of it: what is asked for, what was found, what was made.
 * There are pictures (JPEG, PNG, WebP) and papers (PDF), each with decoders of its own program.
 * limits and facts are plain bytes of fixed size and cross the process border as they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/fault.h"

/* Outcomes of decoding, in process or through the pool. */
enum media_outcome {
    MEDIA_REFUSED = 1, /* the file is nothing that we take; result.fault says why */
    MEDIA_CRASHED = 2, /* two decoders died of it; to be treated as refused, fault is CRASHED */
};

/* What comes of a file: two JPEGs, or a PDF in the place of the large one. */
enum media_makes { MEDIA_MAKES_RENDITIONS, MEDIA_MAKES_PDF };

#define MEDIA_BOXES_MAX 50    /* of one picture */
#define MEDIA_BOX_WHOLE 10000 /* a side of the picture */

/* A part of a picture that nobody may see (media/cover.h): in ten-thousandths of the sides of the
 * upright picture, from its top left. */
struct media_box {
    uint16_t x, y, width, height;
};

/* From the configuration, but for the boxes, which are the job's. Also the bounds of what is
 * believed of a header. */
struct media_limits {
    uint64_t bytes_max;  /* of the file, what trails the picture included */
    uint64_t pixels_max; /* width times height */
    uint64_t unfold_max; /* bytes that all packed streams of a PDF may unpack to */
    uint32_t side_max;   /* pixels */
    uint32_t pages_max;  /* of a PDF */
    uint32_t points_max; /* side of a page, 1/72 inch; 14400 is what PDF itself bounds it to */
    uint32_t large_side; /* longest side of the renditions; smaller pictures are not enlarged */
    uint32_t small_side;
    uint32_t quality; /* of the renditions' JPEG, 1 to 100 */
    uint32_t makes;   /* enum media_makes */
    uint32_t n_boxes; /* that are filled in both renditions */
    struct media_box boxes[MEDIA_BOXES_MAX];
};

#define MEDIA_LIMITS_DEFAULT                                                                       \
    {                                                                                              \
        .bytes_max = 20 << 20, .pixels_max = 50000000, .unfold_max = 512 << 20, .side_max = 12000, \
        .pages_max = 100, .points_max = 14400, .large_side = 1280, .small_side = 320,              \
        .quality = 82                                                                              \
    }

enum media_type {
    MEDIA_TYPE_NONE,
    MEDIA_TYPE_JPEG,
    MEDIA_TYPE_PNG,
    MEDIA_TYPE_WEBP,
    MEDIA_TYPE_PDF
};

/* What the camera wrote beside the picture: private data, to be sealed under the person's key. */
struct media_exif {
    int64_t taken_ms; /* a time without offset is read as +07:00 */
    double lat, lon;  /* WGS 84 degrees, within ±90 and ±180 */
    uint8_t has_taken, has_place;
    uint8_t orientation; /* 1 to 8 (Exif 2.32, tag 0x0112); 1 if there is none or it is nonsense */
    uint8_t padding[5];
};

#define MEDIA_SIGNATURES_MAX 8

/*
 * What became of the signatures of a PDF (ISO 32000-2 §12.8, ETSI EN 319 142-1 PAdES), together and
 * each. UNTRUSTED: mathematically sound, but by nobody whom a configured root vouches for.
 */
enum media_signed {
    MEDIA_SIGNED_NONE,
    MEDIA_SIGNED_VALID,
    MEDIA_SIGNED_UNTRUSTED,
    MEDIA_SIGNED_INVALID,
};

/* Why a signature is not valid; media_signature_words (fault.h) has them for people. */
enum media_signature_flaw {
    MEDIA_FLAW_NONE,
    MEDIA_FLAW_RANGE,    /* /ByteRange is nonsense, or leaves out more than the signature itself */
    MEDIA_FLAW_APPENDED, /* bytes follow that no signature covers */
    MEDIA_FLAW_HIDDEN,   /* the document's own signatures are not those that the file shows */
    MEDIA_FLAW_FORM,     /* no CMS of one signer, or of a kind that is not known */
    MEDIA_FLAW_CHANGED,  /* what was signed is not what is there */
    MEDIA_FLAW_WEAK,     /* SHA-1, MD5, a short key */
    MEDIA_FLAW_USAGE,    /* a certificate that is not for signing */
    MEDIA_FLAW_UNKNOWN,  /* no configured root vouches for the signer */
    MEDIA_FLAW_EXPIRED,  /* a certificate was not in force when it was signed */
    MEDIA_FLAW_REVOKED,
    MEDIA_FLAW_COUNT,
};

/* A revocation list of the configured folder said so, or none that can be believed is there. */
enum media_revocation { MEDIA_REVOCATION_UNKNOWN, MEDIA_REVOCATION_GOOD, MEDIA_REVOCATION_BAD };

struct media_signature {
    int64_t signed_ms; /* 0: it does not say */
    uint8_t verdict;   /* enum media_signed, not NONE */
    uint8_t flaw;      /* enum media_signature_flaw */
    uint8_t revocation;
    uint8_t stamped;   /* signed_ms is by a time-stamp of a trusted authority (RFC 3161), else the
                        * signer's own word */
    uint8_t whole;     /* covers the file to its end; else what came before a later signature */
    uint8_t timestamp; /* a document time-stamp: nobody's signature */
    uint8_t padding[2];
    char signer[128]; /* common name of the certificate, UTF-8; empty: there is none */
    char issuer[128];
    char serial[48]; /* hex */
};

struct media_facts {
    /*
     * Bytes of the picture proper, from the start of the file. Phones append films, depth maps and
     * second pictures behind it, attackers archives and scripts: whoever stores the original
     * stores these bytes and drops the rest.
     */
    uint64_t sound_bytes;
    /* 64 signs of the brightness gradient of the upright picture (dHash, 9 × 8): two photos of one
     * scene differ in few bits. */
    uint64_t likeness;
    uint32_t width, height; /* upright, of the original; of a PDF's first page: points */
    uint32_t pages;         /* 1 of a picture */
    uint8_t type;           /* enum media_type */
    uint8_t animated;       /* an APNG or WebP; its first frame is what is shown */
    uint8_t cmyk;
    uint8_t partial;      /* a PDF's first page has text in fonts that the file does not bring: it
                           * is not drawn */
    uint8_t verdict;      /* enum media_signed of all signatures: the worst */
    uint8_t n_signatures; /* at most MEDIA_SIGNATURES_MAX are told, the last ones of the file */
    uint8_t padding[6];
    struct media_exif exif;
    struct media_signature signatures[MEDIA_SIGNATURES_MAX];
};

/* A JPEG of the upright picture, without metadata; colour profiles are dropped, not applied. */
struct media_rendition {
    uint8_t *bytes; /* owned; NULL if there is none */
    size_t n;
    uint32_t width, height;
};

#define MEDIA_RENDITION_BYTES_MAX (8 << 20)

struct media_result {
    enum media_fault fault;
    struct media_facts facts;            /* valid if decoding returned 0 */
    struct media_rendition large, small; /* likewise */
};

/* False if a limit is zero, beyond what the decoder is built for, or small_side > large_side. */
bool media_limits_valid(const struct media_limits *limits);
/* Has a size, and lies in the picture. */
bool media_box_valid(const struct media_box *box);
void media_result_release(struct media_result *result); /* leaves it empty */
