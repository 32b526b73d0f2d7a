/* What every test of the contract starts from: a fresh store on the engine under judgement. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/result.h"
#include "store/store.h"
#include "tests/contract/engine.h"
#include "tests/contract/things.h"

struct fixture {
    struct ground ground;
    struct store *store;
    struct store_driver *driver; /* the store's: faulty, around the engine's */
    struct arena arena;
};

/* Set once by main. */
extern const struct engine *fixture_engine;

/* cmocka setup and teardown; *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Opens the store on its ground; fixture_setup has done so. */
int fixture_open(struct fixture *f);
/* Closes the store and opens it again on the same ground. */
void fixture_reopen(struct fixture *f);

/* A store of the same collections over another engine's driver, which becomes faulty too. */
int fixture_store(struct store_driver *inner, struct store **ret);

/* Inserts a complete document through the driver. */
void fixture_insert(struct fixture *f, const struct thing *t);
/* Replaces the document of t->n, stored in t->version - 1. */
int fixture_replace(struct fixture *f, const struct thing *t);

/* The rows of a scan through the driver, as "3 1 2", in the fixture's arena. */
const char *fixture_scan(struct fixture *f, const struct store_scan *scan);
/* The documents of a page, in the same way. */
const char *fixture_page(struct fixture *f, const struct store_page *page);

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

/* One a theme; each runs its group and returns the number of failures. */
int documents_suite(void);
int scan_suite(void);
int plan_suite(void);
int tally_suite(void);
int words_suite(void);
int create_suite(void);
int change_suite(void);
int many_suite(void);
int fault_suite(void);
int blob_suite(void);
int lease_suite(void);
int copy_suite(void);
int copy_refusal_suite(void);
int concurrency_suite(void);
int processes_suite(void); /* of engines that processes share */
