#include "programs/stores.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/result.h"
#include "domain/agency/agency.h"
#include "domain/complaint/complaint.h"
#include "domain/consent/consent.h"
#include "domain/document/document.h"
#include "domain/dossier/draft.h"
#include "domain/eid/eid.h"
#include "domain/erasure/erasure.h"
#include "domain/export/export.h"
#include "domain/figure/figure.h"
#include "domain/handover/handover.h"
#include "domain/identity/limit.h"
#include "domain/identity/session.h"
#include "domain/look/look.h"
#include "domain/mandate/mandate.h"
#include "domain/org/org.h"
#include "domain/payment/payment.h"
#include "domain/person/ring.h"
#include "domain/presence/presence.h"
#include "domain/procedure/procedure.h"
#include "domain/report/held.h"
#include "domain/report/report.h"
#include "domain/roster/alarm.h"
#include "domain/setting/setting.h"
#include "domain/staff/account.h"
#include "domain/staff/deputy.h"
#include "domain/staff/passkey.h"
#include "domain/staff/staff.h"
#include "media/upload.h"
#include "push/push.h"
#include "store/copy.h"
#include "store/lease.h"
#include "store/mongo/mongo.h"

/* clang-format off */
const struct store_collection *const stores_data_collections[] = {
    &report_collection,
    &report_public_collection,
    &report_fact_collection,
    &person_collection,
    &login_collection,
    &otp_collection,
    &limit_collection,
    &session_collection,
    &staff_collection,
    &agency_collection,
    &category_collection,
    &rule_collection,
    &setting_collection,
    &upload_collection,
    &delivery_collection,
    &case_sweep_collection,
    &lease_collection,
    &report_held_collection,
    &eid_flow_collection,
    &look_collection,
    &passkey_collection,
    &passkey_flow_collection,
    &copy_collection,
    &procedure_collection,
    &consent_collection,
    &staff_act_collection,
    &staff_admins_collection,
    &dossier_collection,
    &dossier_fact_collection,
    &figure_month_collection,
    &document_collection,
    &file_use_collection,
    &complaint_collection,
    &complaint_fact_collection,
    &organisation_collection,
    &org_link_collection,
    &draft_collection,
    &export_collection,
    &mandate_collection,
    &handover_collection,
    &deputy_collection,
    &roster_collection,
    &presence_collection,
    &alarm_collection,
    &erasure_collection,
    &payment_collection,
    &money_collection,
    &money_day_collection,
    NULL,
};
/* clang-format on */

const struct store_collection *const stores_person_collections[] = {&person_key_collection,
                                                                    &ring_collection, NULL};

const struct store_collection *const stores_tombstone_collections[] = {&tombstone_collection, NULL};

/* Where one of the stores lies. */
struct place {
    const char *folder; /* SQLite's */
    const char *url;    /* of a server; NULL: in the folder */
    const char *suffix; /* of the database there */
    const struct sqlite_progress *progress;
};

static int open_driver(const struct place *p, const struct store_collection *const *collections,
                       size_t n, const char **ret_fault, struct store_driver **ret)
{
    struct sqlite_progress progress = p->progress ? *p->progress : (struct sqlite_progress){0};
    if (p->url) {
        struct mongo_options o = {.url = p->url,
                                  .suffix = p->suffix,
                                  .progress = {progress.fn, progress.ctx},
                                  .ret_why = ret_fault};
        return mongo_open(&o, collections, n, ret);
    }
    struct sqlite_options o = {.folder = p->folder, .progress = progress};
    return sqlite_open(&o, collections, n, ret);
}

static int open_store(const struct place *p, const struct store_collection *const *collections,
                      const char **ret_fault, struct store **ret)
{
    size_t n = 0;
    while (collections[n])
        n++;
    struct store_driver *driver = NULL;
    int done = open_driver(p, collections, n, ret_fault, &driver);
    return done != 0 ? done : store_new(driver, collections, n, ret_fault, ret);
}

/* A server that refuses to answer for a majority's journal is taken all the same, aloud. */
static void tell_concern(struct store *data)
{
    struct mongo_facts facts;
    mongo_facts(store_driver_of(data), &facts);
    if (facts.write_concern != MONGO_WRITE_MAJORITY_JOURNAL)
        log_event(LOG_WARN, "the server of the store acknowledges less than was asked", "writes",
                  mongo_write_concern_words(facts.write_concern), NULL);
    if (!facts.read_majority)
        log_event(LOG_WARN, "the server of the store cannot read what a majority has", NULL);
}

/* One tramd a folder, also where the store is elsewhere: its socket and keyring are here. */
static int lock_folder(const char *folder, int *ret_fd)
{
    char path[STORES_PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/lock", folder) >= sizeof(path))
        return E_INVALID;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return errno == ENOSPC ? E_FULL : E_IO;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return E_IO;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int done = errno == EWOULDBLOCK ? E_BUSY : E_IO;
        close(fd);
        return done;
    }
    *ret_fd = fd;
    return 0;
}

