/* Where the stores lie: what --store may name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/result.h"
#include "programs/stores.h"

static void write_file(char path[64], const char *text)
{
    const char *base = getenv("TMPDIR");
    snprintf(path, 64, "%s/tram-store-XXXXXX", base ? base : "/tmp");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void a_url_is_taken_as_it_is(void **state)
{
    (void)state;
    static const char *const urls[] = {"mongodb://localhost/tram",
                                       "mongodb+srv://u:p@example.vn/?tls=true"};
    char url[STORES_URL_MAX], longest[STORES_URL_MAX + 8];
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        assert_int_equal(stores_url(urls[i], url), 0);
        assert_string_equal(url, urls[i]);
    }
    memset(longest, 'x', sizeof(longest));
    memcpy(longest, "mongodb://", 10);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(stores_url(longest, url), E_CONFIG);
}

static void a_file_may_hold_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int result;
    } files[] = {
        {"mongodb://u:p@host/tram", 0},           {"mongodb://u:p@host/tram\n", 0},
        {"mongodb://u:p@host/tram\r\nmore\n", 0}, {"\nmongodb://u:p@host/tram\n", E_CONFIG},
        {"postgres://u:p@host/tram\n", E_CONFIG}, {"", E_CONFIG},
    };
    char path[64], url[STORES_URL_MAX];
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        write_file(path, files[i].text);
        assert_int_equal(stores_url(path, url), files[i].result);
        if (files[i].result == 0)
            assert_string_equal(url, "mongodb://u:p@host/tram");
        unlink(path);
    }
    assert_int_equal(stores_url(path, url), E_IO);
}

/* The folder is locked all the same, and let go when no server answers. */
static void nobody_at_the_url_is_told(void **state)
{
    (void)state;
    char folder[64];
    const char *base = getenv("TMPDIR"), *fault;
    struct stores s;
    snprintf(folder, sizeof(folder), "%s/tram-store-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 2; i++)
        assert_int_equal(stores_open_url(folder,
                                         "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100",
                                         NULL, &fault, &s),
                         E_UNAVAILABLE);
    assert_int_equal(stores_open_url(folder, "mongodb://127.0.0.1:1//tram", NULL, &fault, &s),
                     E_CONFIG);
    assert_non_null(strstr(fault, "one slash"));
    char lock[STORES_PATH_MAX];
    snprintf(lock, sizeof(lock), "%s/lock", folder);
    assert_int_equal(unlink(lock), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_taken_as_it_is),
        cmocka_unit_test(a_file_may_hold_it),
        cmocka_unit_test(nobody_at_the_url_is_told),
    };
    return cmocka_run_group_tests_name("stores", tests, NULL, NULL);
}
