#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/config.h"
#include "base/result.h"

CLEANUP_PTR(struct config, config_free)

static const struct config_key http_keys[] = {
    {"http.port", CONFIG_INT, "8080", 1, 65535, "Port to listen on."},
    {"http.tls", CONFIG_BOOL, "yes", 0, 0, "Whether TLS is spoken."},
    {"http.body_max", CONFIG_SIZE, "1m", 1024, 4194304, "Largest body."},
    {"http.idle", CONFIG_DURATION, "30s", 0, 0, "Time before an idle connection is closed."},
    {"http.hosts", CONFIG_LIST, "", 0, 3, "Names that are served | nothing else."},
    {NULL, CONFIG_TEXT, NULL, 0, 0, NULL},
};
static const struct config_key push_keys[] = {
    {"push.sms.sender", CONFIG_TEXT, "TRAM", 0, 11, "Sender shown."},
    {"push.sms.secret_file", CONFIG_SECRET_FILE, "", 0, 0, "Key of the SMS gateway."},
    {NULL, CONFIG_TEXT, NULL, 0, 0, NULL},
};
static const struct config_key *const tables[] = {http_keys, push_keys};

static char folder[64], ini[96], secret[96];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tram-config-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(ini, sizeof ini, "%s/tram.ini", folder);
    snprintf(secret, sizeof secret, "%s/push.sms", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(ini);
    unlink(secret);
    return rmdir(folder);
}

