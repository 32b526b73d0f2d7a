/* Accounts of officials. Passwords are never arguments: other users see those. */
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/totp.h"
#include "programs/ctl.h"

#define PASSWORD_MAX 200
#define GENERATED_BYTES 15 /* 120 bits, 20 characters */

/* One line from stdin without its newline; not shown on a terminal. */
static bool read_secret(const char *prompt, char out[PASSWORD_MAX + 2])
{
    struct termios before, silent;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        fprintf(stderr, "%s: ", prompt);
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    bool read = fgets(out, PASSWORD_MAX + 2, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fprintf(stderr, "\n");
    }
    if (read)
        out[strcspn(out, "\n")] = '\0';
    return read && out[0];
}

/* A new password, asked for twice on a terminal, or made. The caller wipes it. */
static bool new_password(struct ctl *c, char out[PASSWORD_MAX + 2])
{
    char again[PASSWORD_MAX + 2];
    if (ctl_option(c, "--generate")) {
        uint8_t bytes[GENERATED_BYTES];
        bytes_random(bytes, sizeof(bytes));
        bytes_to_base64url(bytes, sizeof(bytes), out);
        bytes_wipe(bytes, sizeof(bytes));
        return true;
    }
    if (!read_secret("Mật khẩu mới", out)) {
        ctl_fail("no password was given");
        return false;
    }
    if (!isatty(STDIN_FILENO))
        return true;
    bool same = read_secret("Nhập lại", again) && strcmp(out, again) == 0;
    bytes_wipe(again, sizeof(again));
    if (!same)
        ctl_fail("the two are not the same");
    return same;
}

/* What was made here is shown here, and nowhere else. */
static void add_generated(struct ctl *c, const char *password, json_t *answer)
{
    if (ctl_option(c, "--generate"))
        json_object_set_new(answer, "password", json_string(password));
}

int ctl_staff_add(struct ctl *c)
{
    static const char *const needed[] = {"--user", "--name", "--title", "--role", "--agency"};
    static const struct ctl_column columns[] = {{"Tài khoản", "user"},
                                                {"Mật khẩu", "password"},
                                                {"Khoá TOTP (chỉ hiện một lần)", "totp_secret"},
                                                {"Mã cho ứng dụng xác thực", "totp_uri"},
                                                {0}};
    CLEANUP(json_decrefp) json_t *body = json_object();
    CLEANUP(json_decrefp) json_t *answer = NULL;
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        const char *value = ctl_option(c, needed[i]);
        if (!value)
            return ctl_fail("%s is needed; see tramctl staff add --help", needed[i]), CTL_USAGE;
        json_object_set_new(body, needed[i] + 2, json_string(value));
    }
    if (ctl_option(c, "--phone"))
        json_object_set_new(body, "phone", json_string(ctl_option(c, "--phone")));
    char password[PASSWORD_MAX + 2];
    if (!new_password(c, password))
        return CTL_FAILED;
    json_object_set_new(body, "password", json_string(password));
    int status = ctl_call(c, "POST", "/v1/admin/staff", body, 0, &answer);
    if (status == CTL_DONE) {
        add_generated(c, password, answer);
        ctl_facts(c, answer, columns);
    }
    bytes_wipe(password, sizeof(password));
    return status;
}

static int patch(struct ctl *c, const json_t *body, json_t **ret)
{
    const char *path = arena_printf(c->arena, "/v1/admin/staff/%s", ctl_escape(c, c->args[0]));
    return ctl_call(c, "PATCH", path, body, 0, ret);
}

int ctl_staff_passwd(struct ctl *c)
{
    static const struct ctl_column columns[] = {
        {"Tài khoản", "user"}, {"Mật khẩu", "password"}, {0}};
    char password[PASSWORD_MAX + 2];
    if (!new_password(c, password))
        return CTL_FAILED;
    CLEANUP(json_decrefp) json_t *body = json_pack("{s:s}", "password", password);
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = patch(c, body, &answer);
    if (status == CTL_DONE) {
        add_generated(c, password, answer);
        ctl_facts(c, answer, columns);
    }
    bytes_wipe(password, sizeof(password));
    return status;
}

int ctl_staff_switch(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Tài khoản", "user"}, {"Dùng", "active"}, {0}};
    bool active = strcmp(c->command->detail, "enable") == 0;
    CLEANUP(json_decrefp) json_t *body = json_pack("{s:b}", "active", active);
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = patch(c, body, &answer);
    if (status == CTL_DONE)
        ctl_facts(c, answer, columns);
    return status;
}

/* --- one-time codes --------------------------------------------------------------------------- */

/* By the clock of the tramd that runs here, which a demonstration may have advanced. */
static int now_of_tramd(struct ctl *c, int64_t *ret_ms)
{
    *ret_ms = clock_now_ms();
    if (access(arena_printf(c->arena, "%s/admin.sock", c->data), F_OK) != 0)
        return CTL_DONE;
    CLEANUP(json_decrefp) json_t *answer = NULL;
    int status = ctl_call(c, "GET", "/v1/admin/status", NULL, 0, &answer);
    const char *now = json_string_value(json_object_get(answer, "now"));
    if (status == CTL_DONE && !(now && clock_parse(now, ret_ms)))
        return ctl_fail("tramd did not tell the time");
    return status;
}

int ctl_totp(struct ctl *c)
{
    uint8_t secret[TOTP_SECRET];
    char text[PASSWORD_MAX + 2] = "", code[TOTP_DIGITS + 1];
    int64_t now_ms = 0;
    bool sound = read_secret("Khoá TOTP", text) && totp_from_base32(text, secret);
    bytes_wipe(text, sizeof(text));
    if (!sound)
        return ctl_fail("not a secret of 32 letters and digits (base32)");
    int status = now_of_tramd(c, &now_ms);
    if (status == CTL_DONE)
        puts(totp_code(secret, now_ms / TOTP_STEP_MS, code));
    bytes_wipe(secret, sizeof(secret));
    return status;
}
