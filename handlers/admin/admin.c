/* Routes of who keeps a province: by tramctl on the admin socket, and most by administrators too.
 */
#include "handlers/admin/admin.h"

/* --- replies ---------------------------------------------------------------------------------- */

const struct admin_entity_component admin_entity_components[] = {
    {"AdminAgency", &agency_entity, SEE_ADMIN, false},
    {"AdminCategory", &category_entity, SEE_ADMIN, false},
    {"AdminRule", &routing_rule_entity, SEE_ADMIN, false},
    {"AdminStaff", &staff_entity, SEE_ADMIN, true},
    {"AdminDeadLetter", &delivery_entity, SEE_ADMIN, true},
    {0},
};

/* clang-format off */
#define COUNT "{\"type\":\"integer\",\"minimum\":0}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define TEXT "{\"type\":\"string\"}"
#define YES "{\"type\":\"boolean\"}"
#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required "],"            \
    "\"properties\":{" properties "}}"
#define ITEMS(name)                                                                                \
    "\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/" name "\"}}"
#define LIST(name) OBJECT("\"items\"", ITEMS(name))
#define LISTED(of) "{\"type\":\"array\",\"items\":" of "}"
#define DAY                                                                                        \
    "{\"type\":\"object\",\"required\":[\"date\",\"name\"],\"properties\":{\"date\":" TEXT         \
    ",\"name\":" TEXT ",\"for\":" TEXT "}}"
#define RULE                                                                                       \
    OBJECT("\"category\",\"commune\",\"agency\"",                                               \
           "\"category\":" TEXT ",\"commune\":" TEXT ",\"agency\":" TEXT)
#define PAGE(name) OBJECT("\"items\"", ITEMS(name) ",\"next\":" TEXT)

