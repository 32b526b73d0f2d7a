/* What handlers work by, as configured. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/report/held.h"
#include "programs/tramd.h"

/* "https://host" or with a port: what /.well-known/ of it is here (RFC 8414 §2, §3). */
static bool is_issuer(const char *text)
{
    static const char scheme[] = "https://";
    const char *host = text + sizeof(scheme) - 1;
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.:[]";
    return strncmp(text, scheme, sizeof(scheme) - 1) == 0 && host[0] &&
           host[strspn(host, allowed)] == '\0';
}

int tramd_settings(struct app *app, bool demo, const char **ret_fault)
{
    const struct config *c = app->config;
    app->report = (struct report_settings){
        .dispatch = {config_int(c, "report.dispatch"), config_int(c, "report.dispatch_day_off")},
        .response = {config_int(c, "report.response"), config_int(c, "report.response_day_off")},
        .supply_ms = config_int(c, "report.supply"),
        .review_ms = config_int(c, "report.review"),
        .extend_ms = config_int(c, "report.extension"),
        .warn_share = config_int(c, "report.warn_percent"),
    };
    app->dossier = (struct dossier_settings){
        .accept_minutes = config_int(c, "dossier.accept") / 60000,
        .cutoff_minute = config_int(c, "dossier.cutoff_minute"),
        .supply_days = config_int(c, "dossier.supply_days"),
        .pay_days = config_int(c, "dossier.pay_days"),
        .withdraw_days = config_int(c, "dossier.withdraw_days"),
        .collect_days = config_int(c, "dossier.collect_days"),
        .repair_ms = config_int(c, "dossier.repair"),
    };
    app->complaint = (struct complaint_settings){
        .take_days = config_int(c, "complaint.take_days"),
        .answer_days = config_int(c, "complaint.answer_days"),
    };
    app->sessions = (struct session_settings){
        .keys = app->keys,
        .parties = {config_text(c, "auth.issuer"), config_text(c, "auth.audience")},
        .access_ms = config_int(c, "auth.access"),
        .citizen_ms = config_int(c, "auth.citizen_session"),
        .staff_ms = config_int(c, "auth.staff_session"),
        .idle_ms = config_int(c, "auth.staff_idle"),
        .shift_ms = config_int(c, "auth.staff_shift"),
        .unproven_ms = REPORT_HELD_MS,
    };
    app->key_overlap_ms = config_int(c, "auth.key_overlap");
    app->rights = (struct app_rights){
        .export_keep_ms = config_int(c, "rights.export_keep"),
        .erasure_wait_ms = config_int(c, "rights.erasure_wait"),
        .exports_a_day = config_int(c, "rights.exports_a_day"),
    };
    app->ring_ms = config_int(c, "report.ring");
    app->silent_ms = config_int(c, "auth.silent");
    app->otp = otp_settings_default;
    app->otp.all_day.max = config_int(c, "auth.codes_a_day");
    app->demo = demo;
    app->started_ms = clock_now_ms();
    if (is_issuer(app->sessions.parties.issuer))
        return 0;
    *ret_fault = "auth.issuer is not https://host or https://host:port in lower case";
    return E_CONFIG;
}
