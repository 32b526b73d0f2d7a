/* Which roots of a folder are believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/result.h"
#include "media/paper/trust.h"
#include "tests/unit/paper/signers.h"

static char folder[] = "/tmp/tram-trust-XXXXXX";

static void put(const char *name, const struct identity *who)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    assert_int_equal(PEM_write_X509(out, who->certificate), 1);
    fclose(out);
}

static int set_up(void **state)
{
    (void)state;
    struct identity real = issue(&(struct issuing){.name = "Gốc quốc gia", .authority = true});
    struct identity made_up = issue(
        &(struct issuing){.name = "Gốc ký thử", .of = TRUST_DEMONSTRATION, .authority = true});
    struct identity like = issue(
        &(struct issuing){.name = "Gốc khác", .of = TRUST_DEMONSTRATION " Ltd", .authority = true});
    if (!mkdtemp(folder))
        return -1;
    put("real.pem", &real);
    put("made_up.pem", &made_up);
    put("like.crt", &like);
    put("passed.txt", &real);
    identity_release(&real);
    identity_release(&made_up);
    identity_release(&like);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"real.pem", "made_up.pem", "like.crt", "passed.txt"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[64];
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void a_root_of_a_demonstration_is_believed_in_one_alone(void **state)
{
    (void)state;
    struct trust t;
    assert_int_equal(trust_load(folder, false, &t), 0);
    assert_int_equal(t.roots, 2);
    assert_int_equal(t.made_up, 1);
    trust_release(&t);
    assert_int_equal(trust_load(folder, true, &t), 0);
    assert_int_equal(t.roots, 3);
    assert_int_equal(t.made_up, 0);
    trust_release(&t);
}

static void without_a_folder_nobody_is_believed(void **state)
{
    (void)state;
    struct trust t;
    assert_int_equal(trust_load(NULL, true, &t), 0);
    assert_int_equal(t.roots, 0);
    trust_release(&t);
    assert_int_equal(trust_load("/nowhere/at/all", false, &t), E_IO);
    trust_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_of_a_demonstration_is_believed_in_one_alone),
        cmocka_unit_test(without_a_folder_nobody_is_believed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