static void write_file(const char *path, const char *bytes, size_t n, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

/* Loads `text` as the file; returns the faults (caller frees), NULL if there are none. */
static char *load(const char *text, struct config **ret)
{
    write_file(ini, text, strlen(text), 0600);
    struct buf faults;
    buf_init(&faults, 100000);
    int result = config_load(tables, ARRAY_LEN(tables), ini, ret, &faults);
    assert_int_equal(result, faults.len > 0 ? E_CONFIG : 0);
    return buf_steal(&faults);
}

static void fallbacks(void **state)
{
    (void)state;
    CLEANUP(config_freep) struct config *c = NULL;
    struct buf faults;
    buf_init(&faults, 1000);
    assert_int_equal(config_load(tables, 2, NULL, &c, &faults), 0);
    assert_int_equal(config_int(c, "http.port"), 8080);
    assert_true(config_bool(c, "http.tls"));
    assert_int_equal(config_int(c, "http.body_max"), 1024 * 1024);
    assert_int_equal(config_int(c, "http.idle"), 30000);
    assert_int_equal(config_list(c, "http.hosts").n, 0);
    assert_string_equal(config_text(c, "push.sms.sender"), "TRAM");
}

static void the_file_and_then_the_environment(void **state)
{
    (void)state;
    CLEANUP(config_freep) struct config *c = NULL;
    setenv("TRAM_HTTP_BODY_MAX", "2K", 1);
    setenv("TRAM_TEST_ANYTHING", "x", 1);
    CLEANUP(freep)
    char *faults = load("; a comment\n[http]\nport = 443\ntls=off\nbody_max=3m\n"
                        "idle = 2h\nhosts = a.vn , b.vn\n\n[push.sms]\n"
                        "sender = Trạm\n",
                        &c);
    unsetenv("TRAM_HTTP_BODY_MAX");
    unsetenv("TRAM_TEST_ANYTHING");
    assert_null(faults);
    assert_int_equal(config_int(c, "http.port"), 443);
    assert_false(config_bool(c, "http.tls"));
    assert_int_equal(config_int(c, "http.body_max"), 2048);
    assert_int_equal(config_int(c, "http.idle"), 7200000);
    struct config_list hosts = config_list(c, "http.hosts");
    assert_int_equal(hosts.n, 2);
    assert_string_equal(hosts.items[0], "a.vn");
    assert_string_equal(hosts.items[1], "b.vn");
    assert_string_equal(config_text(c, "push.sms.sender"), "Trạm");
}

static void all_faults_are_told_at_once(void **state)
{
    (void)state;
    struct config *c = NULL;
    setenv("TRAM_HTPP_PORT", "1", 1);
    setenv("TRAM_HTTP_TLS", "maybe", 1);
    CLEANUP(freep)
    char *faults = load("[http]\nprt = 1\nport = 70000\nnonsense\nbody_max = 5x\n"
                        "idle = 30\nhosts = a,,b\n[push.sms]\nsender = 1\n"
                        "sender = 2\n[http]\nidle = 1s\n",
                        &c);
    unsetenv("TRAM_HTPP_PORT");
    unsetenv("TRAM_HTTP_TLS");
    assert_null(c);
    static const char *const expected[] = {
        "%s:2: http.prt: unknown key\n",
        "%s:3: http.port: must be between 1 and 65535\n",
        "%s:4: neither [section] nor key = value\n",
        "%s:5: http.body_max: not a size like 512, 64k, 16m or 2g\n",
        "%s:6: http.idle: not a duration like 250ms, 30s, 5m, 2h or 7d\n",
        "%s:7: http.hosts: an item of the list is empty\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        char line[300];
        const char *rest = expected[i] + 2;
        snprintf(line, sizeof line, "%s%s", ini, rest);
        assert_non_null(strstr(faults, line));
    }
    assert_non_null(strstr(faults, ":10: push.sms.sender: already set at "));
    assert_non_null(strstr(faults, ":12: http.idle: already set at "));
    assert_non_null(strstr(faults, "environment: TRAM_HTPP_PORT: no key has this name\n"));
    assert_non_null(strstr(faults, "environment: http.tls: not one of true"));
}

/* One key, one value: whether it is taken. */
static bool takes(const char *line)
{
    CLEANUP(config_freep) struct config *c = NULL;
    CLEANUP(freep) char *faults = load(line, &c);
    return faults == NULL;
}

static void values_are_strict(void **state)
{
    (void)state;
    static const char *const good[] = {
        "[http]\nport = 1",       "[http]\nport = 65535", "[http]\nidle = 0",
        "[http]\nidle = 0s",      "[http]\nidle = 250ms", "[http]\nidle = 7d",
        "[http]\nbody_max = 4M",  "[http]\ntls = TRUE",   "[http]\nhosts =",
        "[http]\nbody_max=1024",  "[http]\nhosts=a,b,c",  "[push.sms]\nsender = 12345678901",
        "[push]\nsms.sender = x",
    };
    static const char *const bad[] = {
        "[http]\nport =",
        "[http]\nport = 0",
        "[http]\nport = 65536",
        "[http]\nport = -1",
        "[http]\nport = +1",
        "[http]\nport = 1k",
        "[http]\nport = 0x10",
        "[http]\nport = 1 2",
        "[http]\nport = 99999999999999999999",
        "[http]\nidle = 5",
        "[http]\nidle = -5s",
        "[http]\nidle = 5 s",
        "[http]\nidle = 200000000000d",
        "[http]\nbody_max = 5m",
        "[http]\nbody_max = 1023",
        "[http]\nbody_max = 1kb",
        "[http]\ntls = 2",
        "[http]\nhosts = a,b,c,d",
        "[http]\nhosts = ,",
        "[push.sms]\nsender = 123456789012",
        "[push.sms]\nsender = \xC0\xAF",
        "port = 1",
        "[http",
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(takes(good[i]));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(takes(bad[i]));
}

static void lists_go_on_in_indented_lines(void **state)
{
    (void)state;
    CLEANUP(config_freep) struct config *c = NULL;
    assert_null(load("[http]\nhosts = a.vn, b.vn ; two\n  c.vn\nport = 1\n", &c));
    struct config_list hosts = config_list(c, "http.hosts");
    assert_int_equal(hosts.n, 3);
    assert_string_equal(hosts.items[1], "b.vn");
    assert_string_equal(hosts.items[2], "c.vn");
    assert_false(takes("[http]\nport = 1\n  2\n"));
    assert_false(takes("[http]\nhosts = a\nhosts = b\n"));
}

static void hostile_files(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = {0};
    struct config *c = NULL;
    char *line = arena_printf(&a, "[http]\n; %0*d\nport = 1\n", 5000, 1);
    CLEANUP(freep) char *long_line = load(line, &c);
    assert_non_null(strstr(long_line, ":2: the line has more than "));

    struct buf faults;
    buf_init(&faults, 1000);
    write_file(ini, "[http]\0port = 1", 15, 0600);
    assert_int_equal(config_load(tables, 2, ini, &c, &faults), E_CONFIG);
    assert_non_null(strstr(faults.data, "holds a NUL byte"));
    buf_reset(&faults);
    assert_int_equal(config_load(tables, 2, folder, &c, &faults), E_CONFIG);
    assert_non_null(strstr(faults.data, "not a regular file"));
    buf_reset(&faults);
    assert_int_equal(config_load(tables, 2, "/nonexistent/tram.ini", &c, &faults), E_CONFIG);
    assert_non_null(strstr(faults.data, "no such file"));
    buf_release(&faults);
    assert_null(c);
}

static char *load_table(const struct config_key *table, struct config **ret)
{
    struct buf faults;
    buf_init(&faults, 1000);
    config_load(&table, 1, NULL, ret, &faults);
    return buf_steal(&faults);
}

static void unsound_tables_are_faults(void **state)
{
    (void)state;
    static const struct {
        struct config_key keys[3];
        const char *words;
    } cases[] = {
        {{{"a.b", CONFIG_INT, NULL, 0, 0, ""}}, "configuration: a.b: must be given\n"},
        {{{"a.b", CONFIG_INT, "x", 0, 0, ""}}, "fallback: a.b: not a whole number\n"},
        {{{"a.B", CONFIG_INT, "1", 0, 0, ""}}, "table: a.B: not a name of a key\n"},
        {{{"ab", CONFIG_INT, "1", 0, 0, ""}}, "table: ab: not a name of a key\n"},
        {{{"a.b", CONFIG_INT, "1", 0, 0, ""}, {"a.b", CONFIG_INT, "1", 0, 0, ""}},
         "table: a.b: declared twice\n"},
        {{{"a.b_c", CONFIG_INT, "1", 0, 0, ""}, {"a.b.c", CONFIG_INT, "1", 0, 0, ""}},
         "declared twice\n"},
        {{{"a.secret", CONFIG_SECRET_FILE, "", 0, 0, ""}}, "secrets, and only they"},
        {{{"a.secret_file", CONFIG_TEXT, "", 0, 0, ""}}, "secrets, and only they"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct config *c = NULL;
        CLEANUP(freep) char *faults = load_table(cases[i].keys, &c);
        assert_null(c);
        assert_non_null(faults);
        assert_non_null(strstr(faults, cases[i].words));
    }
}

static void mistaken_lookups_end_the_process(void **state)
{
    (void)state;
    CLEANUP(config_freep) struct config *c = NULL;
    assert_null(load("", &c));
    static const char *const names[] = {"http.prt", "http.tls"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        pid_t child = fork();
        if (child == 0) {
            close(STDERR_FILENO);
            config_int(c, names[i]);
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

static int read_secret(const struct config *c, size_t max, char **ret)
{
    struct buf b;
    buf_init(&b, max);
    int result = config_secret(c, "push.sms.secret_file", &b);
    if (result != 0)
        assert_int_equal(b.len, 0);
    *ret = buf_steal(&b);
    return result;
}

static void secrets_come_from_files(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = {0};
    CLEANUP(config_freep) struct config *c = NULL;
    assert_null(load(arena_printf(&a, "[push.sms]\nsecret_file = %s\n", secret), &c));
    char *bytes = NULL;
    assert_int_equal(read_secret(c, 100, &bytes), E_CONFIG); /* no such file */
    write_file(secret, "s3cret\n", 7, 0600);
    assert_int_equal(read_secret(c, 100, &bytes), 0);
    assert_string_equal(bytes, "s3cret\n");
    free(bytes);
    assert_int_equal(read_secret(c, 3, &bytes), E_FULL);
    write_file(secret, "s3cret\n", 7, 0644);
    assert_int_equal(read_secret(c, 100, &bytes), E_CONFIG); /* everybody may read it */
    write_file(secret, "", 0, 0600);
    assert_int_equal(read_secret(c, 100, &bytes), E_CONFIG);
    char *large = arena_alloc(&a, CONFIG_SECRET_MAX + 1);
    write_file(secret, large, CONFIG_SECRET_MAX + 1, 0600);
    assert_int_equal(read_secret(c, CONFIG_SECRET_MAX * 2, &bytes), E_CONFIG);
}

static void secrets_come_from_credentials(void **state)
{
    (void)state;
    CLEANUP(config_freep) struct config *c = NULL;
    assert_null(load("", &c));
    char *bytes = NULL;
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(read_secret(c, 100, &bytes), CONFIG_UNSET);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    unlink(secret);
    assert_int_equal(read_secret(c, 100, &bytes), CONFIG_UNSET);
    write_file(secret, "key", 3, 0400);
    assert_int_equal(read_secret(c, 100, &bytes), 0);
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_string_equal(bytes, "key");
    free(bytes);
}

static void markdown_shows_every_key(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 10000);
    config_markdown(tables, 2, &b);
    assert_non_null(strstr(b.data, "| `http.port` | `TRAM_HTTP_PORT` | number, 1 to 65535 | `8080` "
                                   "| Port to listen on. |\n"));
    assert_non_null(strstr(b.data, "| size, 1k to 4m | `1m` |"));
    assert_non_null(strstr(b.data, "| list, 0 to 3 items | empty | Names that are served \\| "));
    assert_non_null(strstr(b.data, "| text, 0 to 11 bytes |"));
    assert_non_null(strstr(b.data, "| `push.sms.secret_file` | `TRAM_PUSH_SMS_SECRET_FILE` |"));
}

/* With the comment signs before values removed, the example is a file that says the fallbacks. */
static void the_example_loads(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    buf_init(&b, 10000);
    config_example(tables, 2, &b);
    assert_true(strncmp(b.data, "[http]\n; Port to listen on. (number, 1 to 65535)\n;port = 8080\n",
                        60) == 0);
    assert_true(takes(b.data));
    for (char *p = b.data; (p = strchr(p, ';')); p++) {
        if (p[1] != ' ')
            *p = ' ';
    }
    CLEANUP(buf_release) struct buf flush;
    buf_init(&flush, 10000);
    for (char *p = b.data; *p; p++) { /* an indented line would continue the one before */
        if (*p != ' ' || (p > b.data && p[-1] != '\n'))
            buf_add_char(&flush, *p);
    }
    CLEANUP(config_freep) struct config *c = NULL;
    assert_null(load(flush.data, &c));
    assert_int_equal(config_int(c, "http.idle"), 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fallbacks),
        cmocka_unit_test(the_file_and_then_the_environment),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(values_are_strict),
        cmocka_unit_test(lists_go_on_in_indented_lines),
        cmocka_unit_test(hostile_files),
        cmocka_unit_test(unsound_tables_are_faults),
        cmocka_unit_test(mistaken_lookups_end_the_process),
        cmocka_unit_test(secrets_come_from_files),
        cmocka_unit_test(secrets_come_from_credentials),
        cmocka_unit_test(markdown_shows_every_key),
        cmocka_unit_test(the_example_loads),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
