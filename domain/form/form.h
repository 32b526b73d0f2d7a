/*
 * What stands on the papers of one-stop handling: forms 01 to 05 of TT 01/2018/TT-VPCP, made from
 * the dossier, and the slip that goes with a result. Content is JSON, in Vietnamese as the law has
 * it; media/form/ draws the same JSON as PDF, so both say the same. Pure.
 *
 *   {"form": "01", "made_at": time of the step it is about, "issuer": [lines], "nation": [lines],
 *    "number", "dated", "title", "blocks": [BLOCK…], "signers": [{"title", "note", "name"}…],
 *    "qr": {"text", "words": [lines]}}
 *   BLOCK: {"kind": "line", "key", "label", "text"}      "text": {"key", "text"}
 *          {"kind": "list", "key", "label", "items"}     "table": {"key", "columns", "widths",
 * "rows"} `key` names what the block is, whatever its label says.
 */
#pragma once

#include "domain/agency/agency.h"
#include "domain/dossier/dossier.h"
#include "domain/procedure/procedure.h"

enum form_kind {
    FORM_RECEIPT = 1, /* 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả */
    FORM_SUPPLEMENT,  /* 02: phiếu yêu cầu bổ sung, hoàn thiện hồ sơ */
    FORM_REFUSAL,     /* 03: phiếu từ chối giải quyết hồ sơ */
    FORM_APOLOGY,     /* 04: phiếu xin lỗi và hẹn lại ngày trả kết quả */
    FORM_CONTROL, /* 05: phiếu kiểm soát quá trình giải quyết hồ sơ, for offices */
    FORM_SLIP,    /* phiếu xác nhận kết quả: no number of the law's */
    FORM_KINDS
};
extern const struct entity_name form_kinds[]; /* "01" …, "slip"; titles */

/* Whom the name of an official is asked from; in the arena, NULL: not known. */
typedef const char *(*form_officer_fn)(void *ctx, const struct id *officer);

struct form_source {
    const struct dossier *dossier;
    const struct procedure *procedure; /* its version; NULL: not known here */
    const struct catalogue *catalogue;
    const json_t
        *applicant;    /* as the dossier has it, opened; NULL: erased, or not for the reader */
    const char *link;  /* that the code leads to; NULL: there is none */
    const char *check; /* check part of the dossier's code; of a slip: the result's code */
    size_t result;     /* FORM_SLIP: which of the dossier's results */
    form_officer_fn officer;
    void *ctx;
    struct arena *arena;
};

/* Whether the dossier has come to where such a form is given out. A slip: while it has results. */
bool form_exists(const struct dossier *d, enum form_kind kind);
/* NULL where it does not exist; json_decref. */
json_t *form_content(const struct form_source *s, enum form_kind kind);
