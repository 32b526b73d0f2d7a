/*
 * Events out, of cases of every kind. The dispatcher finds documents by `next`, expands each
 * pending event to deliveries (documents of their own, id = hash(event, recipient, channel),
 * inserted before the event is removed), rebuilds projections, and sends what goes by SMS and
 * webhook, with backoff. At least once; every delivery has an id that receivers deduplicate on.
 * Events of one subject reach a recipient in order.
 *
 *   inbox    complete when inserted: a notice; told to open streams through the sink
 *   sms      by the transport of the configuration (or the printing sink, --demo only)
 *   webhook  Standard Webhooks to the agency's URL
 */
#pragma once

#include "base/config.h"
#include "base/metrics.h"
#include "base/net/http_client.h"
#include "domain/agency/agency.h"
#include "domain/area/area.h"
#include "domain/person/person.h"
#include "domain/report/report.h"
#include "domain/staff/staff.h"

extern const struct config_key push_config[];
extern struct metric *const push_metrics[];

#define PUSH_TEXT_MAX 1600     /* bytes of a notice's words in one language */
#define PUSH_SMS_MAX 160       /* characters of one unaccented segment */
#define PUSH_BACK_MS 60000     /* how far before the last one seen a stream resumes */
#define PUSH_WEBHOOK_MAX 20000 /* bytes of a webhook's body */

/* CHANNEL_DOCUMENT: no delivery, but a document that cannot be read and was set aside: `subject` is
 * its collection, `about` its id. It is dead from the beginning. */
enum delivery_channel { CHANNEL_INBOX = 1, CHANNEL_SMS, CHANNEL_WEBHOOK, CHANNEL_DOCUMENT };
enum delivery_state { DELIVERY_DONE = 1, DELIVERY_PENDING, DELIVERY_DEAD };
extern const struct entity_name delivery_channels[], delivery_states[];

/* Derived, so that only what waits or is dead stands on those paths. */
struct delivery_x {
    int64_t told_ms; /* a notice: when; all of them stand on this path, for whoever has streams */
    int64_t next_ms; /* pending: when to try */
    int64_t dead_ms; /* dead: since when */
    struct id lane;  /* pending webhook: what it is about; sent in order */
};

struct delivery {
    struct id id;        /* v8 of (event, recipient, channel); not a field */
    struct id recipient; /* person or staff member; inbox only */
    int channel, state;
    int64_t at_ms;       /* stamped at submit; an inbox is read in (at, id) order */
    const char *subject; /* kind of what it is about: "report" */
    struct id about;     /* its id */
    const char *number;  /* its number, told to people */
    const char *what;    /* verb or template: "receive", "warning", "late", … */
    const char *status;  /* state of the case after the step */
    const char *agency;  /* who acted or holds */
    int64_t step;
    const char *text_vi, *text_en; /* the notice's words */
    int64_t read_ms;
    struct entity_bytes payload; /* sms, webhook: what is sent, sealed by the keyring */
    int64_t tries, next_ms;      /* pending: when to try (again); dead: since when */
    int64_t until_ms;            /* not sent after; 0: no bound */
    const char *error;           /* of the last try, English, no personal data */
    int64_t expires_ms;          /* removed by the sweep after; 0 never */
    struct delivery_x x;
};
extern const struct entity delivery_entity;
extern const struct store_collection delivery_collection;

/* Reads a stored delivery; id is set from _id. E_CORRUPT. */
int delivery_decode(const bson_t *doc, struct arena *a, struct delivery *ret);
/* One JSON object, its id first, of what the audience may see: SEE_OWNER for whose inbox it is,
 * SEE_ADMIN for dead letters. The same in lists and in streams. */
void delivery_json(const struct delivery *d, unsigned see, struct buf *out);

/* A kind of case whose events go out. */
struct push_kind {
    const struct case_kept *kept;
    const void *settings; /* the kind's own */
    /*
     * Puts on record what was said with the filing of cases before anybody is told of them; each
     * gets an outcome, 0 or a failure, for which it is
     * left for a while. Idempotent; from push's threads. NULL: nothing is.
     */
    void (*note)(void *ctx, const void *const *records, size_t n, struct arena *a, int *outcomes);
    void *note_ctx;
};
#define PUSH_KINDS_MAX 4

