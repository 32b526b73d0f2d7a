/* The keyring: rotating it, moving person keys to its newest key, sealing it by a master key. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "programs/ctl.h"
#include "programs/master.h"
#include "programs/stores.h"

#define NONE "none"
#define TIMEOUT_MS 60000

int ctl_keys_rotate(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Khoá", "id"},
                                                {"Tạo lúc", "created_at"},
                                                {"Dùng từ", "active_at"},
                                                {"Đang dùng", "active"},
                                                {0}};
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_call(c, "POST",
                          ctl_option(c, "--distrust") ? "/v1/admin/keys/rotate?distrust=true"
                          : ctl_option(c, "--now")    ? "/v1/admin/keys/rotate?now=true"
                                                      : "/v1/admin/keys/rotate",
                          NULL, 0, &answer);
    if (status == CTL_DONE)
        ctl_table(c, json_object_get(answer, "items"), columns);
    return status;
}

int ctl_keys_rewrap(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Khoá đang dùng", "result.key"},
                                                {"Đã xem", "result.looked"},
                                                {"Đã bọc lại", "result.rewrapped"},
                                                {"Không mở được", "result.unsound"},
                                                {"Khoá đang chờ", "result.next"},
                                                {"Dùng từ", "result.next_at"},
                                                {0}};
    CLEANUP(json_decrefp) json_t *job = NULL;
    int status = ctl_job(c, "/v1/admin/keys/rewrap", NULL, &job);
    if (status != CTL_DONE)
        return status;
    ctl_facts(c, job, columns);
    json_int_t unsound =
        json_integer_value(json_object_get(json_object_get(job, "result"), "unsound"));
    return unsound ? ctl_fail("%lld keys are opened by no key of the ring", (long long)unsound)
                   : CTL_DONE;
}

/* Printed as it is, so that it can be poured into a file or a vault. */
int ctl_keys_new(struct ctl *c)
{
    char text[MASTER_TEXT];
    (void)c;
    puts(master_new(text));
    bytes_wipe(text, sizeof(text));
    return CTL_DONE;
}

/* --- sealing ---------------------------------------------------------------------------------- */

static int read_source(struct ctl *c, const char *option, struct keyring_master *ret, bool *ret_has)
{
    const char *source = ctl_option(c, option), *fault = NULL;
    *ret_has = false;
    if (!source) {
        ctl_fail("%s is missing: file:/path, credential:NAME, command:/program, or " NONE, option);
        return CTL_USAGE;
    }
    if (strcmp(source, NONE) == 0)
        return CTL_DONE;
    int done = master_read(source, TIMEOUT_MS, ret, ret_has, &fault);
    return done == 0 ? CTL_DONE : ctl_fail("%s: %s", option, fault ? fault : result_words(done));
}

static int tell_sealed(struct ctl *c, const struct keyring_master *master)
{
    static const struct ctl_column columns[] = {
        {"Chùm khoá", "keyring"}, {"Khoá chủ", "master"}, {0}};
    char check[KEYRING_CHECK_TEXT] = "";
    if (master)
        keyring_master_check(master, check);
    CLEANUP(json_decrefp)
    json_t *answer =
        json_pack("{s:s, s:s}", "keyring", arena_printf(c->arena, "%s/" STORES_KEYRING, c->data),
                  "master", check);
    ctl_facts(c, answer, columns);
    return CTL_DONE;
}

static int seal(struct ctl *c, const struct keyring_master *from, const struct keyring_master *to)
{
    const char *folder = arena_printf(c->arena, "%s/" STORES_KEYRING, c->data);
    int done = keyring_reseal(folder, from, to);
    switch (done) {
    case 0:
        return tell_sealed(c, to);
    case KEYRING_OTHER_MASTER:
        return ctl_fail("%s: sealed by another master key than --from gives", folder);
    case KEYRING_SEALED:
        return ctl_fail("%s: sealed by a master key; say in --from where that is", folder);
    case E_REFUSED:
        return ctl_fail("%s: give this command as the user that tramd runs as", folder);
    default:
        return ctl_fail_with(folder, done);
    }
}

int ctl_keys_seal(struct ctl *c)
{
    struct keyring_master from, to;
    bool has_from = false, has_to = false;
    int status = read_source(c, "--from", &from, &has_from);
    if (status == CTL_DONE)
        status = read_source(c, "--to", &to, &has_to);
    if (status == CTL_DONE)
        status = seal(c, has_from ? &from : NULL, has_to ? &to : NULL);
    bytes_wipe(&from, sizeof(from));
    bytes_wipe(&to, sizeof(to));
    return status;
}