const struct route_component admin_components[] = {
    {"AdminImported", OBJECT("\"added\",\"changed\",\"unchanged\"",
                             "\"added\":" COUNT ",\"changed\":" COUNT ",\"unchanged\":" COUNT)},
    {"AdminProceduresImported",
     OBJECT("\"applied\",\"new\",\"changed\",\"ended\",\"unchanged\",\"rows\",\"faults\","
            "\"more_faults\"",
            "\"applied\":" YES ",\"new\":" COUNT ",\"changed\":" COUNT ",\"ended\":" COUNT
            ",\"unchanged\":" COUNT ",\"more_faults\":" COUNT
            ",\"rows\":{\"type\":\"array\",\"items\":"
            OBJECT("\"code\",\"name\",\"version_no\",\"change\"",
                   "\"code\":" TEXT ",\"name\":" TEXT ",\"version_no\":" COUNT ",\"change\":" TEXT)
            "},\"faults\":{\"type\":\"array\",\"items\":"
            OBJECT("\"pointer\",\"vi\",\"en\"",
                   "\"pointer\":" TEXT ",\"vi\":" TEXT ",\"en\":" TEXT) "}")},
    {"AdminProcedureList",
     OBJECT("\"items\"", "\"items\":{\"type\":\"array\",\"items\":"
            OBJECT("\"code\",\"name\",\"version_no\",\"from\",\"in_force\",\"fileable\"",
                   "\"code\":" TEXT ",\"name\":" TEXT ",\"version_no\":" COUNT ",\"from\":" TEXT
                   ",\"until\":" TEXT ",\"field\":" TEXT ",\"scope\":" TEXT ",\"in_force\":" YES
                   ",\"fileable\":" YES) "}")},
    {"AdminAgencyList", LIST("AdminAgency")},
    {"AdminCategoryList", LIST("AdminCategory")},
    {"AdminRuleList", LIST("AdminRule")},
    {"AdminStaffPage", PAGE("AdminStaff")},
    {"AdminDeadLetterPage", PAGE("AdminDeadLetter")},
    {"AdminWebhookKey", OBJECT("\"secret\"", "\"secret\":" TEXT)},
    {"AdminStaffMade", OBJECT("\"id\",\"user\",\"totp_secret\",\"totp_uri\"",
                              "\"id\":" TEXT ",\"user\":" TEXT ",\"totp_secret\":" TEXT
                              ",\"totp_uri\":" TEXT)},
    {"AdminCalendarSet",
     OBJECT("\"version\"", "\"version\":" TEXT ",\"looked\":" COUNT ",\"moved\":" COUNT
                           ",\"more\":" YES)},
    {"AdminCalendarFile",
     "{\"type\":\"object\",\"required\":[\"years\",\"weekdays\",\"hours\"],\"properties\":{\"form\":"
     COUNT ",\"note\":" TEXT ",\"years\":" LISTED(COUNT) ",\"weekdays\":" LISTED(COUNT)
     ",\"hours\":" LISTED(LISTED(TEXT)) ",\"holidays\":" LISTED(DAY) ",\"working_days\":"
     LISTED(DAY) "}}"},
    {"AdminRuleTried", OBJECT("\"idle\"", "\"rule\":" RULE ",\"idle\":" LISTED(RULE))},
    {"AdminFile", OBJECT("\"file\"", "\"file\":" TEXT)},
    {"AdminFileSize", OBJECT("\"size\"", "\"size\":" COUNT)},
    {"AdminDeadCount", OBJECT("\"count\",\"more\"", "\"count\":" COUNT ",\"more\":" YES)},
    {"AdminAreasSet", OBJECT("\"communes\",\"borders\"",
                             "\"communes\":" COUNT ",\"borders\":" YES)},
    {"AdminKeys", OBJECT("\"items\"",
                         "\"items\":{\"type\":\"array\",\"items\":"
                         OBJECT("\"id\",\"created_at\",\"active_at\",\"active\"",
                                "\"id\":" TEXT ",\"created_at\":" TIME ",\"active_at\":" TIME
                                ",\"active\":" YES ",\"distrusted\":" YES) "}")},
    {"AdminClockNow", OBJECT("\"now\",\"advanced_ms\"", "\"now\":" TIME ",\"advanced_ms\":" COUNT)},
    {"AdminJob", OBJECT("\"id\",\"kind\",\"state\",\"done\"",
                        "\"id\":" TEXT ",\"kind\":" TEXT
                        ",\"state\":{\"enum\":[\"running\",\"done\",\"failed\"]},\"step\":" TEXT
                        ",\"done\":" COUNT ",\"total\":" COUNT
                        ",\"result\":{\"type\":\"object\"},\"error\":" TEXT)},
    {"AdminStatus", OBJECT("\"version\",\"now\",\"started_at\",\"advanced_ms\",\"demo\","
                           "\"catalogue\",\"reports\",\"dead_letters\"",
                           "\"version\":" TEXT ",\"now\":" TIME ",\"started_at\":" TIME
                           ",\"advanced_ms\":" COUNT ",\"demo\":" YES
                           ",\"catalogue\":{\"type\":\"object\"},\"reports\":{\"type\":\"object\","
                           "\"additionalProperties\":" COUNT "},\"dead_letters\":"
                           OBJECT("\"count\",\"more\"", "\"count\":" COUNT ",\"more\":" YES))},
    {0},
};
/* clang-format on */

/* --- routes ----------------------------------------------------------------------------------- */

static const struct route_param import_params[] = {
    {"check", "{\"enum\":[\"true\",\"false\"]}", "Only check the rows; nothing is written"}, {0}};
static const struct route_param staff_params[] = {
    {"agency", "{\"type\":\"string\",\"maxLength\":35}", "Only those of this agency"}, {0}};
static const struct route_param try_params[] = {
    {"category", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":40}", "Of which category"},
    {"commune", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":8}", "In which commune"},
    {0}};
static const struct route_param trial_params[] = {
    {"check", "{\"enum\":[\"true\",\"false\"]}",
     "Only tell how many deadlines of open cases would move; nothing is written"},
    {0}};
static const struct route_param file_params[] = {
    {"offset", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":8388608}",
     "How many bytes came before; the beginning without it"},
    {0}};
static const struct route_param dead_params[] = {
    {"channel", "{\"enum\":[\"sms\",\"webhook\",\"document\"]}", "Only those of this channel"},
    {"agency", "{\"type\":\"string\",\"maxLength\":35}", "Only those about or to this agency"},
    {0}};
static const enum problem import_problems[] = {PROBLEM_INVALID, PROBLEM_REVISED, PROBLEM_NOT_FRESH,
                                               PROBLEM_NONE};
