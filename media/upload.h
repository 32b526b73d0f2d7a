/*
 * What people send along: an upload arrives in chunks (tus), is decoded in the sandbox when it is
 * whole, and becomes a photo or a paper with two renditions (a paper's of its first page); a video
 * waits in a queue to be checked (media/videos.h), and has a film that browsers play besides.
 * Nothing is served before it was found sound. Parts that arrive beside each other are bytes and no
 * more, until they are joined.
 *
 * Each upload has a key of its own, sealed under its owner's (a staff member's by the keyring).
 * Under it lie the bytes that have arrived (XChaCha20 as a stream, at their offset), and later the
 * original in frames (base/crypto/frames.h), what the camera wrote and who signed. Renditions carry
 * no metadata and lie open; who may fetch them is for the handlers to say.
 */
#pragma once

#include <jansson.h>

#include "domain/person/person.h"
#include "media/pool.h"
#include "store/sealed.h"
#include "store/store.h"

#define UPLOAD_BYTES_MAX (20 * 1024 * 1024)        /* of one photo or paper */
#define UPLOAD_METADATA_MAX 1024                   /* bytes of Upload-Metadata */
#define UPLOAD_LIFE_MS (INT64_C(24) * 3600 * 1000) /* of one that no case took */
#define UPLOAD_JOINED_MS (INT64_C(3600) * 1000)    /* of a part after it was joined: for a repeat */
#define UPLOAD_PARTS_MAX 16                        /* that one upload is joined from */
#define UPLOAD_CHECKS_MAX 8        /* videos of one sender that wait to be checked */
#define UPLOAD_UNKNOWN INT64_C(-1) /* length: the sender does not know it yet */

enum upload_state {
    UPLOAD_ARRIVING = 1,
    UPLOAD_SOUND,
    UPLOAD_REFUSED,
    UPLOAD_CHECKING, /* a video that is whole; a report may have it already */
};

enum upload_outcome {
    UPLOAD_OFFSET = 401,    /* append: not the offset that it is at; *ret_offset says which */
    UPLOAD_OVER = 402,      /* more bytes than announced, or it is whole already */
    UPLOAD_NOT_OURS = 403,  /* another owner's, or none of that id */
    UPLOAD_NOT_SOUND = 404, /* still arriving, or refused */
    UPLOAD_TAKEN = 405,     /* attached to another case */
    UPLOAD_OTHER = 406,     /* a paper where photos are wanted, or the other way round */
    UPLOAD_LENGTH = 407,    /* another length was announced before, or less than has arrived */
    UPLOAD_NO_PART = 408,   /* join: not a part, or it is not whole */
    UPLOAD_COVERED = 421,   /* cover: its boxes were set meanwhile */
};

/* What a place takes; a mask. A photo of a paper is a paper of one page. */
enum upload_kind { UPLOAD_PHOTO = 1, UPLOAD_PAPER = 2, UPLOAD_ANY = 3, UPLOAD_VIDEO = 4 };

/* A part of a photo that nobody but its sender and, with a reason, who handles it may see: in
 * ten-thousandths of the upright picture (struct media_box). */
struct upload_box {
    int64_t x, y, width, height;
};
extern const struct entity upload_box_entity;

struct upload {
    struct id id;    /* v4; not a field */
    struct id owner; /* person or staff member who sends it */
    /* For whom, where that is somebody else (domain/acting/): then it is theirs, and whoever may
     * act for them may go on with it and put it into their cases. nil: the owner's own. */
    struct id principal;
    bool staff;
    int state;
    bool video;                   /* announced as one, or found to be one */
    bool part;                    /* of one that is still to be joined; never decoded */
    const char *parts;            /* it was joined from these: ids, a space between */
    int64_t length;               /* announced, or UPLOAD_UNKNOWN */
    struct entity_bytes metadata; /* sealed: Upload-Metadata as sent (a file's name names people) */
    struct entity_bytes key;
    struct id arriving;               /* blob of what has arrived; removed when whole */
    struct id original, large, small; /* blobs; of a video, the last two are of its poster */
    struct id film;                   /* blob of a video: an MP4 without metadata */
    int64_t original_size, large_size, small_size, film_size; /* plain bytes */
    /* Of the original: "image/jpeg", "image/png", "image/webp", "application/pdf", "video/mp4",
     * "video/quicktime", "video/webm". */
    const char *type;
    const char *sha256;    /* of the original's plain bytes, 64 hex digits */
    int64_t width, height; /* upright, of the original; of a paper's first page in 1/72 inch */
    int64_t pages;         /* 1 of a photo */
    bool partial;          /* text in fonts that a paper does not bring is not in its renditions */
    int verdict;           /* enum media_signed of a paper */
    struct entity_bytes signatures; /* sealed JSON; upload_signatures */
    const char *likeness;           /* perceptual hash, 16 hex digits */
    struct entity_list boxes;       /* struct upload_box: what both renditions have covered */
    int64_t covered;                /* how often boxes were set: names the renditions of now */
    int64_t covered_ms;             /* when last, and by which staff member */
    struct id covered_by;
    struct entity_bytes exif; /* sealed struct media_exif */
    const char *fault;        /* refused: slug of media/fault.h */
    struct id attached;       /* the case it belongs to */
    int64_t created_ms, expires_ms;
    int64_t duration_ms; /* of a video */
    /* CHECKING: when it may be taken (again), who has it, how often it was taken, percent. */
    int64_t check_ms;
    struct id check_by;
    int64_t check_tries, progress;
};
extern const struct entity upload_entity;
extern const struct store_collection upload_collection;

