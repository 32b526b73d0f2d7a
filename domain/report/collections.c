/* What the store may filter and order reports by, and which screen needs it. */
#include "domain/report/report.h"

const struct store_collection report_collection = {
    .name = "report",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"number", "number", STORE_TEXT, false},
            {"owner", "owner", STORE_ID, false},
            {"agency", "agency", STORE_TEXT, false},
            {"officer", "officer", STORE_ID, false},
            {"state", "state", STORE_TEXT, false},
            {"category", "category", STORE_TEXT, false},
            {"commune", "commune", STORE_TEXT, false},
            {"filed", "filed_at", STORE_INT, false},
            {"open", "x.open", STORE_INT, false},
            {"duty", "x.duty", STORE_INT, false},
            {"due", "x.due_at", STORE_INT, false},
            {"next", "x.next", STORE_INT, false},
        },
    .n_fields = 12,
    .paths =
        (const struct store_path[]){
            {.name = "number", .why = "look a report up by its number", .equals = {"number"}},
            {.name = "owner", .why = "my reports", .equals = {"owner"}, .order = "filed"},
            {.name = "inbox",
             .why = "an agency's open reports by deadline",
             .equals = {"agency", "open"},
             .order = "due"},
            {.name = "officer",
             .why = "what was assigned to whom",
             .equals = {"officer", "open"},
             .order = "due"},
            {.name = "agency",
             .why = "an agency's reports by time",
             .equals = {"agency"},
             .order = "filed"},
            {.name = "duty",
             .why = "late now and late soon, over the province",
             .equals = {"duty"},
             .order = "due"},
            {.name = "next", .why = "the dispatcher: earliest event or alarm", .order = "next"},
            {.name = "filed", .why = "inspectors: everything by time", .order = "filed"},
        },
    .n_paths = 8,
};

const struct store_collection report_public_collection = {
    .name = "report_public",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"category", "category", STORE_TEXT, false},
            {"commune", "commune", STORE_TEXT, false},
            {"state", "state", STORE_TEXT, false},
            {"filed", "filed_at", STORE_INT, false},
            {"cell", "x.cell", STORE_INT, false},
            {"words", "x.words", STORE_WORDS, false},
            {"number", "number", STORE_TEXT, false},
        },
    .n_fields = 7,
    .paths =
        (const struct store_path[]){
            {.name = "recent", .why = "the public list", .order = "filed"},
            {.name = "category",
             .why = "the list of one field",
             .equals = {"category"},
             .order = "filed"},
            {.name = "commune",
             .why = "the list of one commune",
             .equals = {"commune"},
             .order = "filed"},
            {.name = "state",
             .why = "the list of what is open or done",
             .equals = {"state"},
             .order = "filed"},
            {.name = "cell", .why = "the map: a box", .order = "cell"},
            {.name = "number", .why = "a shared link by number", .equals = {"number"}},
        },
    .n_paths = 6,
};

const struct store_collection report_fact_collection = {
    .name = "report_fact",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"month", "month", STORE_INT, false},
            {"agency", "agency", STORE_TEXT, false},
            {"category", "category", STORE_TEXT, false},
            {"commune", "commune", STORE_TEXT, false},
            {"state", "state", STORE_TEXT, false},
            {"late", "late", STORE_INT, false},
            {"duration", "duration", STORE_INT, false},
            {"rating", "rating", STORE_INT, false},
            {"day", "day", STORE_INT, false},
        },
    .n_fields = 9,
    .paths =
        (const struct store_path[]){
            {.name = "day",
             .why = "figures of the province over a span of days",
             .order = "day",
             .covers = {"month", "agency", "category", "state", "late", "rating"}},
            {.name = "agency",
             .why = "figures of one agency",
             .equals = {"agency"},
             .order = "day",
             .covers = {"month", "category", "state", "late", "duration", "rating"}},
            {.name = "commune",
             .why = "how is my commune doing",
             .equals = {"commune"},
             .order = "day",
             .covers = {"month", "category", "state", "late", "rating"}},
        },
    .n_paths = 3,
};
