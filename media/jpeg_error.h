/*
 * libjpeg's errors, as this program wants them: nothing is printed, a fatal one jumps back.
 * Whoever calls setjmp keeps what must be released in a struct, not in locals, which a jump may
 * leave stale.
 */
#pragma once

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "media/fault.h"

struct jpeg_trap {
    struct jpeg_error_mgr manager; /* first: libjpeg hands its address back */
    jmp_buf escape;
    enum media_fault fault; /* of the jump */
};

/* For cinfo.err. Jumps to escape with trap->fault set. */
struct jpeg_error_mgr *jpeg_trap_init(struct jpeg_trap *trap);
_Noreturn void jpeg_trap_spring(j_common_ptr cinfo, enum media_fault fault);