struct videos; /* media/videos.h */

struct upload_service {
    struct store *store;
    const struct people *people;
    struct media_pool *decoders; /* tram-decoder: pictures */
    struct media_pool *papers;   /* tram-papers: PDFs */
    struct videos *videos;       /* NULL: none are taken */
};

/* Whose it is. */
static inline const struct id *upload_whose(const struct upload *u)
{
    return id_is_nil(&u->principal) ? &u->owner : &u->principal;
}

struct upload_new {
    const struct id *owner;
    bool staff;
    const struct id *principal; /* NULL: for the owner themselves */
    const char *metadata;       /* Upload-Metadata; may be NULL */
    bool video, part;
    int64_t length; /* 1 to upload_bytes_max, or UPLOAD_UNKNOWN */
};

/* Bytes of one upload; of a video 0 where none are taken. */
int64_t upload_bytes_max(const struct upload_service *s, bool video);

int upload_create(const struct upload_service *s, const struct upload_new *n, int64_t now_ms,
                  struct arena *a, struct upload *ret);
/*
 * One that is whole at once: the bytes of parts of whom it is for, in their order (n->length does
 * not matter), then decoded; *ret is what became of it: still arriving where no decoder was free,
 * and asking for the offset tries again. The parts go an hour later. 0, UPLOAD_NO_PART,
 * UPLOAD_NOT_OURS, UPLOAD_OVER (more than upload_bytes_max), E_*: nothing is stored.
 */
int upload_join(const struct upload_service *s, const struct upload_new *n, const struct id *parts,
                size_t n_parts, int64_t now_ms, struct arena *a, struct upload *ret);
/* How long that would be: 0, or the outcomes of upload_join. */
int upload_join_length(const struct upload_service *s, const struct upload_new *n,
                       const struct id *parts, size_t n_parts, int64_t now_ms, struct arena *a,
                       int64_t *ret);
/* How long it will be, of one announced without; the same again is harmless. Where more arrives
 * meanwhile it is not known again. 0, UPLOAD_LENGTH. */
int upload_declare(const struct upload_service *s, struct upload *u, int64_t length,
                   struct arena *a);
/* The sender gives it up. 0, UPLOAD_TAKEN: a case has it, STORE_ABSENT. */
int upload_remove(struct store *s, const struct upload *u, struct arena *a);
/* 0, STORE_ABSENT. */
int upload_get(struct store *s, const struct id *id, struct arena *a, struct upload *ret);
/* How many bytes have arrived. One that is whole but was not yet decoded (a crash came between) is
 * decoded now; *u is then what became of it. UPLOAD_NOT_OURS: what had arrived is gone. */
int upload_offset(const struct upload_service *s, struct upload *u, struct arena *a,
                  int64_t *ret_offset);
/*
 * Appends a chunk, durably; with the last byte it is decoded and *u is what became of it (SOUND or
 * REFUSED; CHECKING of a video). 0, UPLOAD_OFFSET, UPLOAD_OVER: *ret_offset says how far it is;
 * UPLOAD_NOT_OURS: it went meanwhile; E_*. E_BUSY when no decoder was
 * free: everything has arrived, and asking for the offset tries again. The bytes are sealed where
 * they lie, and are of no use afterwards.
 */
int upload_append(const struct upload_service *s, struct upload *u, int64_t offset, void *bytes,
                  size_t n, struct arena *a, int64_t *ret_offset);
/* "none", "valid", "untrusted", "invalid": how a paper is signed; "none" of a photo. */
const char *upload_signed(const struct upload *u);
/* What a file's name ends with, by its type: ".jpg". */
const char *upload_extension(const char *type);
/* PHOTO, PAPER or VIDEO, of one that is sound or being checked. */
enum upload_kind upload_kind(const struct upload *u);
/* It may belong to a case: it was found sound, or is a video that is being checked. */
static inline bool upload_is_whole(const struct upload *u)
{
    return u->state == UPLOAD_SOUND || u->state == UPLOAD_CHECKING;
}
/* Binds such an upload, of a kind in `takes`, of whom it is for (upload_whose) to a case; repeating
 * it is harmless. Outcomes above. */
int upload_attach(struct store *s, const struct id *id, const struct id *whose, unsigned takes,
                  const struct id *case_id, struct arena *a, struct upload *ret);