static const enum problem procedures_problems[] = {PROBLEM_INVALID, PROBLEM_CONFLICT,
                                                   PROBLEM_NOT_FRESH, PROBLEM_NONE};
static const enum problem named_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID, PROBLEM_NOT_FRESH,
                                              PROBLEM_REVISED, PROBLEM_NONE};
static const enum problem rule_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_REVISED,
                                             PROBLEM_IF_MATCH_MISSING, PROBLEM_NONE};
static const enum problem file_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_CONFLICT, PROBLEM_NONE};
static const enum problem edit_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_CONFLICT, PROBLEM_INVALID,
                                             PROBLEM_NONE};
static const enum problem job_problems[] = {PROBLEM_IN_PROGRESS, PROBLEM_INVALID, PROBLEM_NONE};
static const enum problem demo_problems[] = {PROBLEM_FORBIDDEN, PROBLEM_INVALID, PROBLEM_NONE};

#define IMPORT_BODY_MAX ((size_t)1 << 20)

/* What every row says: it is the operator's alone, on the admin socket; or administrators' as well,
 * and then admin_who.c says whose. */
#define OPERATOR .tag = "admin", .who = ROLE_OPERATOR, .rate = RATE_NONE, .flags = ROUTE_ADMIN
#define OPERATOR_PAGED                                                                             \
    .tag = "admin", .who = ROLE_OPERATOR, .rate = RATE_NONE, .flags = ROUTE_ADMIN | ROUTE_PAGED
#define READ .tag = "admin", .who = ROLE_OPERATOR | ROLE_ADMIN, .rate = RATE_READ
#define WRITE .tag = "admin", .who = ROLE_OPERATOR | ROLE_ADMIN, .rate = RATE_WRITE

/* clang-format off */
static const enum problem rotate_problems[] = {PROBLEM_CONFLICT, PROBLEM_NONE};
static const struct route_param rotate_params[] = {
    {"now", "{\"enum\":[\"true\",\"false\"]}", "Without the overlap"},
    {"distrust", "{\"enum\":[\"true\",\"false\"]}",
     "At once, and nothing that older keys signed or tagged passes any more: all sign in again"},
    {0},
};