int stores_open_bare(const char *folder, const char *url, const struct sqlite_progress *progress,
                     const char **ret_fault, struct stores *ret)
{
    char persons[STORES_PATH_MAX], tombstones[STORES_PATH_MAX];
    if (!url && (size_t)snprintf(tombstones, sizeof(tombstones), "%s/" STORES_TOMBSTONES, folder) >=
                    sizeof(tombstones))
        return E_INVALID;
    if (!url)
        snprintf(persons, sizeof(persons), "%s/" STORES_PERSONS, folder); /* shorter */
    *ret = (struct stores){.shared = url != NULL, .lock_fd = -1};
    *ret_fault = NULL;
    const struct place data = {folder, url, "", progress};
    const struct place keys = {persons, url, STORES_KEYS_SUFFIX, progress};
    const struct place stones = {tombstones, url, STORES_TOMBSTONES_SUFFIX, progress};
    int done = open_store(&data, stores_data_collections, ret_fault, &ret->data);
    if (done == 0)
        done = open_store(&keys, stores_person_collections, ret_fault, &ret->persons);
    if (done == 0)
        done = open_store(&stones, stores_tombstone_collections, ret_fault, &ret->tombstones);
    if (done != 0)
        stores_close(ret);
    return done;
}

/* What lacks a part of its source is served by nobody. */
static int refuse_half_copy(struct store *data, const char **ret_fault)
{
    struct copy_marker marker;
    struct arena a;
    arena_init(&a);
    int done = copy_marker_read(data, &a, &marker);
    arena_release(&a);
    if (done != 0 || marker.finished_ms)
        return done == STORE_ABSENT ? 0 : done;
    *ret_fault = "the copy into this store is not finished: run tramctl copy again to its end";
    return E_REFUSED;
}

/* Words for what the keyring and its master key come to. */
static int refuse_keyring(int outcome, const char **ret_fault)
{
    switch (outcome) {
    case KEYRING_OTHER_MASTER:
        *ret_fault = "the master key that keys.source gives is not the one that sealed keyring/";
        return E_REFUSED;
    case KEYRING_SEALED:
        *ret_fault = "keyring/ is sealed by a master key: say in keys.source where that is";
        return E_REFUSED;
    case KEYRING_PLAIN:
        *ret_fault = "keys.source gives a master key, and keyring/ is not sealed by one yet: "
                     "tramctl keys seal does it";
        return E_REFUSED;
    case RING_OTHER:
        *ret_fault = "keyring/ is not the one by which this store was sealed: bring that one back";
        return E_REFUSED;
    default:
        return outcome;
    }
}

static int open_keyring(const char *path, const struct keyring_master *master,
                        const char **ret_fault, struct stores *s)
{
    int done = keyring_open_under(path, master, &s->keyring);
    if (done == 0) {
        struct people people = stores_people(s);
        done = ring_check(&people);
    }
    return refuse_keyring(done, ret_fault);
}

int stores_open_under(const char *folder, const char *url, const struct keyring_master *master,
                      const struct sqlite_progress *progress, const char **ret_fault,
                      struct stores *ret)
{
    char keyring[STORES_PATH_MAX];
    int lock_fd = -1;
    *ret = (struct stores){.lock_fd = -1};
    *ret_fault = NULL;
    if ((size_t)snprintf(keyring, sizeof(keyring), "%s/" STORES_KEYRING, folder) >= sizeof(keyring))
        return E_INVALID;
    int done = url ? lock_folder(folder, &lock_fd) : 0;
    if (done == 0)
        done = stores_open_bare(folder, url, progress, ret_fault, ret);
    ret->shared = url != NULL;
    ret->lock_fd = lock_fd;
    if (done == 0)
        done = refuse_half_copy(ret->data, ret_fault);
    if (done == 0)
        done = open_keyring(keyring, master, ret_fault, ret);
    if (done == 0 && url)
        tell_concern(ret->data);
    if (done != 0)
        stores_close(ret);
    return done;
}

int stores_open_url(const char *folder, const char *url, const struct sqlite_progress *progress,
                    const char **ret_fault, struct stores *ret)
{
    return stores_open_under(folder, url, NULL, progress, ret_fault, ret);
}

int stores_open(const char *folder, const struct sqlite_progress *progress, const char **ret_fault,
                struct stores *ret)
{
    return stores_open_url(folder, NULL, progress, ret_fault, ret);
}

void stores_close(struct stores *s)
{
    keyring_free(s->keyring);
    if (s->tombstones)
        store_free(s->tombstones);
    if (s->persons)
        store_free(s->persons);
    if (s->data)
        store_free(s->data);
    if (s->shared)
        closep(&s->lock_fd);
    *s = (struct stores){.lock_fd = -1};
}

static bool is_url(const char *text)
{
    return strncmp(text, "mongodb://", 10) == 0 || strncmp(text, "mongodb+srv://", 14) == 0;
}

int stores_url(const char *option, char out[STORES_URL_MAX])
{
    CLEANUP(buf_release) struct buf file;
    buf_init(&file, STORES_URL_MAX);
    const char *text = option;
    if (!is_url(option)) {
        int done = file_read(option, STORES_URL_MAX - 1, &file);
        if (done != 0)
            return done;
        text = file.data ? file.data : "";
    }
    size_t n = strcspn(text, "\r\n");
    if (!is_url(text) || n >= STORES_URL_MAX)
        return E_CONFIG;
    memcpy(out, text, n);
    out[n] = '\0';
    return 0;
}

int stores_merge_tombstones(const char *folder, struct store *into)
{
    const struct place from = {.folder = folder};
    const char *fault = NULL;
    struct store *other = NULL;
    int done = open_store(&from, stores_tombstone_collections, &fault, &other);
    if (done == 0)
        done = tombstone_merge(into, other);
    if (other)
        store_free(other);
    return done;
}

struct people stores_people(const struct stores *s)
{
    return (struct people){.store = s->data, .keys = s->persons, .keyring = s->keyring};
}
