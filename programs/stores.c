#include "programs/stores.h"

#include <stdio.h>

#include "base/result.h"
#include "domain/agency/agency.h"
#include "domain/identity/limit.h"
#include "domain/identity/session.h"
#include "domain/report/report.h"
#include "domain/setting/setting.h"
#include "domain/staff/staff.h"
#include "media/upload.h"
#include "push/push.h"

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
    &report_sweep_collection,
    NULL,
};

const struct store_collection *const stores_person_collections[] = {&person_key_collection, NULL};

static int open_store(const char *folder, const struct store_collection *const *collections,
                      const struct sqlite_progress *progress, const char **ret_fault,
                      struct store **ret)
{
    size_t n = 0;
    while (collections[n])
        n++;
    struct sqlite_options options = {.folder = folder};
    if (progress)
        options.progress = *progress;
    struct store_driver *driver = NULL;
    int done = sqlite_open(&options, collections, n, &driver);
    return done != 0 ? done : store_new(driver, collections, n, ret_fault, ret);
}

int stores_open(const char *folder, const struct sqlite_progress *progress, const char **ret_fault,
                struct stores *ret)
{
    char persons[STORES_PATH_MAX], keyring[STORES_PATH_MAX];
    if ((size_t)snprintf(persons, sizeof(persons), "%s/" STORES_PERSONS, folder) >=
            sizeof(persons) ||
        (size_t)snprintf(keyring, sizeof(keyring), "%s/" STORES_KEYRING, folder) >= sizeof(keyring))
        return E_INVALID;
    *ret = (struct stores){0};
    *ret_fault = NULL;
    int done = open_store(folder, stores_data_collections, progress, ret_fault, &ret->data);
    if (done == 0)
        done = open_store(persons, stores_person_collections, progress, ret_fault, &ret->persons);
    if (done == 0)
        done = keyring_open(keyring, &ret->keyring);
    if (done != 0)
        stores_close(ret);
    return done;
}

void stores_close(struct stores *s)
{
    keyring_free(s->keyring);
    if (s->persons)
        store_free(s->persons);
    if (s->data)
        store_free(s->data);
    *s = (struct stores){0};
}

struct people stores_people(const struct stores *s)
{
    return (struct people){.store = s->data, .keys = s->persons, .keyring = s->keyring};
}