struct push_options {
    const struct config *config;
    struct store *store;
    const struct people *people;
    const struct keyring *keys;
    struct catalogue_holder *catalogue;
    struct area_holder *areas;
    struct calendar_holder *calendar;
    const struct push_kind *kinds; /* of cases, ended by a NULL kept */
    struct http_client *http;
    bool demo;
    /* Tells open streams: wire is in SSE form. Called from push's threads. */
    void (*sink)(void *ctx, const struct id *recipient, const char *wire, size_t n);
    void *sink_ctx;
};

/*
 * The policy of the HTTP client that the options want, from webhook.*: networks expressly allowed,
 * ports, and plain http where `demo` allows it. E_CONFIG with words in *ret_fault (static).
 */
int push_http_policy(const struct config *config, bool demo, const char **ret_fault,
                     struct http_policy *ret);

/*
 * On a store that other processes share, whoever holds the lease dispatches, and each tells its own
 * streams of what push_tail finds; on an exclusive one there is nobody else.
 */
struct push;
/* E_CONFIG, logged, for a transport that may not be used or a step without its words. */
int push_new(const struct push_options *o, struct push **ret);
int push_start(struct push *p); /* starts its threads */
void push_stop(struct push *p); /* finishes what is being written, joins */
void push_free(struct push *p);
/* Something was written that may want dispatching now. From any thread, cheap; never blocks. */
void push_wake(struct push *p, const struct store_collection *c, const struct id *id);

/* One SMS of one unaccented segment (160 GSM-7 characters, longer is cut), durable when it returns,
 * sent at once; not sent after `expires_ms`. `id` makes it happen once. */
int push_sms(struct push *p, const struct id *id, const char *phone, const char *text,
             int64_t now_ms, int64_t expires_ms);

/* Newest first or, for streams, ascending from a time; up to limit. */
int push_inbox(struct store *s, const struct id *recipient, const struct store_query *page,
               struct arena *a, struct store_page *ret);
/* A notice in SSE wire form: id "<at_ms>-<uuid>", event "notice", data: its JSON. */
void push_wire(const struct delivery *d, struct buf *out);
/*
 * What a stream missed: from 60 s before the id it saw last, that one left out. last_event_id NULL
 * or not one of ours: nothing. E_FULL if it does not fit `out`: the client reads its inbox instead.
 */
int push_backlog(struct store *s, const struct id *recipient, const char *last_event_id,
                 struct buf *out);
/*
 * Notices that this or another node stored since the last call, in about the order of their times,
 * each told to the sink once. What is stored late (a slow write) is found by looking back
 * PUSH_TAIL_BACK_MS at every tenth call, a little at the others. One thread.
 */
#define PUSH_TAIL_BACK_MS 20000
struct push_tail;
int push_tail_new(struct store *s, struct push_tail **ret);
void push_tail_free(struct push_tail *t);
int push_tail(struct push_tail *t,
              void (*sink)(void *ctx, const struct id *recipient, const char *wire, size_t n),
              void *ctx);

/* The notices of one person are another's (domain/person/merge.h), a page of them a call. */
int push_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
               bool *ret_more);
/* The notices of somebody who is erased go, a page a call. */
int push_forget(struct store *s, const struct id *recipient, struct arena *a, bool *ret_more);
/*
 * A notice about the account itself, of words made here ("account" and `what`): stored when it
 * returns, told to open streams. `id` makes it happen once. agency: who did it, or NULL.
 */
struct push_account_notice {
    struct id id, recipient;
    const char *what, *agency;
    const char *text_vi, *text_en;
    const char *subject; /* kind of what it is about; NULL: the account */
    struct id about;     /* its id, and the number that people are told */
    const char *number;
};
int push_account(struct push *p, const struct push_account_notice *n, int64_t now_ms);

int push_mark_read(struct store *s, const struct id *recipient, const struct id *delivery,
                   int64_t now_ms); /* 0, STORE_ABSENT */

/* For the operator: dead letters, by the time of death. Replaying begins the schedule anew; of a
 * document that was set aside, it lets the dispatcher look at it again. */
int push_dead(struct store *s, const struct store_query *page, struct arena *a,
              struct store_page *ret);
int push_replay(struct push *p, const struct id *delivery); /* 0; STORE_ABSENT: none is dead */
/* STORE_ABSENT also for a document: it is still there. */
int push_drop(struct push *p, const struct id *delivery);