const struct route admin_routes[] = {
    {WRITE, .method = PUT, .path = "/v1/admin/agencies",
     .operation = "adminAgenciesImport", .summary = "Import agencies, all or none",
     .run = admin_agencies_put, .body = BODY_JSON, .body_schema = "admin_agencies",
     .body_max = IMPORT_BODY_MAX, .params = import_params, .reply_schema = "AdminImported",
     .problems = import_problems},
    {READ, .method = GET, .path = "/v1/admin/agencies",
     .operation = "adminAgenciesList", .summary = "Every agency", .run = admin_agencies_list,
     .reply_schema = "AdminAgencyList"},
    {WRITE, .method = POST, .path = "/v1/admin/agencies/{code}/webhook-key",
     .operation = "adminWebhookKey", .summary = "A new secret for an agency's webhook, shown once",
     .run = admin_webhook_key, .reply_schema = "AdminWebhookKey", .problems = named_problems},
    {WRITE, .method = PUT, .path = "/v1/admin/categories",
     .operation = "adminCategoriesImport", .summary = "Import categories, all or none",
     .run = admin_categories_put, .body = BODY_JSON, .body_schema = "admin_categories",
     .body_max = IMPORT_BODY_MAX, .params = import_params, .reply_schema = "AdminImported",
     .problems = import_problems},
    {READ, .method = GET, .path = "/v1/admin/categories",
     .operation = "adminCategoriesList", .summary = "Every category",
     .run = admin_categories_list, .reply_schema = "AdminCategoryList"},
    {WRITE, .method = PUT, .path = "/v1/admin/routes",
     .operation = "adminRulesImport", .summary = "Import routing rules, all or none",
     .run = admin_rules_put, .body = BODY_JSON, .body_schema = "admin_rules",
     .body_max = IMPORT_BODY_MAX, .params = import_params, .reply_schema = "AdminImported",
     .problems = import_problems},
    {READ, .method = GET, .path = "/v1/admin/routes",
     .operation = "adminRulesList", .summary = "Every routing rule", .run = admin_rules_list,
     .reply_schema = "AdminRuleList"},
    {WRITE, .flags = ROUTE_IF_MATCH, .method = DELETE, .path = "/v1/admin/routes/{category}/{commune}",
     .operation = "adminRuleRemove", .summary = "Take a routing rule away", .run = admin_rule_delete,
     .reply_status = 204, .problems = rule_problems},
    {READ, .method = GET, .path = "/v1/admin/routes/try", .operation = "adminRuleTry",
     .summary = "Which agency would take a report, and by which rule", .run = admin_rule_try,
     .params = try_params, .reply_schema = "AdminRuleTried", .problems = import_problems},
    {WRITE, .method = PUT, .path = "/v1/admin/procedures",
     .operation = "adminProceduresImport",
     .summary = "Import procedures, all or none; every fault is told",
     .run = admin_procedures_put, .body = BODY_JSON, .body_schema = "admin_procedures",
     .body_max = IMPORT_BODY_MAX, .params = import_params,
     .reply_schema = "AdminProceduresImported", .problems = procedures_problems},
    {READ, .method = GET, .path = "/v1/admin/procedures",
     .operation = "adminProceduresList", .summary = "Every version of every procedure",
     .run = admin_procedures_list, .reply_schema = "AdminProcedureList"},

    {OPERATOR, .method = POST, .path = "/v1/admin/staff",
     .operation = "adminStaffMake", .summary = "An account for an official",
     .run = admin_staff_post, .lane = LANE_PASSWORD, .body = BODY_JSON,
     .body_schema = "admin_staff_new", .reply_schema = "AdminStaffMade", .reply_status = 201,
     .problems = import_problems},
    {OPERATOR, .method = PATCH, .path = "/v1/admin/staff/{user}",
     .operation = "adminStaffEdit", .summary = "Set a password, disable or enable",
     .run = admin_staff_patch, .lane = LANE_PASSWORD, .body = BODY_JSON,
     .body_schema = "admin_staff_edit", .reply_schema = "AdminStaff", .problems = edit_problems},
    {OPERATOR_PAGED, .method = GET, .path = "/v1/admin/staff",
     .operation = "adminStaffList", .summary = "Accounts of officials", .run = admin_staff_list,
     .params = staff_params, .reply_schema = "AdminStaffPage"},

    {READ, .method = GET, .path = "/v1/admin/calendar", .operation = "adminCalendarGet",
     .summary = "The calendar of the offices that is in force", .run = admin_calendar_get,
     .reply_schema = "AdminCalendarFile"},
    {WRITE, .flags = ROUTE_IF_MATCH, .method = PUT, .path = "/v1/admin/calendar",
     .operation = "adminCalendarSet", .summary = "Replace the calendar of the offices",
     .run = admin_calendar_put, .body = BODY_JSON, .body_schema = "admin_calendar",
     .body_max = CALENDAR_TEXT_MAX, .params = trial_params, .reply_schema = "AdminCalendarSet",
     .problems = import_problems},
    {WRITE, .method = PUT, .path = "/v1/admin/areas",
     .operation = "adminAreasSet", .summary = "Replace the communes or their borders",
     .run = admin_areas_put, .body = BODY_JSON, .body_schema = "admin_areas",
     .params = import_params, .reply_schema = "AdminAreasSet", .problems = import_problems},
    {WRITE, .method = POST, .path = "/v1/admin/files", .operation = "adminFileBegin",
     .summary = "Begin a file that is sent in parts; whoever began it has an hour to load it",
     .run = admin_file_post, .reply_schema = "AdminFile", .reply_status = 201},
    {WRITE, .method = PATCH, .path = "/v1/admin/files/{file}", .operation = "adminFileAppend",
     .summary = "The next part of a file", .run = admin_file_patch, .body = BODY_BYTES,
     .body_type = "application/octet-stream", .body_max = IMPORT_BODY_MAX, .params = file_params,
     .reply_schema = "AdminFileSize", .problems = file_problems},

    {OPERATOR, .method = GET, .path = "/v1/admin/status",
     .operation = "adminStatus", .summary = "How the program is doing", .run = admin_status,
     .reply_schema = "AdminStatus"},
    {OPERATOR, .method = GET, .path = "/v1/admin/keys",
     .operation = "adminKeysList", .summary = "The keys of the ring, newest first",
     .run = admin_keys_list, .reply_schema = "AdminKeys"},
    {OPERATOR, .method = POST, .path = "/v1/admin/keys/rotate",
     .operation = "adminKeysRotate", .summary = "Add a key to the ring; it signs and seals after auth.key_overlap, or at once",
     .run = admin_keys_rotate, .params = rotate_params,
     .problems = rotate_problems, .reply_schema = "AdminKeys"},
    {OPERATOR, .method = POST, .path = "/v1/admin/keys/rewrap",
     .operation = "adminKeysRewrap",
     .summary = "Wrap the keys of persons by the key in use, while serving", .run = admin_keys_rewrap,
     .reply_schema = "AdminJob", .reply_status = 202, .problems = job_problems},
    {READ, .flags = ROUTE_PAGED, .method = GET, .path = "/v1/admin/dead-letters",
     .operation = "adminDeadList", .summary = "What could not be delivered",
     .run = admin_dead_list, .params = dead_params, .reply_schema = "AdminDeadLetterPage"},
    {READ, .method = GET, .path = "/v1/admin/dead-letters/count", .operation = "adminDeadCount",
     .summary = "How many could not be delivered", .run = admin_dead_count,
     .reply_schema = "AdminDeadCount"},
    {WRITE, .method = POST, .path = "/v1/admin/dead-letters/{id}/drop",
     .operation = "adminDeadGiveUp", .summary = "Drop a dead letter, and say why",
     .run = admin_dead_drop, .body = BODY_JSON, .body_schema = "admin_dead_drop",
     .reply_status = 204, .problems = named_problems},
    {WRITE, .method = POST, .path = "/v1/admin/dead-letters/{id}/replay",
     .operation = "adminDeadReplay", .summary = "Try a dead letter again",
     .run = admin_dead_replay, .reply_status = 204, .problems = named_problems},
    {OPERATOR, .method = DELETE, .path = "/v1/admin/dead-letters/{id}",
     .operation = "adminDeadDrop", .summary = "Drop a dead letter", .run = admin_dead_drop,
     .reply_status = 204, .problems = named_problems},
    {OPERATOR, .method = POST, .path = "/v1/admin/clock/advance",
     .operation = "adminClockAdvance", .summary = "Demonstrations: advance the clock",
     .run = admin_clock_advance, .body = BODY_JSON, .body_schema = "admin_clock",
     .reply_schema = "AdminClockNow", .problems = demo_problems},

    {OPERATOR, .method = POST, .path = "/v1/admin/backup",
     .operation = "adminBackup", .summary = "Copy everything into a folder, verified",
     .run = admin_backup, .body = BODY_JSON, .body_schema = "admin_backup",
     .reply_schema = "AdminJob", .reply_status = 202, .problems = job_problems},
    {OPERATOR, .method = POST, .path = "/v1/admin/rebuild",
     .operation = "adminRebuild", .summary = "Recompute every projection and tell what differed",
     .run = admin_rebuild, .reply_schema = "AdminJob", .reply_status = 202,
     .problems = job_problems},
    {OPERATOR, .method = POST, .path = "/v1/admin/media/check",
     .operation = "adminMediaCheck", .summary = "Hold every stored file against its hash and the documents that name it",
     .run = admin_media_check, .body = BODY_JSON, .body_schema = "admin_media_check",
     .reply_schema = "AdminJob", .reply_status = 202, .problems = job_problems},
    {OPERATOR, .method = POST, .path = "/v1/admin/looks/verify",
     .operation = "adminLooksVerify", .summary = "Prove that the log of looks is whole",
     .run = admin_looks_verify, .body = BODY_JSON, .body_schema = "admin_looks_verify",
     .body_max = IMPORT_BODY_MAX, .reply_schema = "AdminJob", .reply_status = 202,
     .problems = job_problems},
    {OPERATOR, .method = GET, .path = "/v1/admin/jobs/{id}",
     .operation = "adminJob", .summary = "How far a backup, rebuild, rewrap, check or proof is", .run = admin_job_get,
     .reply_schema = "AdminJob", .problems = named_problems},
    {0},
};
/* clang-format on */
