#include "media/jpeg_error.h"

#include <jerror.h>

_Noreturn void jpeg_trap_spring(j_common_ptr cinfo, enum media_fault fault)
{
    struct jpeg_trap *trap = (struct jpeg_trap *)cinfo->err;

    trap->fault = fault;
    longjmp(trap->escape, 1);
}

static _Noreturn void on_error(j_common_ptr cinfo)
{
    jpeg_trap_spring(cinfo, cinfo->err->msg_code == JERR_OUT_OF_MEMORY ? MEDIA_FAULT_TOO_COMPLEX
                                                                       : MEDIA_FAULT_DAMAGED);
}

/*
 * libjpeg goes on after most damage and paints the rest grey. A report's evidence must not look
 * like that, and the phone still has the whole file. What is merely odd about a header is let by.
 */
static void on_message(j_common_ptr cinfo, int level)
{
    if (level >= 0)
        return; /* a trace */
    switch (cinfo->err->msg_code) {
    case JWRN_JPEG_EOF:
        jpeg_trap_spring(cinfo, MEDIA_FAULT_TRUNCATED);
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_NOT_SEQUENTIAL:
        jpeg_trap_spring(cinfo, MEDIA_FAULT_DAMAGED);
    default:
        cinfo->err->num_warnings++;
    }
}

static void be_silent(j_common_ptr cinfo)
{
    (void)cinfo;
}

struct jpeg_error_mgr *jpeg_trap_init(struct jpeg_trap *trap)
{
    struct jpeg_error_mgr *manager = jpeg_std_error(&trap->manager);

    manager->error_exit = on_error;
    manager->emit_message = on_message;
    manager->output_message = be_silent;
    trap->fault = MEDIA_FAULT_NONE;
    return manager;
}