/* The same of many, each of whom it is for, in one write. Each gets an outcome; after 0 `upload` is
 * what it is now. */
struct upload_attaching {
    struct id id, whose;
    struct upload upload;
    int outcome;
};
void upload_attach_many(struct store *s, struct upload_attaching *items, size_t n, unsigned takes,
                        const struct id *case_id, struct arena *a);
/* Such an upload of the owner stays until then though no case takes it. Outcomes above. */
int upload_keep(struct store *s, const struct id *id, const struct id *owner, unsigned takes,
                int64_t until_ms, struct arena *a, struct upload *ret);
/* What a case has been given so far: uploads and their plain bytes. */
int upload_attached(struct store *s, const struct id *case_id, struct arena *a, int64_t *ret_n,
                    int64_t *ret_bytes);

/*
 * The signatures of a paper: an array of {verdict, flaw, signer, issuer, serial, signed_ms,
 * stamped, whole, timestamp, revocation} as media/media.h has them, flaw by its slug; an empty one
 * if there are none. json_decref. 0, PERSON_ERASED, E_*.
 */
int upload_signatures(const struct upload_service *s, const struct upload *u, json_t **ret);

/* The uploads of one person are another's (domain/person/merge.h), their keys sealed under the
 * other's; a page of them a call. What cannot be opened any more is passed over. */
int upload_reown(const struct upload_service *s, const struct id *from, const struct id *into,
                 struct arena *a, bool *ret_more);
/* The original of a sound photo, to be read (store/sealed.h). 0, PERSON_ERASED, STORE_ABSENT (it is
 * gone), E_CORRUPT. */
int upload_original(const struct upload_service *s, const struct upload *u,
                    struct sealed_reader *ret);
/* Upload-Metadata as it was sent, in the arena; NULL: none was. 0, PERSON_ERASED, E_*. */
int upload_metadata(const struct upload_service *s, const struct upload *u, struct arena *a,
                    const char **ret);
/* What the camera wrote. 0, STORE_ABSENT (nothing), PERSON_ERASED, E_CORRUPT. */
int upload_exif(const struct upload_service *s, const struct upload *u, struct media_exif *ret);
/*
 * Covering parts of a sound photo, in two halves, so that the caller can note it between them.
 * First both renditions are made anew from the original, with the boxes covered (none: as at
 * first); then one write of the document puts them into the place of those before, whose blobs are
 * gone when it returns: no answer that begins afterwards holds what is covered, and an address or a
 * copy that somebody has is of renditions that are no more (u->covered is another). A failure
 * before that write leaves all as it was.
 */
struct upload_cover {
    struct upload_box *boxes; /* sound (media_box_valid) */
    size_t n;                 /* at most MEDIA_BOXES_MAX */
    struct id by;
    int64_t now_ms;
    struct id large, small; /* set by make: blobs that no document names yet */
    int64_t large_size, small_size;
};
/* Whether something that is covered would not be any more. */
bool upload_cover_bares(const struct upload *u, const struct upload_cover *c, struct arena *a);
/* 0, PERSON_ERASED or STORE_ABSENT (the original is gone), E_BUSY and E_UNAVAILABLE (no decoder),
 * E_CORRUPT. Nothing is stored but after 0. */
int upload_cover_make(const struct upload_service *s, const struct upload *u,
                      struct upload_cover *c, struct arena *a);
/* 0 and *u as it is now; UPLOAD_COVERED: not those that u->covered counts any more;
 * UPLOAD_NOT_OURS: it is gone; E_*. What was made is taken back where it is known not to be named.
 */
int upload_cover_set(struct store *s, struct upload *u, const struct upload_cover *c,
                     struct arena *a);
/* Takes back what was made and is not to be set. */
void upload_cover_drop(struct store *s, const struct upload_cover *c);

/*
 * The photos of somebody who is erased, a page a call; `fate` decides of each. Nothing stays under
 * their name.
 */
enum upload_fate {
    UPLOAD_GONE = 1, /* with its blobs */
    UPLOAD_SHOWN,    /* anybody may see it: renditions stay, the original goes */
    UPLOAD_RELEASED, /* it belongs to what is kept, by law or as another's: its key goes under the
                      * keyring */
};
int upload_erase(const struct upload_service *s, const struct id *owner,
                 int (*fate)(void *ctx, const struct upload *u, struct arena *a,
                             enum upload_fate *ret),
                 void *ctx, struct arena *a, bool *ret_more);
/* The same of one that somebody else sent for them: GONE or SHOWN. */
int upload_erase_one(const struct upload_service *s, const struct upload *u, enum upload_fate fate);
/* Its time is over, though the sweep may not have come yet. */
static inline bool upload_expired(const struct upload *u, int64_t now_ms)
{
    return u->expires_ms && u->expires_ms <= now_ms;
}
/* Removes expired uploads that no case took, with their blobs; at most `max`. */
int upload_sweep(struct store *s, int64_t now_ms, size_t max, size_t *ret_removed);
