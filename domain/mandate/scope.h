/* In what somebody acts for another; a mask. */
#pragma once

enum acting_scope {
    SCOPE_REPORTS = 1 << 0,
    SCOPE_DOSSIERS = 1 << 1,
    SCOPE_DOCUMENTS = 1 << 2, /* the principal's papers, kept for reuse */
    SCOPE_ALL = SCOPE_REPORTS | SCOPE_DOSSIERS | SCOPE_DOCUMENTS,
};
