/* The fields of documents and of what names a file; and what the store may filter them by. */
#include "base/crypto/seal.h"
#include "domain/document/document.h"
#include "domain/procedure/procedure.h"

#define AT(member) .offset = offsetof(struct document, member)

const struct entity_name document_states[] = {
    {0},
    [DOCUMENT_VALID] = {"valid", {"Còn hiệu lực", "Valid"}},
    [DOCUMENT_REPLACED] = {"replaced", {"Đã thay thế", "Replaced"}},
    [DOCUMENT_REVOKED] = {"revoked", {"Đã thu hồi", "Revoked"}},
    [DOCUMENT_REJECTED] = {"rejected", {"Không được chấp nhận", "Rejected"}},
    [DOCUMENT_REMOVED] = {"removed", {"Đã xoá khỏi kho", "Taken out of the store"}},
    {0},
};

const struct entity_name document_origins[] = {
    {0},
    [DOCUMENT_ACCEPTED] = {"accepted", {"Đã nộp và được chấp nhận", "Handed in and accepted"}},
    [DOCUMENT_ISSUED] = {"issued", {"Kết quả đã cấp", "Issued as a result"}},
    {0},
};

const struct entity_name document_checks[] = {
    {0},
    [DOCUMENT_BY_SCAN] = {"scan", {"Bản chụp", "The scan"}},
    [DOCUMENT_BY_SIGNATURE] = {"signature", {"Chữ ký số", "Its digital signature"}},
    [DOCUMENT_BY_ORIGINAL] = {"original", {"Bản chính", "The original on paper"}},
    [DOCUMENT_BY_REGISTER] = {"register", {"Sổ gốc của cơ quan cấp", "The issuer's register"}},
    [DOCUMENT_BY_DATABASE] = {"database", {"Cơ sở dữ liệu", "A database"}},
    {0},
};

const struct entity document_entity = {
    .name = "Document",
    .size = sizeof(struct document),
    .fields = (const struct entity_field[]){
        {.name = "owner", .type = ENTITY_ID, AT(owner)},
        {.name = "type", .type = ENTITY_TEXT, AT(type), .see = SEE_PARTIES, .max = 160},
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(state),
         .see = SEE_PARTIES,
         .names = document_states},
        {.name = "origin",
         .type = ENTITY_ENUM,
         AT(origin),
         .see = SEE_PARTIES,
         .names = document_origins},
        {.name = "about",
         .type = ENTITY_ENUM,
         AT(about),
         .see = SEE_PARTIES,
         .names = procedure_abouts,
         .words = "Whom it is about, as seen by whose it is"},
        {.name = "dossier", .type = ENTITY_ID, AT(dossier), .see = SEE_OWNER},
        {.name = "dossier_number",
         .type = ENTITY_TEXT,
         AT(number),
         .see = SEE_OWNER,
         .max = 60,
         .words = "Of the dossier that it came with"},
        {.name = "procedure", .type = ENTITY_TEXT, AT(procedure), .see = SEE_OWNER, .max = 80},
        {.name = "part",
         .type = ENTITY_TEXT,
         AT(part),
         .see = SEE_OWNER,
         .max = 320,
         .words = "Code of that procedure's component or result"},
        {.name = "files",
         .type = ENTITY_LIST,
         AT(files),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = DOCUMENT_FILES_MAX,
         .of = &case_media_entity},
        {.name = "pages", .type = ENTITY_INT, AT(pages), .see = SEE_PARTIES},
        {.name = "details",
         .type = ENTITY_BYTES,
         AT(details),
         .max = DOCUMENT_DETAILS_MAX + SEAL_OVERHEAD},
        {.name = "issued_at",
         .type = ENTITY_TIME,
         AT(issued_ms),
         .see = SEE_PARTIES,
         .words = "Absent: not known"},
        {.name = "valid_until",
         .type = ENTITY_TIME,
         AT(until_ms),
         .see = SEE_PARTIES,
         .words = "The last instant at which it holds; absent: without end, or not known"},
        {.name = "limited",
         .type = ENTITY_INT,
         AT(limited),
         .see = SEE_PARTIES,
         .flags = ENTITY_OPTIONAL,
         .words = "Months for which its kind holds; absent: without end"},
        {.name = "office",
         .type = ENTITY_TEXT,
         AT(office),
         .see = SEE_PARTIES,
         .max = CASE_CODE_MAX,
         .words = "Code of the agency that verified or issued it"},
        {.name = "officer", .type = ENTITY_ID, AT(officer), .see = SEE_STAFF},
        {.name = "verified_at", .type = ENTITY_TIME, AT(verified_ms), .see = SEE_PARTIES},
        {.name = "against",
         .type = ENTITY_ENUM,
         AT(against),
         .see = SEE_PARTIES,
         .names = document_checks,
         .words = "Against what it was verified"},
        {.name = "described",
         .type = ENTITY_BOOL,
         AT(described),
         .see = SEE_PARTIES,
         .words = "An officer wrote down what stands on it"},
        {.name = "ended_at", .type = ENTITY_TIME, AT(ended_ms), .see = SEE_PARTIES},
        {.name = "ended_by",
         .type = ENTITY_TEXT,
         AT(ended_by),
         .see = SEE_PARTIES,
         .max = CASE_CODE_MAX},
        {.name = "note",
         .type = ENTITY_TEXT,
         AT(note),
         .see = SEE_OWNER | SEE_AGENCY,
         .max = DOCUMENT_NOTE_MAX,
         .words = "Why it ended"},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_PARTIES},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = SEE_PARTIES},
        {0},
    }};

const struct store_collection document_collection = {
    .name = "document",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"owner", "owner", STORE_ID, false},
            {"type", "type", STORE_TEXT, false},
            {"dossier", "dossier", STORE_ID, false},
            {"verified", "verified_at", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "owner", .why = "my papers", .equals = {"owner"}, .order = "verified"},
            {.name = "type",
             .why = "what is there for a component of a dossier",
             .equals = {"owner", "type"},
             .order = "verified"},
            {.name = "dossier",
             .why = "what came of a dossier, for its desk and to be made good",
             .equals = {"dossier"},
             .order = "verified"},
        },
    .n_paths = 3,
};

#define USE(member) .offset = offsetof(struct file_use, member)

const struct entity file_use_entity = {.name = "FileUse",
                                       .size = sizeof(struct file_use),
                                       .fields = (const struct entity_field[]){
                                           {.name = "file", .type = ENTITY_ID, USE(file)},
                                           {.name = "case", .type = ENTITY_ID, USE(used_by)},
                                           {.name = "document", .type = ENTITY_ID, USE(document)},
                                           {.name = "at", .type = ENTITY_TIME, USE(at_ms)},
                                           {0},
                                       }};

const struct store_collection file_use_collection = {
    .name = "file_use",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"file", "file", STORE_ID, false},
            {"at", "at", STORE_INT, false},
        },
    .n_fields = 2,
    .paths =
        (const struct store_path[]){
            {.name = "file",
             .why = "who may see a file by another case than the one it came with; a paper's uses",
             .equals = {"file"},
             .order = "at"},
        },
    .n_paths = 1,
};
