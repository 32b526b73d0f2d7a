#include "handlers/media/upload_quota.h"

#include "base/result.h"
#include "domain/report/held.h"
#include "handlers/media/upload_headers.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
#define DAY_MAX 500 /* uploads of one sender a day, parts too */

static const struct limit_rule unproven_day = {"unproven.upload.day", DAY_MS,
                                               REPORT_HELD_MAX *REPORT_MEDIA_MAX};
static const struct limit_rule proven_day = {"upload.day", DAY_MS, DAY_MAX};

int upload_take_one(const struct request *req, struct reply *reply)
{
    bool unproven = req->who.role == ROLE_CITIZEN && req->who.level == LEVEL_UNPROVEN;
    int64_t retry_ms = 0;
    int done = limit_take(app_of(req)->store, unproven ? &unproven_day : &proven_day,
                          req->who.subject.bytes, 16, req->now_ms, &retry_ms);
    if (done != LIMIT_REACHED)
        return done;
    tus_number_reply(req, reply, "retry-after", (retry_ms + 999) / 1000);
    return reply_problem(reply, PROBLEM_TOO_MANY, NULL);
}

int upload_take_bytes(const struct request *req, struct reply *reply, int64_t n)
{
    const struct app *app = app_of(req);
    const struct limit_rule day = {"upload.bytes.day", DAY_MS,
                                   config_int(app->config, "media.day_mb") << 20};
    int64_t retry_ms = 0;
    int done = n > 0 ? limit_take_many(app->store, &day, n, req->who.subject.bytes, 16, req->now_ms,
                                       &retry_ms)
                     : 0;
    if (done != LIMIT_REACHED)
        return done;
    tus_number_reply(req, reply, "retry-after", (retry_ms + 999) / 1000);
    return reply_problem(reply, PROBLEM_TOO_MANY,
                         req->language == LANGUAGE_EN
                             ? "You have sent as many bytes today as one may"
                             : "Hôm nay bạn đã tải lên hết dung lượng cho phép");
}
